"""The product itself, started once a run, and a real browser that notices what must not happen."""

import email
import email.policy
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import services
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


class Inbox:
    """An SMTP server's handler that keeps what it accepts."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK queued"


@dataclass
class Site:
    """The running product."""

    url: str
    env: dict[str, str]
    inbox: Inbox
    process: "subprocess.Popen[bytes]"
    typed: set[str] = field(default_factory=set)

    @property
    def var(self) -> Path:
        return Path(self.env["VAR_DIR"])

    @property
    def on_servers(self) -> bool:
        return "DATABASE_URL" in self.env

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to an address: over SMTP, or into the mail folder."""
        found = list(self.inbox.messages)
        for file in sorted((self.var / "mail").glob("*")) if not self.on_servers else []:
            if file.suffix in {".eml", ".log"}:
                with suppress(OSError):
                    message = email.message_from_bytes(
                        file.read_bytes(), policy=email.policy.default
                    )
                    found.append(message)  # type: ignore[arg-type]
        return [message for message in found if address in str(message["To"])]

    def manage(self, *arguments: str, **kwargs: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.env, check=True, capture_output=True, text=True, **kwargs,
        )  # fmt: skip

    def secret(self, words: str) -> str:
        """Words that the database must never show; the last test looks for them."""
        self.typed.add(words)
        return words


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    inbox, port = Inbox(), services.free_port()
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"}
    }
    env |= {
        "VAR_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "REMINDERS_TICK_SECONDS": "1",
        "EDITORS_NEED_SECOND_FACTOR": "1",
        "CELERY_QUEUE": f"steady-tests-{os.getpid()}",
    }
    env.pop("MASTER_KEYS", None)
    with ExitStack() as stack:
        if server := os.environ.get("DATABASE_URL"):
            name = f"steady_browser_{os.getpid()}"
            mail = Controller(inbox, hostname="127.0.0.1", port=services.free_port())
            mail.start()
            stack.callback(mail.stop)
            env |= {
                "DATABASE_URL": stack.enter_context(services.database(server, name)),
                "REDIS_URL": os.environ["REDIS_URL"],
                "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
                "SECRET_KEY": "for the browser tests alone",
                "MASTER_KEYS": "1:" + "B" * 43 + "=",
            }
        else:
            env.pop("SECRET_KEY", None)
        log = stack.enter_context((folder / "serve.log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "healing.serve"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        try:
            url = env["SITE_URL"]

            def ready() -> bool:
                assert process.poll() is None, (folder / "serve.log").read_text()
                return _answers(f"{url}/help/")

            services.until(ready, 180, "the site answering")
            yield Site(url, env, inbox, process)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or services.chromium()
    if not path:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a browser did that it must not: asked a foreign host, or broke the content policy."""

    foreign: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def watched(context: BrowserContext, url: str) -> Watch:
    watch = Watch()

    def on_request(request: Any) -> None:
        if not request.url.startswith((url, "data:", "blob:")):
            watch.foreign.append(request.url)

    def on_console(message: Any) -> None:
        if "Content Security Policy" in message.text or "Trusted" in message.text:
            watch.broken.append(message.text)

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda problem: watch.broken.append(str(problem.error)))
    return watch


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser of its own for a test; at its end nothing forbidden may have happened."""
    made = chromium.new_context(viewport=PHONE, base_url=site.url, timezone_id="Europe/Berlin")
    made.set_default_timeout(15_000)
    watch = watched(made, site.url)
    yield made
    made.close()
    assert watch.foreign == []
    assert watch.broken == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def check_page(page: Page) -> None:
    """No accessibility violation, one main heading, a neutral title, nothing wider than the screen.

    Waits for the page's own motion to end first: axe reads colours as they are.
    """
    page.wait_for_load_state("load")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.locator("h1").count() == 1
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"


def sign_up_as(address: str, page: Page, site: Site, *, mail: bool = False) -> None:
    """Sign up through the browser, as somebody who has never been here."""
    page.goto("/accounts/signup/")
    page.fill("[name=email]", address)
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=adult]")
    page.check("[name=storing]")
    if mail:
        page.check("[name=mail]")
    page.click("main form button.btn")
    if site.on_servers:
        page.wait_for_url("**/confirm-email/")
        services.until(lambda: bool(site.mails_to(address)), 10, "the code")
        page.fill("[name=code]", code_in(site.mails_to(address)[-1]))
        page.click("main form button.btn")
    page.wait_for_url("**/today/")


SignUp = Callable[..., str]


@pytest.fixture
def sign_up(page: Page, site: Site, request: pytest.FixtureRequest) -> SignUp:
    """Signs up a person of the test's own through the browser, and says their address."""

    def go(*, mail: bool = False) -> str:
        # Tests of one name in two files are two people.
        named = f"{request.node.path.stem}.{request.node.name}".lower().replace("[", "-")
        named = "".join(letter for letter in named if letter.isalnum() or letter in "._-")
        address = f"{named[:60].strip('._-')}@example.org"
        sign_up_as(address, page, site, mail=mail)
        return address

    return go


def code_in(message: EmailMessage) -> str:
    """The confirmation code of a mail: two groups of characters with a hyphen."""
    body = message.get_body(("plain",))
    assert body is not None
    for word in str(body.get_content()).split():
        left, hyphen, right = word.partition("-")
        if hyphen and len(left) == len(right) >= 3 and (left + right).isalnum() and word.isupper():
            return word
    raise AssertionError("no code in the mail")
