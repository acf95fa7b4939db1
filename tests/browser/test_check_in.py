"""The daily check-in: eight items, each to be skipped; twice a day changes the first."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page


def test_twice_in_a_day_changes_the_first(page: Page, site: Site, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/check-in/")
    check_page(page)
    page.locator("[name=steady][value='3']").check(force=True)
    expect(page.locator("[name=choice]").first).to_be_hidden()
    page.locator("[name=urge_pull][value='2']").check(force=True)
    expect(page.locator("[name=choice]").first).to_be_visible()
    moment = site.secret("the neighbour's cat sat on my step")
    page.fill("[name=good_moment]", moment)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Thank you")
    expect(page.locator("main")).not_to_contain_text("If this is a lot right now")
    check_page(page)
    page.goto("/check-in/")
    expect(page.locator("[name=steady][value='3']")).to_be_checked()
    expect(page.locator("[name=good_moment]")).to_have_value(moment)
    page.locator("[name=steady][value='1']").check(force=True)
    page.get_by_role("button", name="Save").click()
    page.goto("/check-in/")
    expect(page.locator("[name=steady][value='1']")).to_be_checked()
    page.goto("/my-data/")
    expect(page.locator("main")).to_contain_text("1", use_inner_text=True)


def test_the_lowest_answers_show_steadying_and_help(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/check-in/")
    page.locator("[name=steady][value='0']").check(force=True)
    page.get_by_role("button", name="Save").click()
    main = page.locator("main")
    expect(main.get_by_role("link", name="Steady me")).to_be_visible()
    expect(main.get_by_role("link", name="Get help now")).to_be_visible()
    check_page(page)


def test_an_empty_one_can_be_sent(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/check-in/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_page(page)
