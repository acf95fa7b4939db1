"""Reading M1.1, answering its question, marking it read."""

from itertools import pairwise

from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import DESKTOP, SignUp, Site, check_page, sign_up_as
from tests.factories import PASSWORD

LESSON = "/lessons/why-we-begin-with-steadiness/"


def test_someone_reads_a_lesson_answers_and_marks_it_read(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto("/lessons/")
    check_page(page)
    page.goto("/programme/")
    check_page(page)
    page.get_by_role("link", name="Why we begin with steadiness").click()
    expect(page).to_have_url(LESSON)
    check_page(page)
    answer = site.secret("my jaw locks before anything else does")
    page.fill("textarea[name=answer]", answer)
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.locator("textarea[name=answer]")).to_have_value(answer)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("main")).to_contain_text("You marked this lesson as read")
    check_page(page)
    page.goto("/today/?after=check_in")
    expect(page.locator(".step h2")).to_have_text("High alarm, shut-down and the steady zone")


def test_a_visitor_can_read_it_and_follow_a_source(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto(LESSON)
    expect(page.locator("textarea")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="[B80]").first.click()
    expect(page).to_have_url("/sources/#B80")
    expect(page.locator("#B80")).to_be_in_viewport()
    check_page(page)


def test_unsaved_words_survive_an_ended_session(page: Page, site: Site, sign_up: SignUp) -> None:
    address = sign_up()
    page.goto(LESSON)
    words = site.secret("this sentence was not saved yet 日本語")
    page.fill("textarea[name=answer]", words)
    # As if the session had run out while the page stood open.
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
    expect(page.locator("textarea[name=answer]")).to_have_value(words)
    check_page(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.fill("[name=login]", address)
    tab.fill("[name=password]", "a long walk by the river")
    tab.click("main form button.btn")
    tab.wait_for_url("**/today/")
    page.get_by_role("button", name="Save again").click()
    expect(page.locator("textarea[name=answer]")).to_have_value(words)
    page.goto(LESSON)
    expect(page.locator("textarea[name=answer]")).to_have_value(words)


def test_words_on_an_open_page_never_go_to_whoever_signed_in_since(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    address, other = sign_up(), "theo.in.the.other.tab@example.org"
    page.goto(LESSON)
    tab = page.context.new_page()
    tab.goto("/accounts/logout/")
    tab.click("main form button.btn")
    sign_up_as(other, tab, site)
    words = site.secret("these are Mara's, on Mara's page")
    page.locator("textarea[name=answer]").press_sequentially(words)
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("main")).to_contain_text("Somebody else is signed in")
    check_page(page)
    page.get_by_role("button", name="Save again").click()
    expect(page.locator("main")).to_contain_text("Somebody else is signed in")
    tab.goto("/programme/notes/")
    expect(tab.locator("main")).not_to_contain_text(words)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign them out in a new tab").click()
    back = opened.value
    back.click("main form button.btn")
    back.goto("/accounts/login/")
    back.fill("[name=login]", address)
    back.fill("[name=password]", PASSWORD)
    back.click("main form button.btn")
    back.wait_for_url("**/today/")
    page.get_by_role("button", name="Save again").click()
    expect(page.locator("textarea[name=answer]")).to_have_value(words)
    back.goto("/programme/notes/")
    expect(back.locator("main")).to_contain_text(words)


def test_an_answer_is_saved_while_it_is_written(page: Page, site: Site, sign_up: SignUp) -> None:
    sign_up()
    page.goto(LESSON)
    words = site.secret("my shoulders climb up to my ears")
    answer = page.locator("textarea[name=answer]")
    answer.press_sequentially(words)
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    # A second stop in the writing saves on top of the first, and the buttons still do.
    more = site.secret(" and stay there for hours")
    answer.press_sequentially(more)
    expect(page.locator("[data-saved]")).to_have_text("Saved.")
    page.goto("/programme/notes/")
    expect(page.locator("main")).to_contain_text(words + more)
    check_page(page)
    page.get_by_role("link", name="Change it").click()
    expect(answer).to_have_value(words + more)
    answer.press("Control+End")
    answer.press_sequentially(site.secret(" until somebody calls"))
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("main")).to_contain_text("You marked this lesson as read")
    expect(answer).to_have_value(words + more + " until somebody calls")


def test_what_could_not_be_saved_while_writing_is_said_and_kept_on_the_page(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(LESSON)
    page.context.set_offline(True)
    words = site.secret("the train went into the tunnel")
    page.locator("textarea[name=answer]").press_sequentially(words)
    # At once, before the script saves by itself: the browser's own page would take the words away.
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet.")
    expect(page.locator("textarea[name=answer]")).to_have_value(words)
    page.context.set_offline(False)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("textarea[name=answer]")).to_have_value(words)
    expect(page.get_by_role("status").first).to_contain_text("Saved.")


def test_words_under_a_question_whether_to_replace_others_wait_for_the_button(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(LESSON)
    other = page.context.new_page()
    other.goto(LESSON)
    words = site.secret("written in the other tab")
    other.fill("textarea[name=answer]", words)
    other.get_by_role("button", name="Save").first.click()
    expect(other.get_by_role("status").first).to_contain_text("Saved.")
    answer = page.locator("textarea[name=answer]")
    answer.fill(site.secret("written in this tab"))
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("main")).to_contain_text("This was saved in another tab:")
    answer.press_sequentially(" too")
    page.wait_for_timeout(2500)  # longer than the script waits before it saves
    other.goto("/programme/notes/")
    expect(other.locator("main")).to_contain_text(words)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("[data-summary]")).to_have_count(0)
    other.reload()
    expect(other.locator("main")).not_to_contain_text(words)


def test_a_saving_without_an_answer_does_not_hold_the_buttons_up(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(LESSON)
    page.evaluate(
        """() => {
            window.fetch = (_url, {signal}) => new Promise((_done, fail) =>
                signal.addEventListener("abort", () => fail(signal.reason)));
        }"""
    )
    page.fill("textarea[name=answer]", site.secret("the signal has one bar"))
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("main")).to_contain_text("You marked this lesson as read", timeout=12_000)


def test_a_lesson_is_listened_to_only_through_a_voice_of_the_device(page: Page) -> None:
    voices = """(local) => {
        const said = [];
        const voice = {name: "v", lang: "en-GB", localService: local};
        Object.defineProperty(window, "speechSynthesis", {value: {
            said, getVoices: () => [voice], cancel() {}, addEventListener() {},
            speak(words) { said.push(words.text); setTimeout(() => words.onend?.(), 20); },
        }});
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    }"""
    page.add_init_script(f"({voices})(false)")
    page.goto(LESSON)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)
    other = page.context.new_page()
    other.add_init_script(f"({voices})(true)")
    other.goto(LESSON)
    assert other.evaluate("speechSynthesis.said.length") == 0
    other.get_by_role("button", name="Listen").click()
    expect(other.get_by_role("button", name="Pause")).to_be_visible()
    services.until(lambda: other.evaluate("speechSynthesis.said.length") > 5, 10, "speaking")
    other.get_by_role("button", name="Pause").click()
    expect(other.get_by_role("button", name="Go on")).to_be_visible()
    said = other.evaluate("speechSynthesis.said")
    assert all("[B" not in words for words in said)
    # A text may say the same thing in two places, but no line is spoken twice.
    assert all(one != after for one, after in pairwise(said))
    # Exit is silent at once, however long the next site takes to come.
    other.get_by_role("button", name="Go on").click()
    spoken = other.evaluate(
        """() => new Promise((done) => {
            const link = document.querySelector("[data-exit]");
            link.href = "#main";
            link.click();
            const before = speechSynthesis.said.length;
            setTimeout(() => done(speechSynthesis.said.length - before), 300);
        })"""
    )
    assert spoken == 0


def test_a_hard_lesson_can_be_left_before_it_begins(page: Page) -> None:
    page.goto("/lessons/an-old-alarm-or-an-answer/")
    check_page(page)
    page.get_by_role("link", name="Read on").click()
    expect(page.locator("#text")).to_be_in_viewport()
    page.get_by_role("link", name="Not now").click()
    expect(page).to_have_url("/lessons/")
    page.goto("/lessons/a-first-hello/")
    expect(page.locator("main")).to_contain_text("This lesson is closed for now.")
    check_page(page)


def test_what_is_in_a_lesson_can_be_seen_at_a_glance_with_the_keyboard(page: Page) -> None:
    page.goto("/lessons/two-sliders-instead-of-a-box/")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    heading = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()
