"""Insights in a real browser: sound in light and dark, pictures that say what tables say, print."""

import re
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page

PAGES = ("", "triggers/", "course/", "choices/", "practice/", "works/", "people/")
FILL = """
from datetime import timedelta
from healing.accounts.models import User
from healing.checkins.models import CheckIn
from journal.models import Entry
owner = User.objects.get(email="{address}")
for back in range(20):
    day = owner.today() - timedelta(days=back)
    if back % 6 != 3:
        Entry.objects.create(owner=owner, local_date=day, content=dict(
            trigger="quarrel" if back % 2 else "reply_late", strength=back % 10, after=2,
            feelings=["sad" if back % 2 else "afraid"], urges=["send_many"], did=["wait"],
            needs=["rest"], until="an_hour", person="{nickname}", proved="no"))
    CheckIn.objects.create(owner=owner, local_date=day, answers=dict(
        steady=back % 5, left_worry=4 - back % 5, urge_pull=1, practice=back % 3))
"""


def strengths_in(page: Page) -> list[tuple[str, float]]:
    """Day and average of each row under "How strong it was"."""
    rows = page.locator("section:has(#strength) tbody tr").all()
    return [
        (row.locator("th").inner_text(), float(row.locator("td").first.inner_text()))
        for row in rows
    ]


def drawn_in(page: Page) -> list[Any]:
    path = page.locator("section:has(#strength) .line").get_attribute("d") or ""
    return re.findall(r"([ML])([\d.]+) ([\d.]+)", path)


def test_every_page_is_sound_and_its_picture_holds_the_numbers_of_its_table(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    address = sign_up()
    for name in PAGES:
        page.goto(f"/insights/{name}")
        check_page(page)
    nickname = site.secret("Quillfeather")
    site.manage("shell", "-c", FILL.format(address=address, nickname=nickname))
    page.goto("/insights/people/")
    person = page.get_by_role("link", name=nickname).get_attribute("href") or ""
    assert nickname not in person
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in ({"width": 320, "height": 700}, DESKTOP):
            page.set_viewport_size(width)  # type: ignore[arg-type]
            for name in (*(f"/insights/{one}?time=28-days" for one in PAGES), person):
                page.goto(name)
                check_page(page)
                assert nickname not in page.title()

    page.goto("/insights/course/?time=28-days")
    told, drawn = strengths_in(page), drawn_in(page)
    assert len(told) == len(drawn) == 17
    first = date.today() - timedelta(days=27)
    for (_pen, across, up), (_day, average) in zip(drawn, told, strict=True):
        assert abs(float(up) - (100 - 10 * average)) < 0.1
        assert 0 < float(across) < 1000
    assert sum(pen == "M" for pen, _across, _up in drawn) == 4
    assert str(first.year) in page.locator(".along").first.inner_text()
    expect(page.get_by_text("It cannot show causes.")).to_be_hidden()
    page.get_by_text("What this can and cannot show").click()
    expect(page.get_by_text("It cannot show causes.")).to_be_visible()

    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".spans")).to_be_hidden()
    expect(page.locator(".plot").first).to_be_visible()
    for region in page.locator(".scroll").all():
        assert region.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
