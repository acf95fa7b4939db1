"""The starting picture, with two items skipped, and its plain result."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, check_page

ADDRESS = "/questionnaires/starting-picture/"


def test_it_is_filled_with_two_items_skipped_and_shows_a_plain_result(
    page: Page, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(ADDRESS)
    check_page(page)
    groups = page.locator("main form fieldset:has(input[type=radio][value='4'])")
    expect(groups).to_have_count(15)
    for number in range(15):
        if number not in (3, 4):  # both of one scale: two of its three items
            groups.nth(number).locator("input[value='2']").check()
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{ADDRESS}results/")
    main = page.locator("main")
    expect(main).to_contain_text("Worry about being left")
    expect(main).to_contain_text("not enough answers", ignore_case=True)
    for word in ("anxious-preoccupied", "percentile", "your type"):
        expect(main).not_to_contain_text(word)
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)


def test_a_second_time_too_soon_is_met_kindly(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(ADDRESS)
    page.locator("main form fieldset input[value='1']").first.check()
    page.get_by_role("button", name="Save").click()
    page.goto(ADDRESS)
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("six weeks")
    check_page(page)
