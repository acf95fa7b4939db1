"""The hold: reached in one tap, waited through, let go; and never started by a danger sign."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SignUp, Site, check_page

# Everything a device keeps of the site, as one text.
KEPT_HERE = """async () => {
    const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const one of await cache.keys()) {
            found.push(one.url, await (await cache.match(one)).text());
        }
    }
    return found.join("\\n");
}"""


def fill(page: Page, words: str) -> None:
    page.get_by_text("check last-seen, location, profile").first.click()
    page.locator("[name=urges][value=other]").check(force=True)
    page.fill("[name=own]", "walk past the house")
    page.locator("[name=before][value='8']").check(force=True)
    page.fill("[name=message]", words)
    page.locator("[name=minutes][value='2']").check(force=True)


def test_an_urge_is_held_in_one_tap_and_its_words_are_gone_afterwards(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    words = site.secret("I can see that you are online with somebody")
    main = page.locator("main")
    for width in (320, 360, 430, 930, 1100):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto("/journal/")
        assert page.evaluate("document.querySelector('.head').offsetHeight") < 65, width
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.locator("header").get_by_role("link", name="Hold").click()
    expect(page).to_have_url("/hold/")
    check_page(page)
    fill(page, words)
    check_page(page)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/hold/*-*/")
    check_page(page)

    page.locator("[data-go]").click()
    expect(page.locator("[data-word]")).to_have_text("Half a minute")
    expect(page.get_by_role("link", name="Choose without waiting")).to_be_hidden()
    page.locator("[data-go]").click()
    expect(page.locator("guided-player")).to_have_attribute("data-state", "paused")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("guided-player")).to_have_attribute("data-ended", "finished")
    expect(main).to_contain_text("The time is over.")
    check_page(page)
    page.locator("[name=after][value='4']").check(force=True)
    page.get_by_text("Let it go for now").click()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/end/")
    end = page.url
    expect(main).to_contain_text(words)
    check_page(page)

    page.goto("/hold/unsent/")
    expect(main).to_contain_text("left in the middle")
    check_page(page)
    page.goto(end)
    page.get_by_role("button", name="Close").click()
    expect(main).to_contain_text("No unsent words are kept.")
    check_page(page)
    page.goto("/hold/unsent/")
    expect(main).to_contain_text("Nothing is kept.")
    page.goto("/hold/earlier/")
    expect(main).to_contain_text("8 before, 4 after")
    check_page(page)
    kept = page.evaluate(KEPT_HERE)
    for private in (words, "/hold/", "walk past the house"):
        assert private not in kept


def test_a_danger_sign_brings_help_at_once_and_takes_the_timer_away(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/hold/")
    words = site.secret("words that wait while help is read")
    page.fill("[name=message]", words)
    begin = page.get_by_role("button", name="Begin")
    help_now = page.locator("main").get_by_role("heading", name="If this is a lot right now")
    expect(help_now).to_be_hidden()
    page.get_by_text("More", exact=True).first.click()
    sign = page.locator("[name=urges][value=hurt_myself]")
    sign.focus()
    page.keyboard.press(" ")
    expect(help_now).to_be_visible()
    expect(page.locator("main")).to_contain_text("so no timer starts")
    expect(page.get_by_role("link", name="Write a card of your own for hard hours")).to_be_visible()
    expect(begin).to_be_hidden()
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)
    page.keyboard.press(" ")
    expect(begin).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value(words)


def test_without_a_script_it_goes_from_the_list_to_the_journal(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    sign_up()
    words = site.secret("plain words and no script at all")
    plain = chromium.new_context(
        viewport=PHONE,
        base_url=site.url,
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    page = plain.new_page()
    page.goto("/journal/")
    page.locator("header").get_by_role("link", name="Hold").click()
    fill(page, words)
    page.get_by_role("button", name="Begin").click()
    main = page.locator("main")
    expect(main.locator(".phases > li")).to_have_count(5)
    expect(main).to_contain_text("30 seconds")
    page.locator("[name=after][value='6']").check(force=True)
    page.get_by_text("I did it anyway").click()
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That happens. You paused first.")
    page.get_by_text("Keep them here, unsent").click()
    page.get_by_text("Put this into my journal").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="It is in your journal.").click()
    expect(main).to_contain_text("walk past the house")
    expect(main).not_to_contain_text(words)
    page.goto("/hold/unsent/")
    main.get_by_role("link", name=words).click()
    page.get_by_role("button", name="Put this into my journal").click()
    expect(main).to_contain_text(words)
    page.goto("/hold/unsent/")
    main.get_by_role("link", name=words).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(main).to_contain_text("Nothing is kept.")
    plain.close()
