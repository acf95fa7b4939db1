"""The player's clock: true to the pattern, exact when held, and quiet where it has to be."""

import re
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import services
from tests.browser.conftest import PHONE, SignUp, Site, check_page, sign_up_as, watched

BREATH = "/exercises/long-out-breath/"
SENSES = "/exercises/five-sense-orienting/"
WAVE = "/exercises/wave-timer/"
# Notes when each change of the big word came, and each of the player's state.
NOTE_CHANGES = """() => {
  window.changes = [];
  const word = document.querySelector("[data-word]");
  new MutationObserver(() => changes.push([performance.now(), word.textContent]))
    .observe(word, { childList: true, characterData: true, subtree: true });
  window.states = [];
  const player = document.querySelector("guided-player");
  new MutationObserver(() => states.push([performance.now(), player.dataset.state]))
    .observe(player, { attributeFilter: ["data-state"] });
}"""
ORB = "document.querySelector('[data-orb]').getBoundingClientRect().width"


def go(page: Page) -> None:
    page.locator("guided-player [data-go]").click()


def offsets(changes: list[list[Any]], pattern: list[int]) -> list[float]:
    """When each change came, less when it was due, in ms; `pattern`: seconds, over and over."""
    due, found = 0.0, []
    for place, (at, _word) in enumerate(changes):
        found.append(at - due)
        due += pattern[place % len(pattern)] * 1000
    return found


def drift(changes: list[list[Any]], pattern: list[int]) -> float:
    """By how much the last changes came later than the first ones, in ms.

    A drift adds up. One late picture of a busy machine is none: the next is on time again.
    """
    found = offsets(changes, pattern)
    return abs(median(found[-9:]) - median(found[:9]))


def test_a_drift_would_be_measured() -> None:
    even = [[place // 2 * 10_000.0 + place % 2 * 4000, ""] for place in range(36)]
    assert drift(even, [4, 6]) == 0
    slow = [[at * 1.001, word] for at, word in even]
    assert drift(slow, [4, 6]) > 100


@pytest.mark.alone
def test_three_minutes_of_breath_keep_to_the_pattern(page: Page) -> None:
    page.goto(BREATH)
    page.evaluate(NOTE_CHANGES)
    go(page)
    player = page.locator("guided-player")
    expect(player).to_have_attribute("data-ended", "finished", timeout=200_000)
    changes = page.evaluate("changes")
    assert [word for _at, word in changes[:4]] == ["Breathe in", "Breathe out"] * 2
    assert len(changes) == 18 * 2 + 1  # and the rest
    assert drift(changes, [4, 6]) < 100, offsets(changes, [4, 6])


@pytest.mark.alone
def test_a_pause_holds_everything_and_goes_on_where_it_was(page: Page) -> None:
    page.goto(BREATH + "?variant=quick")
    page.evaluate(NOTE_CHANGES)
    go(page)
    expect(page.locator("[data-word]")).to_have_text("Breathe out")
    go(page)
    held = page.locator(".stage").inner_text(), page.evaluate(ORB)
    now = page.evaluate("performance.now()")
    services.until(lambda: page.evaluate("performance.now()") > now + 1500, 10, "a while")
    assert (page.locator(".stage").inner_text(), page.evaluate(ORB)) == held
    go(page)
    expect(page.locator("[data-word]")).to_have_text("Breathe in")
    (first, _), (second, _) = page.evaluate("changes")[1:3]
    (_, _), (stopped, paused), (resumed, playing) = page.evaluate("states")[:3]
    assert (paused, playing) == ("paused", "playing")
    # Six seconds of breathing out, and the pause on top.
    assert second - first == pytest.approx(6000 + resumed - stopped, abs=150)


def test_in_the_background_it_pauses_and_asks_before_it_goes_on(page: Page) -> None:
    page.goto(BREATH)
    go(page)
    expect(page.locator("[data-word]")).to_have_text("Breathe in")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.locator("[data-cue]")).to_contain_text("Paused while this page was away")
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("guided-player")).to_have_attribute("data-state", "paused")
    expect(page.locator("[data-go]")).to_have_text("Carry on")


def test_the_keyboard_alone_starts_pauses_steps_and_stops(page: Page) -> None:
    page.goto(SENSES)
    while not page.evaluate("document.activeElement.matches('[data-go]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    word = page.locator("[data-word]")
    expect(word).to_have_text("Five things you see")
    page.locator("body").focus()
    page.keyboard.press("ArrowRight")
    expect(word).to_have_text("Four things you touch")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(word).to_have_text("Four things you touch")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    expect(page.locator("guided-player")).to_have_attribute("data-state", "paused")
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_contain_text("That is fine.")
    assert page.evaluate("document.activeElement.dataset.when") == "stopped"


def test_steps_can_be_gone_through_to_the_end_with_one_key(page: Page) -> None:
    page.goto(SENSES)
    go(page)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator("guided-player")).to_have_attribute("data-ended", "finished")
    expect(page.locator("main")).to_contain_text("That is enough.")


OPEN_THE_GATE = """
from exercises.actions import note_safety, open_gate
from healing.accounts.models import User
person = User.objects.get(email={email!r})
open_gate(owner=person)
note_safety(owner=person, is_none=True)
"""


def test_stopping_what_goes_deep_leads_through_the_way_back(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    email = sign_up()
    site.manage("shell", "-c", OPEN_THE_GATE.format(email=email))
    page.goto("/exercises/first-hello/")
    for name in ("sober", "time_after", "private"):
        page.locator(f"[name={name}][value=yes]").check(force=True)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("main")).to_contain_text("Choose a number from 0 to 10.")
    check_page(page)
    page.locator("[name=before][value='3']").check(force=True)
    page.get_by_role("button", name="Begin").click()
    go(page)
    word = page.locator("[data-word]")
    expect(word).to_have_text("Feet and seat")
    expect(page.locator("[data-stop]")).to_have_text("Stop: the way back")
    page.keyboard.press("Escape")
    expect(word).to_have_text("Thank the younger one")
    check_page(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.locator("[name=after][value='2']").check(force=True)
    page.locator("main form button:visible", has_text="Save").first.click()
    expect(page.locator("main")).to_contain_text("something ordinary for ten minutes")
    page.goto("/exercises/first-hello/")
    expect(page.locator("main")).to_contain_text("One of these a day is enough.")


def test_with_reduced_motion_words_and_numbers_do_it(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(SENSES)
    check_page(page)
    go(page)
    expect(page.locator("[data-tick]")).to_have_text(re.compile(r"\d+ / 40"))
    assert page.evaluate("document.getAnimations().length") == 0
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_kind_of_page_is_sound_in(page: Page, sign_up: SignUp, scheme: Any) -> None:
    sign_up()
    page.emulate_media(color_scheme=scheme)
    for address in (
        "/exercises/",
        WAVE,
        "/exercises/trigger-chain/",
        "/exercises/clear-ask/",
        "/exercises/alarm-or-answer/",
        "/exercises/first-hello/",
        "/exercises/done/",
        "/look-back/safety/",
        "/programme/readiness/",
    ):
        page.goto(address)
        check_page(page)


def test_the_wave_timer_asks_waits_and_deletes_what_is_not_to_be_kept(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    page.goto(WAVE + "?variant=gentle")
    go(page)
    page.get_by_label("Go silent, cancel").check(force=True)
    page.locator("[data-next]").click()
    page.locator(".now [value='8']").check(force=True)
    page.locator("[data-next]").click()
    page.locator(".now textarea").fill(site.secret("a raw message with heather in it"))
    check_page(page)
    page.locator("[data-next]").click()
    expect(page.locator("[data-word]")).to_have_text("Half a minute")
    expect(page.locator("guided-player")).to_have_attribute("data-state", "playing")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("guided-player")).to_have_attribute("data-state", "waiting")
    page.locator(".now [value='3']").check(force=True)
    page.locator("[data-next]").click()
    page.get_by_label("Let it go for now").check(force=True)
    page.locator("[data-next]").click()
    page.locator("main form button:visible", has_text="Save").first.click()
    shown = page.locator("main")
    expect(shown).to_contain_text("Let it go for now")
    expect(shown).not_to_contain_text("heather")
    check_page(page)


def test_tones_are_offered_off_and_stay_as_they_were_chosen(page: Page) -> None:
    page.goto(BREATH)
    page.get_by_text("With eyes closed").click()
    tones = page.get_by_label("Soft tones")
    expect(tones).not_to_be_checked()
    page.evaluate(
        "() => { window.sounds = []; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (at) {"
        " sounds.push(this.frequency.value); return start.call(this, at); } }"
    )
    go(page)
    expect(page.locator("[data-word]")).to_have_text("Breathe out")
    assert page.evaluate("sounds") == []
    page.locator("[data-stop]").click()
    tones.check()
    page.locator("[data-again]").click()
    expect(page.locator("[data-word]")).to_have_text("Breathe out")
    assert page.evaluate("sounds.length") == 2
    page.reload()
    page.get_by_text("With eyes closed").click()
    expect(page.get_by_label("Soft tones")).to_be_checked()
    assert page.evaluate("({ ...localStorage })") == {"senses": "tones"}


def test_the_number_of_breaths_can_be_chosen(page: Page) -> None:
    page.goto(BREATH)
    page.get_by_label("Or so many breaths:").fill("3")
    page.get_by_role("button", name="Set").click()
    go(page)
    expect(page.locator("[data-count]")).to_have_text("Breath 1 of 3")


def test_without_a_script_the_forms_still_save(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, base_url=site.url, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_up_as("no-script-exercises@example.org", page, site)
    page.goto("/exercises/believable-ladder/")
    words = site.secret("sometimes I am a fair colleague")
    page.locator("main textarea").first.fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text(words)
    context.close()


def cached(page: Page) -> list[str]:
    return page.evaluate(
        """async () => {
          const names = await caches.keys();
          const all = await Promise.all(names.map(async (n) => (await caches.open(n)).keys()));
          return all.flat().map((request) => new URL(request.url).pathname);
        }"""
    )  # type: ignore[no-any-return]


def ready(page: Page) -> None:
    services.until(lambda: BREATH in cached(page), 20, "the worker keeping its pages")


def offline_context(chromium: Browser, site: Site) -> BrowserContext:
    context = chromium.new_context(viewport=PHONE, base_url=site.url)
    context.set_default_timeout(15_000)
    return context


def test_after_one_visit_low_exercises_open_and_play_without_a_network(
    site: Site, chromium: Browser
) -> None:
    context = offline_context(chromium, site)
    watch = watched(context, site.url)
    page = context.new_page()
    page.goto("/steady/")
    ready(page)
    context.set_offline(True)
    page.goto(SENSES)
    go(page)
    expect(page.locator("[data-word]")).to_have_text("Five things you see")
    page.goto(WAVE)
    expect(page.locator("h1")).not_to_have_text("Wave timer")
    context.close()
    assert watch.broken == []


def test_no_private_page_is_in_any_cache_and_signing_out_leaves_the_public_ones(
    site: Site, chromium: Browser
) -> None:
    context = offline_context(chromium, site)
    page = context.new_page()
    sign_up_as("cached-by-nobody@example.org", page, site)
    for address in ("/today/", "/journal/", "/cards/", "/exercises/done/", BREATH, "/help/"):
        page.goto(address)
    ready(page)
    kept = set(cached(page))
    private = ("/today", "/journal", "/cards", "/exercises/done", "/my-data", "/check-in")
    assert not [one for one in kept if one.startswith(private)]
    inside = page.evaluate(
        """async (address) => (await (await caches.match(address, { ignoreVary: true })).text())""",
        BREATH,
    )
    assert "You are not signed in" in inside
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/")
    assert set(cached(page)) == kept
    context.set_offline(True)
    page.goto("/today/")
    expect(page.locator("h1")).not_to_contain_text("Good to see you")
    context.close()
