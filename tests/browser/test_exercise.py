"""Doing E05 and E01 in the player: pause, resume, stop, the keys, the numbers before and after."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page

BREATH = "/exercises/long-out-breath/"
SENSES = "/exercises/five-sense-orienting/"


def go(page: Page) -> None:
    page.locator("guided-player [data-go]").click()


def seconds_left(page: Page) -> str:
    return page.locator("guided-player [data-tick]").inner_text()


def test_a_breath_is_paced_paused_resumed_and_stopped(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(BREATH)
    check_page(page)
    # The start button is within the first screen of a phone.
    expect(page.locator("[data-go]")).to_be_in_viewport()
    page.get_by_text("Note how strong it is first").click()
    page.locator("[name=before][value='6']").check(force=True)
    go(page)
    word = page.locator("guided-player [data-word]")
    expect(word).to_have_text(re.compile("breathe in", re.I))
    expect(word).to_have_text(re.compile("breathe out", re.I), timeout=7_000)
    go(page)
    expect(page.locator("[data-go]")).to_have_text("Carry on")
    held = seconds_left(page)
    orb = "document.querySelector('[data-orb]').getBoundingClientRect().width"
    width = page.evaluate(orb)
    page.evaluate("new Promise((done) => setTimeout(done, 1500))")
    assert seconds_left(page) == held
    assert page.evaluate(orb) == width
    check_page(page)
    go(page)
    expect(page.locator("[data-tick]")).not_to_have_text(held, timeout=7_000)
    page.locator("[data-stop]").click()
    expect(page.locator("main")).to_contain_text("That is fine.")
    check_page(page)
    page.locator("[name=after][value='3']").check(force=True)
    page.locator("main form button:visible", has_text="Save").first.click()
    expect(page).to_have_url(re.compile(r"/exercises/sessions?/|/exercises/.+"))
    expect(page.locator("main")).to_contain_text("6 before and 3 after")
    check_page(page)


def test_a_number_of_eight_or_more_shows_steadying_and_help_at_once(
    page: Page, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(BREATH + "?variant=quick")
    go(page)
    page.keyboard.press("Escape")
    page.locator("[name=after][value='9']").check(force=True)
    page.locator("main form button:visible", has_text="Save").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("It is still loud. You do not have to carry it alone")
    expect(main.get_by_role("link", name="Get help now")).to_be_visible()
    check_page(page)


def test_timed_steps_run_and_the_keys_work(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    # Long lists of choices wrap.
    page.goto("/exercises/trigger-chain/")
    check_page(page)
    page.goto(SENSES)
    check_page(page)
    page.locator("[data-go]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-go]")).to_have_text("Pause")
    expect(page.locator("[data-count]")).to_have_text("Step 1 of 6")
    page.keyboard.press("Space")
    expect(page.locator("[data-go]")).to_have_text("Carry on")
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_contain_text("That is fine.")
    expect(page.locator("main")).to_contain_text("Nothing about this was stored.")


def test_without_scripts_the_steps_are_a_list(site: Site, chromium: object) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site.url)  # type: ignore[attr-defined]
    page = context.new_page()
    for address in (SENSES, BREATH, "/steady/", "/help/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(SENSES)
    expect(page.locator("ol.phases li")).to_have_count(6)
    expect(page.locator("ol.phases li").first).to_be_visible()
    expect(page.locator("ol.phases li").first).to_contain_text("40 seconds")
    context.close()
