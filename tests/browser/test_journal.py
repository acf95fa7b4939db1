"""A quick entry: written, read back, changed, another deleted and brought back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page


def write(page: Page, note: str) -> None:
    page.goto("/journal/new/")
    page.get_by_text("Message seen, no answer").first.click()
    page.locator("[name=strength][value='7']").check(force=True)
    page.get_by_text("afraid", exact=True).click()
    page.get_by_text("ask for reassurance repeatedly").first.click()
    page.fill("[name=note]", note)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")


def test_an_entry_is_written_read_changed_and_another_deleted(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/journal/")
    check_page(page)
    page.goto("/journal/new/")
    check_page(page)
    first = site.secret("two grey ticks and my stomach fell")
    write(page, first)
    main = page.locator("main")
    for words in ("Message seen, no answer", "7", "afraid", "ask for reassurance", first):
        expect(main).to_contain_text(words)
    check_page(page)

    page.get_by_role("link", name="Change").click()
    changed = site.secret("two grey ticks, then I put the phone away")
    page.fill("[name=note]", changed)
    check_page(page)
    page.get_by_role("button", name="Save").click()
    expect(main).to_contain_text(changed)

    second = site.secret("an entry I would rather not keep")
    write(page, second)
    page.get_by_role("link", name="Delete").click()
    check_page(page)
    page.locator("main form button.btn").first.click()
    check_page(page)
    page.get_by_role("button", name="Bring it back").click()
    expect(main).to_contain_text(second)
    page.get_by_role("link", name="Delete").click()
    page.locator("main form button.btn").first.click()
    page.goto("/journal/")
    expect(main).not_to_contain_text(second)
    expect(main.get_by_role("link", name="Message seen, no answer")).to_have_count(1)
    check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)


def test_nothing_chosen_says_how_to_mend_it(page: Page, site: Site, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/journal/new/")
    note = site.secret("only words and nothing ticked")
    page.fill("[name=note]", note)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("[name=note]")).to_have_value(note)
    check_page(page)


def test_pressing_save_twice_makes_one_entry(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/journal/new/")
    page.get_by_text("Quarrel").first.click()
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url("**/journal/*-*/")
    page.go_back()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    page.goto("/journal/")
    expect(page.locator("main").get_by_role("link", name="Quarrel")).to_have_count(1)


def test_leaving_with_unsaved_words_warns(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/journal/new/")
    page.locator("[name=note]").press_sequentially("half a sentence")
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => (location.href = '/today/'))")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(page).to_have_url("/journal/new/")
    expect(page.locator("[name=note]")).to_have_value("half a sentence")
