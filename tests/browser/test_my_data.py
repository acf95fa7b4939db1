"""Seeing, taking and erasing what is stored."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page
from tests.browser.test_journal import write
from tests.factories import PASSWORD


def test_someone_sees_takes_and_erases_everything(
    page: Page, site: Site, sign_up: SignUp, tmp_path: Path
) -> None:
    address = sign_up()
    note = site.secret("words that go with me and then go")
    write(page, note)
    page.goto("/my-data/")
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "copy.json"
    download.value.save_as(file)
    assert note in json.dumps(json.loads(file.read_text()), ensure_ascii=False)
    assert address in file.read_text()

    page.get_by_role("link", name="What erasing does").click()
    check_page(page)
    page.locator("main form input[type=checkbox]").first.check()
    page.get_by_role("button", name="Erase everything").click()
    if page.locator("[name=password]").count():
        check_page(page)
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button.btn").first.click()
        if page.get_by_role("button", name="Erase everything").count():
            page.get_by_role("button", name="Erase everything").click()
    expect(page).to_have_url("/my-data/erased/")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is done")
    check_page(page)
    page.goto("/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    expect(page).not_to_have_url("/today/")
