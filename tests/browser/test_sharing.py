"""A packet struck out line by line, taken every way, and read by a therapist without an account."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SignUp, Site, check_page, watched

PASSPHRASE = "river lamp otter bread"
HIDDEN, SHOWN = "The shoes in the hall were gone", "Two ticks and no answer"


def write(page: Page, site: Site) -> None:
    """A check-in of two lines."""
    page.goto("/check-in/")
    page.fill("[name=good_moment]", site.secret(HIDDEN))
    page.fill("[name=line]", site.secret(SHOWN))
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url("**/done/")


def look(page: Page) -> None:
    """As far as the preview, with one line struck."""
    page.goto("/sharing/")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label(HIDDEN).check()


def make_link(page: Page, site: Site) -> str:
    look(page)
    page.get_by_role("button", name="As a link").click()
    check_page(page)
    page.fill("[name=passphrase]", "short")
    page.get_by_role("button", name="Make the link").click()
    check_page(page)
    page.fill("[name=passphrase]", site.secret(PASSPHRASE))
    page.fill("[name=label]", site.secret("for Dr Weiss"))
    page.get_by_role("button", name="Make the link").click()
    check_page(page)
    link = page.locator(".copy").first.inner_text()
    site.secret(link.rstrip("/").rpartition("/")[2])
    return link


def enter(page: Page, link: str, passphrase: str) -> None:
    page.goto(link)
    page.fill("[name=passphrase]", passphrase)
    page.get_by_role("button", name="Open it").click()


def file_of(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_struck_line_is_on_no_paper_in_no_file_and_behind_no_link(
    page: Page, chromium: Browser, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/sharing/")
    check_page(page)
    page.get_by_role("button", name="Look at it").click()
    check_page(page)
    write(page, site)
    look(page)
    for size in (PHONE, DESKTOP, {"width": 320, "height": 700}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        check_page(page)
    for button in ("As a table", "As data"):
        text = file_of(page, button)
        assert SHOWN in text
        assert HIDDEN not in text
        assert text.count("Some entries are not included.") == 1
    assert json.loads(text)["rows"][0]["kind"] == "Check-in"

    page.get_by_role("button", name="On paper").click()
    page.emulate_media(media="print")
    expect(page.get_by_text(SHOWN)).to_be_visible()
    expect(page.get_by_text("Some entries are not included.")).to_have_count(1)
    expect(page.get_by_text(HIDDEN)).to_have_count(0)
    expect(page.locator(".screen")).to_be_hidden()
    page.emulate_media(media="screen")
    check_page(page)
    page.get_by_role("button", name="Back to the lines").click()
    expect(page.get_by_label(HIDDEN)).to_be_checked()

    link = make_link(page, site)
    outside = chromium.new_context(viewport=PHONE, base_url=site.url)  # type: ignore[arg-type]
    watch = watched(outside, site.url)
    therapist = outside.new_page()
    therapist.goto(link)
    check_page(therapist)
    enter(therapist, link, PASSPHRASE.upper())
    expect(therapist.get_by_text(SHOWN)).to_be_visible()
    expect(therapist.get_by_text(HIDDEN)).to_have_count(0)
    check_page(therapist)
    assert outside.cookies() == []

    for _ in range(5):
        enter(therapist, link, "not this one at all")
        expect(therapist.locator("[data-summary]")).to_be_focused()
    check_page(therapist)
    enter(therapist, link, PASSPHRASE)
    expect(therapist.locator("h1")).to_have_text("Closed for an hour")
    check_page(therapist)

    page.goto("/sharing/")
    expect(page.locator(".shares li")).to_have_count(6)
    check_page(page)
    second = make_link(page, site)
    enter(therapist, second, PASSPHRASE)
    expect(therapist.get_by_text(SHOWN)).to_be_visible()
    page.goto("/sharing/")
    page.get_by_role("button", name="End this link now").first.click()
    expect(page.get_by_role("status")).to_contain_text("The link has ended.")
    enter(therapist, second, PASSPHRASE)
    expect(therapist.locator("h1")).to_have_text("This link does not open")
    check_page(therapist)

    third = make_link(page, site)
    site.manage(
        "shell", "-v0", "-c",
        "from healing.sharing.models import Share\n"
        "from django.utils import timezone\n"
        "Share.objects.filter(state='open').update(due=timezone.now())",
    )  # fmt: skip
    enter(therapist, third, PASSPHRASE)
    expect(therapist.locator("h1")).to_have_text("This link does not open")
    page.goto("/sharing/")
    expect(page.locator(".shares")).to_contain_text("its time was over")
    check_page(page)
    outside.close()
    assert watch.foreign == []
    assert watch.broken == []
