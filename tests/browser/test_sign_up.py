"""From the first page to a first day: reading, agreeing, signing up, and the time zone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page


def test_a_visitor_reads_what_this_is_and_signs_up(page: Page, site: Site, sign_up: SignUp) -> None:
    page.goto("/")
    expect(page.locator("main")).to_contain_text("not therapy, not a diagnosis")
    check_page(page)
    page.get_by_role("link", name="Begin").click()
    expect(page.locator("main")).to_contain_text("key of your own")
    # The device's zone is proposed, and can be changed.
    expect(page.locator("[name=time_zone]")).to_have_value("Europe/Berlin")
    check_page(page)
    sign_up()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you.")
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)


def test_sign_up_without_agreeing_says_what_is_missing_and_keeps_the_rest(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.fill("[name=email]", "nobody@example.org")
    page.click("main form button.btn")
    expect(page).to_have_title("Error: Make an account - Steady Ground")
    summary = page.locator("[data-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Tick the box if you are 18 or older.")
    expect(page.locator("[name=email]")).to_have_value("nobody@example.org")
    check_page(page)
    summary.get_by_role("link", name="I am 18 or older").click()
    expect(page.locator("[name=adult]")).to_be_focused()


def test_the_time_zone_can_be_changed(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/menu/")
    check_page(page)
    page.get_by_role("link", name="Time zone").click()
    page.select_option("[name=time_zone]", "Pacific/Auckland")
    check_page(page)
    page.get_by_role("button", name="Save").click()
    page.goto("/menu/")
    expect(page.locator("main")).to_contain_text("Pacific/Auckland")


def test_signing_out_and_in_again(page: Page, sign_up: SignUp) -> None:
    address = sign_up()
    page.goto("/accounts/logout/")
    check_page(page)
    page.click("main form button.btn")
    page.goto("/today/")
    expect(page).to_have_url("/accounts/login/?next=/today/")
    check_page(page)
    page.fill("[name=login]", address)
    page.fill("[name=password]", "a long walk by the river")
    page.click("main form button.btn")
    expect(page).to_have_url("/today/")
