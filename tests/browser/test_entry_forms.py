"""The three forms of an entry on a phone: few taps, growing, and help beside a danger sign."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from healing.accounts.clock import local_now
from tests.browser.conftest import DESKTOP, PHONE, Site, check_page, sign_up_as, watched

ROUND_THE_EARTH = ("Europe/Berlin", "Asia/Tokyo", "Pacific/Honolulu", "America/New_York")


@pytest.fixture
def by_day(chromium: Browser, site: Site) -> Iterator[Page]:
    """A browser where it is day, since the deep form rests at night."""
    place = next(one for one in ROUND_THE_EARTH if 8 <= local_now(one, datetime.now(UTC)).hour < 20)
    made = chromium.new_context(viewport=PHONE, base_url=site.url, timezone_id=place)  # type: ignore[arg-type]
    watch = watched(made, site.url)
    yield made.new_page()
    made.close()
    assert watch.foreign == watch.broken == []


def choose(page: Page, name: str, key: str) -> None:
    """One tap on an answer that is in sight without opening a fold."""
    answer = page.locator(f"#id_{name} > ol label").filter(has=page.locator(f"[value='{key}']"))
    expect(answer).to_be_visible()
    answer.click()


def test_quick_takes_six_taps_and_grows_to_the_deepest_with_every_word(
    by_day: Page, site: Site
) -> None:
    page = by_day
    sign_up_as("entry-forms-grow@example.org", page, site)
    page.goto("/journal/new/")
    taps = [("trigger", "seen_no_reply"), ("strength", "7"), ("feelings", "afraid")]
    taps += [("feelings", "lonely"), ("urges", "ask_once")]
    for name, key in taps:
        choose(page, name, key)
    check_page(page)
    # Answered questions fold on a phone, so that all four and the button fit one screen.
    bottom = "e => e.getBoundingClientRect().bottom + scrollY"
    save = page.get_by_role("button", name="Save")
    assert save.evaluate(bottom) <= PHONE["height"]
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    assert len(taps) + 1 <= 6
    check_page(page)

    # With the keyboard in it, a folded question stands open: every answer can be reached.
    page.goto("/journal/new/")
    page.keyboard.press("Tab")
    page.locator("[name=trigger][value=quarrel]").focus()
    page.keyboard.press("Space")
    shown = page.locator("#id_trigger > ol label:visible")
    expect(shown).to_have_count(10)
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=trigger][value=cold_face]")).to_be_checked()
    page.locator("#id_trigger summary").focus()
    page.keyboard.press("Tab")
    expect(shown).to_have_count(2)
    page.go_back()

    page.get_by_role("link", name="Add more").click()
    for name, key in taps:
        expect(page.locator(f"[name={name}][value='{key}']")).to_be_checked()
    check_page(page)
    guess = site.secret("a guess that she has had enough of me")
    page.fill("[name=guess]", guess)
    page.fill("[name=person]", site.secret("R. from the choir"))
    choose(page, "sure", "mostly_guess")
    choose(page, "did", "send_many")
    page.get_by_role("button", name="Go deeper").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A little deeper")
    check_page(page)
    page.fill("[name=story]", site.secret("the story that everyone goes in the end"))
    page.fill("[name=sentences_own]", site.secret("a sentence of my own underneath"))
    page.get_by_text("Show examples").click()
    page.locator("#id_sentences label").filter(has_text="I am easy to replace").click()
    page.get_by_role("button", name="Back to the first questions").click()
    expect(page.locator("[name=guess]")).to_have_value(guess)
    page.get_by_role("button", name="Go deeper").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    said = page.locator("main")
    for words in (guess, "R. from the choir", "everyone goes", "I am easy to replace", "afraid"):
        expect(said).to_contain_text(words)
    page.get_by_role("button", name="partly").click()
    expect(page.locator("[aria-pressed=true]")).to_have_text("partly")
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)


def test_without_script_a_danger_sign_opens_help_beside_it_and_saves(
    chromium: Browser, site: Site
) -> None:
    made = chromium.new_context(viewport=PHONE, base_url=site.url, java_script_enabled=False)  # type: ignore[arg-type]
    page = made.new_page()
    sign_up_as("entry-forms-help@example.org", page, site)
    page.goto("/journal/new/")
    choose(page, "trigger", "quarrel")
    page.get_by_role("button", name="Add more").click()
    for name, key in (("did", "hurt_myself"), ("trigger", "felt_unsafe")):
        question = page.locator(f"#id_{name}")
        question.locator("> details > summary").click()
        answer = question.locator("li.urgent").filter(has=page.locator(f"[value='{key}']"))
        note, panel = answer.locator(".said"), answer.locator(".panel aside")
        expect(panel).to_be_hidden()
        answer.locator("label").click()
        expect(note).to_be_visible()
        expect(panel).to_be_visible()
        expect(answer.locator("label").locator("input")).to_be_checked()
        expect(note).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    expect(page.get_by_role("link", name="To the question")).to_be_visible()
    expect(page.get_by_role("link", name="Alarm or answer?")).to_be_visible()
    made.close()
