"""The whole round of a text between two editors, and what they see of everybody else: nothing."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    FrameLocator,
    Page,
    Request,
    Route,
    expect,
)

from tests import services
from tests.browser.conftest import DESKTOP, PHONE, Site, Watch, sign_up_as, watched
from tests.factories import PASSWORD

LIST = "/cms/snippets/lessons/lesson/"
REPORT = """
    addEventListener("securitypolicyviolation", e => console.error(e.violatedDirective));
    const page = () => document.documentElement;
    addEventListener("w-unsaved:watch-edits", () => page().dataset.watched = "yes");
"""
PERIOD = 30  # seconds that a code of an app holds


@dataclass
class Desk:
    """An editor at work: the page before them, and every screen they have seen."""

    address: str
    page: Page
    watch: Watch
    seen: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Keep what the screen and the frames on it show."""
        self.page.wait_for_load_state()
        self.seen.append(self.page.url)
        for frame in self.page.frames:
            with suppress(Error):  # a preview that is being replaced by its next one
                self.seen.append(frame.content())

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def open_lesson(self, content_id: str) -> None:
        self.open(LIST)
        self.page.get_by_role("link", name=re.compile(f"^{re.escape(content_id)}")).click()
        expect(self.page.locator("[name=short_version]")).to_be_visible()
        self.look()

    def leave(self, press: Callable[[], None], name: str) -> None:
        """Press something that leads to another screen; a press that Wagtail missed, again."""
        here = self.page.locator("html[data-here]")
        self.page.evaluate("() => document.documentElement.dataset.here = 'yes'")
        on_its_way: list[Request] = []

        def on_request(request: Request) -> None:
            if request.is_navigation_request() and request.frame == self.page.main_frame:
                on_its_way.append(request)

        def has_left() -> bool:
            with suppress(Error, AssertionError):  # the screen goes while it is asked
                if here.count() and not on_its_way:
                    press()
                expect(here).to_have_count(0, timeout=5_000)
                return True
            return False

        self.page.on("request", on_request)
        services.until(has_left, 60, f"the screen after {name}")
        self.page.remove_listener("request", on_request)
        self.look()

    def choose(self, action: str) -> None:
        """Press a button of the menu at the foot, which leads to another screen."""
        foot = self.page.locator("footer")
        button = foot.get_by_role("button", name=action, exact=True)

        def press() -> None:
            if not button.is_visible():
                foot.get_by_role("button", name="More actions").click(timeout=4_000)
            button.click(timeout=4_000)

        self.leave(press, action)

    def panel(self, name: str) -> None:
        """Open one of the panels at the side, if it is not open.

        Wagtail's scripts may still be on their way, and a press before them does nothing.
        """
        button = self.page.get_by_role("button", name=f"Toggle {name}")

        def is_open() -> bool:
            if button.get_attribute("aria-expanded") != "true":
                button.click()
                with suppress(AssertionError):
                    expect(button).to_have_attribute("aria-expanded", "true", timeout=4_000)
            return button.get_attribute("aria-expanded") == "true"

        services.until(is_open, 30, f"the {name} panel opening")


@dataclass
class Room:
    """Two editors, a reader without an account, and somebody who is no editor."""

    writer: Desk
    reviewer: Desk
    reader: Page
    person: str
    words: str


@pytest.fixture(scope="module")
def room(site: Site, chromium: Browser) -> Iterator[Room]:
    """Both editors have signed in with their second step; at the end nothing was broken."""
    person, words = "mara.of.the.round@example.org", site.secret("nobody edits this sentence")
    outside = context_at(site, chromium)
    mara = outside.new_page()
    sign_up_as(person, mara, site)
    mara.goto("/lessons/why-we-begin-with-steadiness/")
    mara.fill("textarea[name=answer]", words)
    mara.get_by_role("button", name="Save").first.click()
    expect(mara.locator("textarea[name=answer]")).to_have_value(words)
    mara.close()
    desks = [desk_of(role, site, chromium) for role in ("writer", "reviewer")]
    reader = context_at(site, chromium).new_page()
    yield Room(desks[0], desks[1], reader, person, words)
    for context in (outside, reader.context, *(desk.page.context for desk in desks)):
        context.close()
    for desk in desks:
        assert desk.watch.foreign == []
        assert desk.watch.broken == []


def context_at(site: Site, chromium: Browser) -> BrowserContext:
    context = chromium.new_context(viewport=DESKTOP, base_url=site.url)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    return context


def desk_of(role: str, site: Site, chromium: Browser) -> Desk:
    """A new editor, from the command that makes them to the start page."""
    address = f"{role}@example.org"
    site.manage("make_editor", address, "--role", role, "--password-stdin", input=PASSWORD)
    context = context_at(site, chromium)
    watch = watched(context, site.url)
    context.add_init_script(REPORT)

    def on_error(message: ConsoleMessage) -> None:
        # Wagtail saves while somebody types, and answers 400 while a form is not complete.
        if message.type == "error" and "status of 400" not in message.text:
            watch.broken.append(f"{message.text} {message.location['url']}")

    context.on("console", on_error)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())  # “leave this page?”
    sign_in(page, address)
    expect(page).to_have_url("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("Editors sign in with a second step")
    page.goto("/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    secret = page.locator("details code").text_content() or ""
    enter_code(page, secret)
    page.goto("/accounts/logout/")
    page.click("main form button.btn")
    sign_in(page, address)
    enter_code(page, secret)
    page.wait_for_url("**/cms/")
    return Desk(address, page, watch)


def sign_in(page: Page, address: str) -> None:
    page.goto("/cms/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")


def enter_code(page: Page, secret: str) -> None:
    """The code that the app on a phone shows; near its end the next one is waited for."""
    services.until(lambda: time.time() % PERIOD < PERIOD - 3, 5, "the next code")
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))
    with page.expect_navigation():
        page.locator("main form:has([name=code]) button.btn").first.click()


def preview(desk: Desk, *, mode: str, size: str) -> FrameLocator:
    """The preview at this width: "mobile" or "desktop"; `mode` as editors read it."""
    desk.panel("preview")
    desk.page.locator(f"[name=preview-size][value={size}]").check(force=True)
    modes = desk.page.get_by_label("Preview mode")
    wanted = str(modes.locator("option", has_text=mode).get_attribute("value"))
    source = re.compile(rf"[?&]mode={re.escape(wanted)}(&|$)")

    def is_shown() -> bool:
        # A choice made while the preview loads anew is lost in Wagtail: it is made again.
        frame = desk.page.locator("#w-preview-iframe")
        if not source.search(frame.get_attribute("src") or ""):
            modes.select_option(label=mode)
            with suppress(AssertionError):
                expect(frame).to_have_attribute("src", source, timeout=5_000)
        return bool(source.search(frame.get_attribute("src") or ""))

    services.until(is_shown, 40, f"the preview showing {mode}")
    return desk.page.frame_locator("#w-preview-iframe")


def width_of(frame: FrameLocator) -> int:
    """The width of the preview; of one that is being replaced, of its next one."""
    found: list[int] = []

    def is_known() -> bool:
        with suppress(Error):
            found.append(int(frame.locator("html").evaluate("() => innerWidth")))
        return bool(found)

    services.until(is_known, 20, "a preview that stays")
    return found[0]


def reads(room: Room, address: str) -> str:
    room.reader.goto(address)
    return room.reader.locator("main").inner_text()


def test_a_draft_is_seen_checked_submitted_approved_and_read(room: Room) -> None:
    address, added = "/lessons/why-we-begin-with-steadiness/", "breathe out slowly first."
    desk, page = room.writer, room.writer.page
    desk.open_lesson("M1.1")
    expect(page.locator(".cms-checks")).to_contain_text("Nothing to mend")
    short = page.locator("[name=short_version]")
    before = short.input_value()
    short.fill(f"You are needy, so {added} {before}")

    phone = preview(desk, mode="As readers see it", size="mobile")
    expect(phone.locator("main")).to_contain_text(f"You are needy, so {added}")
    assert width_of(phone) <= PHONE["width"] + 15
    assert width_of(preview(desk, mode="As readers see it", size="desktop")) >= 1200
    checks = preview(desk, mode="Checks", size="mobile")
    expect(checks.locator("main")).to_contain_text("2 things to mend")
    expect(checks.locator("li").first).to_contain_text("Find another word for “needy”")
    desk.look()
    mended = f"Start with your body and {added} {before.partition('. ')[2]}"
    short.fill(mended)
    expect(checks.locator("main")).to_contain_text("Nothing to mend")

    expect(page.locator("[name=action-publish]")).to_have_count(0)
    posted = """async () => {
        const form = new FormData(document.getElementById("w-editor-form"));
        form.set("action-publish", "action-publish");
        return (await fetch(location.href, {method: "POST", body: form})).status;
    }"""
    assert page.evaluate(posted) == 200  # taken as a draft
    assert added not in reads(room, address)
    desk.open_lesson("M1.1")
    desk.choose("Submit to Review")
    assert added not in reads(room, address)

    desk, page = room.reviewer, room.reviewer.page
    desk.open("/cms/")
    waiting = page.locator("section", has_text="Awaiting your review")
    waiting.get_by_role("link", name="M1.1").click()
    expect(page.locator("[name=short_version]")).to_have_value(mended)
    desk.choose("Approve and Publish")
    assert added in reads(room, address)


def test_words_typed_while_the_screen_saves_are_saved_too(room: Room) -> None:
    desk, page = room.writer, room.writer.page
    desk.open_lesson("M2.1")
    address = page.url
    short = page.locator("[name=short_version]")
    shown = preview(desk, mode="As readers see it", size="mobile")
    expect(shown.locator("main")).to_contain_text(short.input_value())
    expect(page.locator("html")).to_have_attribute("data-watched", "yes")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route(address, hold)
    short.fill("These are the first words.")
    services.until(lambda: bool(held or page.wait_for_timeout(50)), 20, "a save")
    short.fill("These are the first words. And these are the last.")
    with page.expect_response(address):
        held[0].continue_()
    expect(shown.locator("main")).to_contain_text("And these are the last.")
    services.until(lambda: "the last" in stored(desk, address), 20, "the second save")
    page.unroute(address)


def test_words_typed_before_the_screen_is_ready_are_saved_too(room: Room) -> None:
    desk, page = room.writer, room.writer.page
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            const field = document.querySelector("[name=short_version]");
            if (!field || new URLSearchParams(location.search).get("typed") === null) return;
            field.value = "Typed at once. And left alone.";
            field.dispatchEvent(new Event("input", {bubbles: true}));
        })"""
    )
    desk.open_lesson("M2.2")
    address = page.url
    desk.open(f"{address}?typed")
    services.until(lambda: "Typed at once." in stored(desk, address), 20, "the save")


def test_a_screen_that_is_being_sent_saves_nothing_beside(room: Room) -> None:
    desk, page = room.writer, room.writer.page
    desk.open_lesson("M2.3")
    address = page.url
    expect(page.locator("html")).to_have_attribute("data-watched", "yes")
    held: list[Route] = []
    beside: list[str] = []

    def hold(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif route.request.is_navigation_request():
            held.append(route)
        else:
            beside.append(route.request.url)
            route.continue_()

    page.route(address, hold)
    page.locator("[name=short_version]").fill("Typed, and sent at once.")
    page.locator("footer").get_by_role("button", name="Save draft").evaluate("it => it.click()")
    services.until(lambda: bool(held or page.wait_for_timeout(50)), 20, "the form on its way")
    page.wait_for_timeout(2_000)  # four times as long as Wagtail waits before it saves
    with page.expect_navigation():
        held[0].continue_()
    page.unroute(address)

    assert beside == []
    assert "Typed, and sent at once." in stored(desk, address)


def test_a_save_is_not_taken_for_somebody_elses(room: Room) -> None:
    desk, page = room.writer, room.writer.page
    question = re.compile("/editing-sessions/ping/")
    asked: list[Route] = []
    page.route(question, lambda route: route.continue_() if asked else asked.append(route))
    desk.open_lesson("M2.4")
    address = page.url
    services.until(lambda: bool(asked or page.wait_for_timeout(50)), 20, "the question who else")
    saves: list[str] = []

    def on_request(request: Request) -> None:
        if request.method == "POST" and request.url == address:
            saves.append(request.url)

    page.on("request", on_request)
    page.locator("[name=short_version]").fill("Typed while it asks who else is here.")
    page.wait_for_timeout(2_000)  # four times as long as Wagtail waits before it saves
    assert saves == []
    with page.expect_response(question):
        asked[0].continue_()
    services.until(lambda: "Typed while it asks" in stored(desk, address), 20, "the save")
    page.remove_listener("request", on_request)
    page.unroute(question)
    assert saves
    desk.choose("Save draft")  # and nothing asks whether to write over somebody else's words


def stored(desk: Desk, address: str) -> str:
    """What the server holds of a text, asked beside the open screen."""
    desk.page.wait_for_timeout(50)  # lets the routes above run
    return desk.page.context.request.get(address).text()


def test_any_two_versions_are_compared_and_the_shipped_one_comes_back(room: Room) -> None:
    desk, page = room.reviewer, room.reviewer.page
    desk.open_lesson("M1.2")
    title = page.locator("[name=title]").input_value()
    address = f"/lessons/{page.locator('[name=slug]').input_value()}/"
    for changed in ("A first other title", "A second other title"):
        desk.open_lesson("M1.2")
        page.locator("[name=title]").fill(changed)
        desk.choose("Publish")
        assert changed in reads(room, address)

    desk.open_lesson("M1.2")
    page.get_by_role("link", name="History").first.click()
    desk.look()
    page.get_by_label("Before").select_option(
        index=page.get_by_label("Before").locator("option").count() - 1
    )
    page.get_by_label("After").select_option(index=0)
    page.get_by_role("button", name="Compare", exact=True).click()
    desk.look()
    expect(page.locator(".cms-compared")).to_contain_text("shipped")
    row = page.locator("tr", has_text="Title:")
    expect(row.locator(".deletion").first).to_be_visible()
    expect(row.locator(".addition").first).to_contain_text("second other")
    expect(page.locator("body")).not_to_contain_text("first other")

    page.get_by_role("link", name="Open it in the form").click()
    expect(page.locator("[name=title]")).to_have_value(title)
    desk.look()
    desk.choose("Publish this version")
    assert "second other" not in reads(room, address)
    assert title in reads(room, address)


def test_a_text_goes_live_and_ends_at_its_hours(room: Room, site: Site) -> None:
    desk, page = room.reviewer, room.reviewer.page
    desk.open_lesson("M1.3")
    address = f"/lessons/{page.locator('[name=slug]').input_value()}/"
    page.locator("[name=title]").fill("A title at its hour")
    schedule(desk, "go_live_at", tomorrow())
    live = in_seconds(25)
    write_moment(desk, "go_live_at", live)
    desk.choose("Schedule to publish")
    assert datetime.now(UTC) < live, "the machine is too slow for this test"
    site.manage("publish_scheduled")
    if datetime.now(UTC) < live:
        assert "A title at its hour" not in reads(room, address)
    services.until(lambda: datetime.now(UTC) > live, 30, "the hour")
    site.manage("publish_scheduled")
    assert "A title at its hour" in reads(room, address)

    desk.open_lesson("M1.3")
    schedule(desk, "go_live_at", None)
    schedule(desk, "expire_at", tomorrow())
    end = in_seconds(25)
    write_moment(desk, "expire_at", end)
    desk.choose("Publish")
    services.until(lambda: datetime.now(UTC) > end, 30, "the end")
    site.manage("publish_scheduled")
    gone = room.reader.goto(address)
    assert gone is not None
    assert gone.status == 404


def tomorrow() -> datetime:
    return in_seconds(24 * 60 * 60)


def in_seconds(number: int) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=number)).replace(microsecond=0)


def schedule(desk: Desk, name: str, moment: datetime | None) -> None:
    """Fill in one of the two dates of the schedule, as the browser's own field writes it."""
    page = desk.page
    desk.panel("status")
    page.get_by_role("button", name=re.compile("(Set|Edit) schedule")).first.click()
    page.locator(f"[name={name}]").fill(f"{moment:%Y-%m-%dT%H:%M}" if moment else "")
    save = page.get_by_role("button", name="Save schedule")
    desk.leave(lambda: save.click(timeout=4_000), "the schedule")


def write_moment(desk: Desk, name: str, moment: datetime) -> None:
    """Put a moment into the form: the field has whole minutes, for which no test should wait."""
    field = desk.page.locator(f"[name={name}]")
    field.evaluate("(field, moment) => field.value = moment", f"{moment:%Y-%m-%dT%H:%M:%S}")


def test_a_locked_text_waits_for_whoever_locked_it(room: Room) -> None:
    desk, page = room.reviewer, room.reviewer.page
    desk.open_lesson("M1.4")
    desk.panel("status")
    with page.expect_navigation():
        page.locator("label.switch", has_text="Lock").click()
    desk.look()
    room.writer.open_lesson("M1.4")
    expect(room.writer.page.locator("body")).to_contain_text("locked by")
    expect(room.writer.page.get_by_role("button", name="Save draft")).to_have_count(0)
    desk.panel("status")
    with page.expect_navigation():
        page.locator("label.switch", has_text="Lock").click()
    room.writer.open_lesson("M1.4")
    expect(room.writer.page.get_by_role("button", name="Save draft")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("lessons/module", ".lessons li"),
        ("exercises/exercise", ".exercise"),
        ("sources/source", "h1"),
        ("safety/crisisline", "h1"),
    ],
)
def test_every_kind_of_text_has_its_preview_and_its_checks(
    room: Room, kind: str, shown: str
) -> None:
    desk, page = room.writer, room.writer.page
    desk.open(f"/cms/snippets/{kind}/")
    page.locator("td.title a, td .title-wrapper a").first.click()
    expect(page.locator(".cms-checks")).to_contain_text("to mend")
    title = page.locator("[name=title]").input_value()
    frame = preview(desk, mode="As readers see it", size="mobile")
    expect(frame.locator(shown).first).to_be_visible()
    assert width_of(frame) <= PHONE["width"] + 15
    wide = preview(desk, mode="As readers see it", size="desktop")
    assert width_of(wide) >= 1200
    expect(wide.locator("main")).to_contain_text(title)
    desk.look()
    checks = preview(desk, mode="Checks", size="mobile")
    expect(checks.locator("h1")).to_have_text("Checks")
    expect(checks.locator("main")).to_contain_text("to mend")
    desk.look()


def test_no_screen_of_the_round_named_a_person_or_their_words(room: Room) -> None:
    screens = [*room.writer.seen, *room.reviewer.seen]
    assert len(screens) > 40
    assert any(room.writer.address in screen for screen in room.reviewer.seen)
    for screen in screens:
        assert room.person not in screen
        assert room.words not in screen
