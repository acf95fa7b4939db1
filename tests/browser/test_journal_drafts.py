"""Writing an entry while the network, the session or the page goes: every word stays."""

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import SignUp, Site, check_page
from tests.factories import PASSWORD

SAVED, NOT_YET = "Saved as a draft.", "Not saved yet."
DRAFT = "**/journal/draft/"


def mark(page: Page) -> str:
    """What the page says beside the buttons at this moment."""
    return page.locator("[data-kept]").inner_text().strip()


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-kept]")).to_have_text(words, use_inner_text=True)


def hold_first_draft(page: Page) -> list[Route]:
    """The next request of a draft, once it is there: it waits until the test lets it go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(DRAFT, hold)
    return held


def test_the_saved_mark_is_honest_and_the_draft_comes_back(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/journal/new/")
    assert mark(page) == ""
    note = page.locator("[name=note]")
    first = site.secret("the first half of a hard sentence")
    note.fill(first)
    assert mark(page) == NOT_YET
    says(page, SAVED)
    # One more letter withdraws it, until the server has that letter too; so does a tick.
    note.press_sequentially("!")
    assert mark(page) == NOT_YET
    says(page, SAVED)
    page.get_by_text("Quarrel").first.click()
    assert mark(page) == NOT_YET
    says(page, SAVED)
    # An answer to older words says nothing about newer ones: what stood in the form whenever the
    # mark said saved is what the page had been told.
    page.evaluate(
        """() => {
            const note = document.querySelector("[name=note]");
            window.saved = new Set();
            new MutationObserver(() => {
                if (document.querySelector("[data-is=yes]").checkVisibility()) saved.add(note.value);
            }).observe(document.querySelector("[data-kept]"), { attributes: true, subtree: true });
        }"""
    )
    held = hold_first_draft(page)
    with page.expect_request(DRAFT):
        note.press_sequentially("?")
    note.press_sequentially(" and more")
    held[0].continue_()
    says(page, SAVED)
    assert page.evaluate("[...saved]") == [first + "!? and more"]
    check_page(page)
    # What is kept does not warn when it is left, and is offered again.
    page.goto("/journal/new/")
    expect(page.locator("main")).to_contain_text("You began an entry on")
    check_page(page)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("[name=note]")).to_have_value(first + "!? and more")
    expect(page.locator("[name=trigger]:checked")).to_have_value("quarrel")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url("**/journal/*-*/")
    page.goto("/journal/new/")
    expect(page.locator("main")).not_to_contain_text("You began an entry")
    page.goto("/journal/")
    expect(page.locator("main .ticks a")).to_have_count(1)
    page.get_by_text("Find", exact=True).click()
    page.fill("[name=words]", "SENTENCE")
    check_page(page)
    page.get_by_role("button", name="Look").click()
    expect(page.locator("main")).to_contain_text("1 entry with “SENTENCE”")
    expect(page).to_have_url("/journal/")
    check_page(page)


def test_words_written_without_a_network_are_kept_when_it_is_back(
    page: Page, context: BrowserContext, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/journal/new/")
    context.set_offline(True)
    words = site.secret("written in a tunnel under the river")
    page.fill("[name=note]", words)
    says(page, "Not saved yet: no connection. This page keeps trying.")
    # Leaving would lose them, so the page asks.
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => (location.href = '/today/'))")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    context.set_offline(False)
    says(page, SAVED)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.goto("/journal/new/")
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("[name=note]")).to_have_value(words)


def test_a_session_that_ends_while_writing_loses_no_word(
    page: Page, context: BrowserContext, site: Site, sign_up: SignUp
) -> None:
    address = sign_up()
    page.goto("/journal/new/")
    page.get_by_text("Quarrel").first.click()
    says(page, SAVED)
    context.clear_cookies()
    words = site.secret("still here although the session is not")
    page.fill("[name=note]", words)
    says(page, "Not saved yet. Sign in in a new tab, then press Save.")
    check_page(page)
    with context.expect_page() as opened:
        page.locator("[data-kept]").get_by_role("link").click()
    tab = opened.value
    tab.fill("[name=login]", address)
    tab.fill("[name=password]", PASSWORD)
    tab.locator("main form button.btn").first.click()
    tab.wait_for_url("**/today/")
    tab.close()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    expect(page.locator("main")).to_contain_text(words)
    page.goto("/journal/new/")
    expect(page.locator("main")).not_to_contain_text("You began an entry")


def test_saving_while_a_draft_is_under_way_leaves_one_entry_and_no_draft(
    page: Page, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/journal/new/")
    hold_first_draft(page)
    with page.expect_request(DRAFT):
        page.get_by_text("Quarrel").first.click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/journal/*-*/")
    page.unroute_all(behavior="ignoreErrors")
    edited = page.url
    page.get_by_role("link", name="Change").click()
    page.fill("[name=note]", "another thought")
    says(page, SAVED)
    page.goto(edited)
    expect(page.locator("main")).not_to_contain_text("another thought")
    page.get_by_role("link", name="Change").click()
    expect(page.locator("main")).to_contain_text("You began to change this entry on")
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("main")).to_contain_text("The draft is deleted.")
    page.goto("/journal/")
    expect(page.locator("main .ticks a")).to_have_count(1)
    page.goto("/journal/new/")
    expect(page.locator("main")).not_to_contain_text("You began an entry")
