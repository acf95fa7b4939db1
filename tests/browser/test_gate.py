"""The gate before what looks back at early things: each condition alone keeps it closed."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, check_page

HELLO = "/exercises/first-hello/"
QUESTIONS = ("can_steady", "safe_home", "someone", "no_recent_loss")
# Makes one person for each condition, all others of 1 to 5 held, and signs each of them in.
PREPARE = """
import json
from django.conf import settings
from django.test import Client
from healing.lessons.gate import Missing
from tests.factories import make_person
from tests.lessons.conftest import make_ready
cookies = {}
for but in [*Missing, None]:
    person = make_person(f"gate.{but.value if but else 'all'}@example.org")
    make_ready(person, but)
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    cookies[but.value if but else "all"] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps([settings.SESSION_COOKIE_NAME, cookies]))
"""
NAMED = {
    "1": "The modules “Steady ground” and “When the alarm rings” read",
    "2": "Ten finished uses of steadying exercises",
    "3": "Your safety card",
    "4": "Five check-ins in the last two weeks",
    "5": "The safety question, answered in the last week",
    "6": "Four times yes",
    "7": "“None of these”. Each of the others deserves someone trained",
}


@pytest.fixture(scope="module")
def people(site: Site) -> tuple[str, dict[str, str]]:
    """The name of the session cookie, and its value by the condition that does not hold."""
    said = site.manage("shell", "--no-imports", "-c", PREPARE).stdout
    name, cookies = json.loads(said.splitlines()[-1])
    return name, cookies


def answer(page: Page, but: str) -> None:
    """Answers conditions 6 and 7 of the readiness check so that they hold, or the one named not."""
    page.goto("/programme/readiness/")
    for question in QUESTIONS[1 if but == "6" else 0 :]:
        page.locator(f"[name={question}][value=yes]").check(force=True)
    for tick in ("none", "flashbacks") if but == "7" else ("none",):
        page.locator(f"[name=ticks][value={tick}]").check(force=True)
    page.get_by_role("button", name="See whether it opens").click()


def test_each_condition_alone_keeps_it_closed_and_all_seven_open_it(
    page: Page, context: BrowserContext, site: Site, people: tuple[str, dict[str, str]]
) -> None:
    name, cookies = people
    main = page.locator("main")
    for but, words in NAMED.items():
        context.add_cookies([{"name": name, "value": cookies[but], "url": site.url}])
        answer(page, but)
        expect(main).to_contain_text("Not yet.")
        expect(main.locator(".note li")).to_have_count(1)
        expect(main.locator(".note li")).to_contain_text(words)
        page.goto(HELLO)
        expect(main).to_contain_text("It opens after a short check.")
        expect(page.locator("guided-player")).to_have_count(0)
    context.add_cookies([{"name": name, "value": cookies["all"], "url": site.url}])
    answer(page, "")
    expect(main).to_contain_text("It holds for sixty days.")
    check_page(page)
    page.goto(HELLO)
    check_page(page)
    for question in ("sober", "time_after", "private"):
        page.locator(f"[name={question}][value=yes]").check(force=True)
    page.locator("[name=before][value='5']").check(force=True)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("[data-go]")).to_be_in_viewport()
    expect(page.locator("ol.phases li").first).to_contain_text("Feet and seat")
