"""Filling in a questionnaire: by keyboard, without scripts, in several tabs, and what it shows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from healing.questionnaires.map import EDGE, SIZE
from tests import services
from tests.browser.conftest import PHONE, SignUp, Site, check_page, sign_up_as, watched
from tests.factories import PASSWORD

MAP = "/questionnaires/attachment-map/"
PICTURE = "/questionnaires/starting-picture/"
KEPT, NOT_YET = "Kept so far.", "Not kept yet."
SAVE = "**/answers/"
SEVEN_WEEKS_AGO = """
from datetime import timedelta
from django.db.models import F
from healing.questionnaires.models import Submission
weeks = timedelta(weeks=7)
Submission.objects.filter(owner__email={address!r}).update(
    created=F("created") - weeks, local_date=F("local_date") - weeks
)
"""


def says(page: Page, words: str) -> None:
    """What stands beside the buttons, once it does."""
    expect(page.locator("[data-kept]")).to_have_text(words, use_inner_text=True)


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"main input[name={name}][value='{value}']").check()


def stands(page: Page, name: str, value: str) -> None:
    expect(page.locator(f"main input[name={name}][value='{value}']")).to_be_checked()


def answered(page: Page, count: int, of: int) -> None:
    expect(page.locator("#tally")).to_have_text(f"{count} of {of} answered")
    expect(page.locator(".tally progress")).to_have_js_property("value", count)


def sign_in(page: Page, address: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn").first.click()
    page.wait_for_url("**/today/")


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(viewport=PHONE, base_url=site.url, java_script_enabled=False)
    watch = watched(context, site.url)
    yield context.new_page()
    context.close()
    assert watch.foreign == []


# By keyboard -------------------------------------------------------------------------------------

# Where the focus is, whether it shows, and whether anything lies over it.
FOCUS = """() => {
    const at = document.activeElement, box = at.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const shown = at.closest("label") ?? at;
    return {
        visible: at.matches(":focus-visible") && getComputedStyle(shown).outlineStyle !== "none"
            || getComputedStyle(at).outlineStyle !== "none",
        clear: shown.contains(top),
    };
}"""


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there; all the way it can be seen."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            assert page.evaluate(FOCUS) == {"visible": True, "clear": True}
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def step_to(page: Page, value: str) -> None:
    """From the chosen answer, which is to skip and stands last, round to another."""
    for _press in range(8):
        page.keyboard.press("ArrowDown")
        assert page.evaluate(FOCUS) == {"visible": True, "clear": True}
        if page.evaluate("document.activeElement.value") == value:
            return
    raise AssertionError(f"no answer {value}")


def question(page: Page, number: int) -> None:
    expect(page.locator("#place")).to_have_text(f"Question {number} of 13")


def test_the_whole_of_it_can_be_done_by_keyboard(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(MAP)
    tab_to(page, f"a[href='{MAP}1/']")
    page.keyboard.press("Enter")
    question(page, 1)
    tab_to(page, "[name=target]")
    step_to(page, "friend")
    page.keyboard.press("Enter")
    for number in (1, 2, 3):
        question(page, number + 1)
        expect(page.get_by_role("progressbar")).to_have_accessible_name(
            f"Question {number + 1} of 13"
        )
        tab_to(page, f"[name=q{number:02}]")
        step_to(page, str(number))
        tab_to(page, "button[value=on]")
        page.keyboard.press("Space")
    # Back, and what was answered stands there; on again.
    question(page, 5)
    tab_to(page, "button[value=back]")
    page.keyboard.press("Enter")
    question(page, 4)
    stands(page, "q03", "3")
    check_page(page)
    tab_to(page, "button[value=on]")
    page.keyboard.press("Enter")
    # Another time: from the question after the last one that was shown.
    question(page, 5)
    tab_to(page, "[name=q04]")
    step_to(page, "0")
    tab_to(page, "button[value=later]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    page.goto(MAP)
    tab_to(page, f"a[href='{MAP}6/']")
    page.keyboard.press("Enter")
    for number in range(5, 12):
        question(page, number + 1)
        tab_to(page, f"[name=q{number:02}]")
        if number != 5:  # one is skipped
            step_to(page, "2")
        page.keyboard.press("Enter")
    question(page, 13)
    tab_to(page, "[name=q12]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MAP}results/")
    main = page.locator("main")
    expect(main).to_contain_text("A friend")
    # 1, 3, 2, 2 and a turned 2; 2, 0, 2, 2, 2 and one skipped.
    expect(main.locator(".numbers tbody tr")).to_have_text(
        [re.compile(r"left\s*2\.0\s*5 of 6"), re.compile(r"closeness\s*1\.6\s*5 of 6")]
    )
    check_page(page)


def test_on_one_page_too_and_nothing_lies_over_the_focus(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(MAP)
    for name in ["target", *(f"q{number:02}" for number in range(1, 13))]:
        tab_to(page, f"[name={name}]")
        step_to(page, "partner" if name == "target" else "1")
    answered(page, 13, 13)
    # Whoever listens hears it now and then, not after each answer.
    expect(page.locator("[data-count]")).to_have_text("13 of 13 answered")
    tab_to(page, "button.btn")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MAP}results/")
    expect(page.locator("main")).to_contain_text("A partner")


def test_with_nothing_chosen_the_focus_goes_to_what_is_said(page: Page, sign_up: SignUp) -> None:
    sign_up()
    for address in (MAP, MAP + "13/"):
        page.goto(address)
        page.locator("main form button.btn", has_text="Save").last.click()
        expect(page.locator("[data-summary]")).to_be_focused()
        expect(page.locator("[data-summary]")).to_contain_text("Nothing is chosen yet.")
        check_page(page)


# Without scripts ---------------------------------------------------------------------------------


def test_without_scripts_one_by_one_and_on_one_page(plain: Page, site: Site) -> None:
    sign_up_as("questionnaire.without.scripts@example.org", plain, site)
    plain.goto(MAP + "1/")
    choose(plain, "target", "partner")
    plain.get_by_role("button", name="Next").click()
    for number in range(1, 12):
        question(plain, number + 1)
        choose(plain, f"q{number:02}", "4")
        if number == 6:
            plain.get_by_role("button", name="Back").click()
            stands(plain, "q05", "4")
            plain.goto(MAP)
            expect(plain.locator("#tally")).to_have_text("7 of 13 answered")
            plain.get_by_role("link", name="Go on one question at a time").click()
        else:
            plain.get_by_role("button", name="Next").click()
    plain.get_by_role("button", name="Save and see").click()
    expect(plain).to_have_url(re.compile(f"{MAP}results/$"))
    expect(plain.locator("main")).to_contain_text("A partner")
    plain.goto(MAP)
    expect(plain.locator("#tally")).to_have_text("0 of 13 answered")
    expect(plain.locator("[data-kept]")).to_have_text("", use_inner_text=True)
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator("[data-summary]")).to_contain_text("Nothing is chosen yet.")
    choose(plain, "target", "parent")
    for number in range(1, 13):
        choose(plain, f"q{number:02}", "0")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain).to_have_url(re.compile(f"{MAP}results/$"))
    expect(plain.locator("main")).to_contain_text("A parent")
    plain.get_by_role("link", name="A partner").click()
    expect(plain.locator(".numbers")).to_contain_text("3.3")


# Kept as it is filled in -------------------------------------------------------------------------


def test_what_the_page_called_kept_stands_there_again(
    page: Page, context: BrowserContext, chromium: Browser, site: Site, sign_up: SignUp
) -> None:
    address = sign_up()
    page.goto(PICTURE)
    answered(page, 0, 18)
    says(page, "")
    choose(page, "q01", "4")
    assert page.locator("[data-kept]").inner_text().strip() == NOT_YET
    answered(page, 1, 18)
    says(page, KEPT)
    choose(page, "q02", "0")
    choose(page, "focus", "work")
    choose(page, "focus", "love")
    answered(page, 3, 18)
    assert page.locator("[data-kept]").inner_text().strip() == NOT_YET
    says(page, KEPT)
    check_page(page)
    page.close(run_before_unload=True)
    elsewhere = chromium.new_context(viewport=PHONE, base_url=site.url)
    other = elsewhere.new_page()
    sign_in(other, address)
    for again in (context.new_page(), other):
        again.goto(PICTURE)
        answered(again, 3, 18)
        stands(again, "q01", "4")
        stands(again, "q02", "0")
        stands(again, "focus", "love")
        stands(again, "focus", "work")
        stands(again, "q03", "")
    elsewhere.close()


def test_leaving_at_once_keeps_it_too(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(PICTURE)
    dialogs: list[str] = []
    # The worker that serves the page without a connection must not lose what the page sends last.
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.on("dialog", lambda asked: (dialogs.append(asked.type), asked.accept()))
    choose(page, "q03", "2")
    page.goto("/today/")

    def is_kept() -> bool:
        page.goto(PICTURE)
        return page.locator("main input[name=q03][value='2']").is_checked()

    services.until(is_kept, 10, "what was sent while leaving")
    # What was not kept yet warned; what is kept does not.
    assert dialogs == ["beforeunload"]
    choose(page, "q03", "3")
    says(page, KEPT)
    page.goto("/today/")
    assert dialogs == ["beforeunload"]


def test_a_refused_form_is_kept_and_then_leaves_quietly(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(MAP)
    choose(page, "target", "partner")
    choose(page, "q01", "1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{MAP}results/")
    page.goto(MAP)
    expect(page.locator("main")).to_contain_text(
        re.compile(r"A partner \(answered lately, open again on .+\)")
    )
    choose(page, "target", "partner")
    choose(page, "q02", "2")
    says(
        page,
        "Not kept yet: you answered about them lately. Please choose somebody else above.",
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-summary]")).to_be_focused()
    stands(page, "q02", "2")
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => (location.href = '/today/'))")
    asked.value.dismiss()
    choose(page, "target", "friend")
    says(page, KEPT)
    dialogs: list[str] = []
    page.on("dialog", lambda asked: (dialogs.append(asked.type), asked.accept()))
    page.goto("/today/")
    assert dialogs == []
    page.goto(MAP)
    stands(page, "target", "friend")
    stands(page, "q02", "2")


def test_without_a_network_it_says_so_and_keeps_it_when_it_is_back(
    page: Page, context: BrowserContext, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(PICTURE)
    context.set_offline(True)
    choose(page, "q01", "2")
    says(page, "Not kept yet: no connection. This page keeps trying.")
    check_page(page)
    context.set_offline(False)
    says(page, KEPT)
    page.reload()
    stands(page, "q01", "2")


def test_a_server_that_answers_with_an_error_is_not_called_kept(
    page: Page, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(PICTURE)
    page.route(SAVE, lambda route: route.fulfill(status=500, body="no"))
    with page.expect_response(SAVE):
        choose(page, "q01", "2")
    says(page, NOT_YET)
    page.unroute(SAVE)
    says(page, KEPT)


def test_an_answer_lost_on_its_way_is_sent_again(page: Page, sign_up: SignUp) -> None:
    sign_up()
    page.goto(PICTURE)
    choose(page, "q01", "2")
    says(page, KEPT)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(SAVE, lose)
    choose(page, "q01", "3")
    says(page, "Not kept yet: no connection. This page keeps trying.")
    # Back to what was kept last: but the server has the other one.
    choose(page, "q01", "2")
    page.unroute(SAVE)
    says(page, KEPT)
    page.reload()
    stands(page, "q01", "2")


def test_a_session_that_ends_loses_no_answer(
    page: Page, context: BrowserContext, sign_up: SignUp
) -> None:
    address = sign_up()
    page.goto(PICTURE)
    choose(page, "q01", "2")
    says(page, KEPT)
    context.clear_cookies()
    choose(page, "q02", "3")
    says(page, "Not kept yet. Sign in in a new tab, then come back here.")
    check_page(page)
    with context.expect_page() as opened:
        page.locator("[data-kept]").get_by_role("link").click()
    sign_in(opened.value, address)
    opened.value.close()
    says(page, KEPT)
    page.reload()
    stands(page, "q01", "2")
    stands(page, "q02", "3")


def come_back(page: Page) -> None:
    """What the browser tells a page when somebody turns to it again."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_two_tabs_fill_in_one_form_together(
    page: Page, context: BrowserContext, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(PICTURE)
    other = context.new_page()
    other.goto(PICTURE)
    choose(page, "q01", "2")
    choose(page, "q02", "2")
    says(page, KEPT)
    choose(other, "q02", "4")
    choose(other, "q03", "1")
    says(other, KEPT)
    stands(other, "q01", "2")
    answered(other, 3, 18)
    come_back(page)
    stands(page, "q02", "4")
    stands(page, "q03", "1")
    answered(page, 3, 18)
    # One question alone, in the other tab.
    other.goto(PICTURE + "4/")
    choose(other, "q04", "0")
    other.get_by_role("button", name="Next").click()
    expect(other.locator("#place")).to_have_text("Question 5 of 18")
    choose(page, "q05", "0")
    says(page, KEPT)
    stands(page, "q04", "0")
    page.reload()
    for name, value in {"q01": "2", "q02": "4", "q03": "1", "q04": "0", "q05": "0"}.items():
        stands(page, name, value)


def test_what_another_tab_has_saved_is_no_more_called_kept(
    page: Page, context: BrowserContext, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(PICTURE)
    choose(page, "q01", "2")
    says(page, KEPT)
    other = context.new_page()
    other.goto(PICTURE)
    other.get_by_role("button", name="Save", exact=True).click()
    other.wait_for_url(f"**{PICTURE}results/")
    come_back(page)
    says(page, "Not kept: you saved or deleted this in another tab. Open it anew")
    with context.expect_page() as opened:
        page.locator("[data-kept]").get_by_role("link").click()
    expect(opened.value.locator("main")).to_contain_text("What you answered is kept.")
    stands(page, "q01", "2")


# The map -----------------------------------------------------------------------------------------


def fill_in(page: Page, steps: str) -> None:
    page.goto(MAP)
    choose(page, "target", "partner")
    for number, step in enumerate(steps, 1):
        choose(page, f"q{number:02}", step)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{MAP}results/")


def score_at(x: float, y: float) -> tuple[float, float]:
    """The two numbers a place on the map stands for: each runs from 0 to 4."""
    room = SIZE - 2 * EDGE
    return 4 * (x - EDGE) / room, 4 * (SIZE - EDGE - y) / room


def test_the_map_the_sentence_and_the_table_say_the_same(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    address = sign_up()
    # Odd lines are worry, even ones unease; the last of each is turned.
    fill_in(page, "413041424413")
    site.manage("shell", "-v0", "-c", SEVEN_WEEKS_AGO.format(address=address))
    fill_in(page, "130212113032")
    circles = page.locator("svg.map circle").evaluate_all(
        """(all) => all.map((one) =>
            [one.className.baseVal, one.cx.baseVal.value, one.cy.baseVal.value])"""
    )
    assert [kind for kind, _x, _y in circles] == ["then", "now"]
    drawn = [score_at(x, y) for _kind, x, y in circles]
    rows = page.locator(".mapped tbody tr")
    told = [
        tuple(float(cell) for cell in row.locator("td").all_inner_texts()) for row in rows.all()
    ]
    days = rows.locator("th").all_inner_texts()
    # Worry 4 3 4 4 4 and 4-1; unease 1 0 1 2 4 and 4-3. Then 1 0 1 1 3 and 4-3; 3 2 2 1 0 and 4-2.
    assert told == [(3.7, 1.5), (1.2, 1.7)]
    for place, numbers in zip(drawn, told, strict=True):
        assert place == pytest.approx(numbers, abs=0.06)  # a tenth, and half a unit of the drawing
    joined = " L ".join(f"{x:.0f} {y:.0f}" for _kind, x, y in circles)
    path = page.locator("svg.map path.way").get_attribute("d") or ""
    assert " ".join(re.findall(r"[ML]|\d+", path)) == f"M {joined}"
    expect(page.locator(".mapped")).to_contain_text(
        "Now: Worry about being left 1.2, Unease with closeness 1.7. "
        f"On {days[0]} it was 3.7 and 1.5."
    )
    numbers = page.locator(".numbers tbody td").all_inner_texts()
    assert numbers == ["1.2", "6 of 6", "1.7", "6 of 6"]
    # No measured error: no ring, and two numbers in place of a verdict.
    expect(page.locator("svg.map ellipse")).to_have_count(0)
    results = page.locator(".result:not(.mapped)")
    expect(results.nth(0)).to_contain_text("your answers moved from 3.7 to 1.2.")
    expect(results.nth(1)).to_contain_text("your answers moved from 1.5 to 1.7.")
    check_page(page)
