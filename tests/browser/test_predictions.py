"""A fear with a day: written down, asked about after the check-in, answered by keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus, as somebody without a mouse would."""
    for _ in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(page: Page, button: str) -> None:
    tab_to(page, page.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")


def test_a_fear_is_written_asked_about_and_answered_by_keyboard(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    main = page.locator("main")
    page.goto("/predictions/")
    check_page(page)
    tab_to(page, page.get_by_role("link", name="Write the first one"))
    page.keyboard.press("Enter")
    expect(page).to_have_url("/predictions/new/")
    words = site.secret("the lights stay off when I ring at six")
    tab_to(page, page.locator("[name=fear]"))
    page.keyboard.type(words)
    tab_to(page, page.locator("[name=likelihood]"))
    page.keyboard.type("lots")
    press(page, "Save")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("[name=fear]")).to_have_value(words)
    check_page(page)
    page.locator("[name=likelihood]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("80 %")
    # How a date is typed depends on the browser's language; it is the field that takes keys.
    page.locator("[name=due]").fill(page.evaluate("new Date().toLocaleDateString('sv')"))
    press(page, "Save")
    expect(page).to_have_url("/predictions/")

    page.goto("/check-in/")
    expect(main.get_by_role("link", name="The day of a prediction has come")).to_be_visible()
    tab_to(page, page.locator("[name=steady]").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(main).to_contain_text(words)
    check_page(page)
    tab_to(page, page.locator("[name=outcome]").first)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        if page.locator("[name=outcome][value=did_not]").is_checked():
            break
    told = site.secret("she came down with two cups")
    tab_to(page, page.locator("[name=told]"))
    page.keyboard.type(told)
    press(page, "Save")
    expect(page).to_have_url("/predictions/")
    for shown in ("Answered", words, "It did not happen", "felt 80 %", told, "7 more are needed"):
        expect(main).to_contain_text(shown)
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)
    page.goto("/today/")
    expect(main.get_by_role("link", name="The day of a prediction has come")).to_have_count(0)
