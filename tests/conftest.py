"""Three standing people, and a client for each."""

import socket
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, settings
from wagtail.models import ModelLogEntry, Revision

from exercises.models import Exercise
from healing.accounts.models import User
from healing.lessons.models import Lesson, Module
from healing.reminders.models import MailText
from healing.safety.models import CrisisLine
from healing.sources.models import Source
from tests.factories import make_person
from tests.put_back import PutBack

# A slow machine is not a fault of what is tested.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their event loop stays, and Django refuses to work beside one."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def mara(db: None) -> User:
    """The owner: whatever a test stores is hers."""
    return make_person("mara@example.org", time_zone="Europe/Berlin")


@pytest.fixture
def theo(db: None) -> User:
    """A stranger: signed in, and with no right to anything of hers."""
    return make_person("theo@example.org")


@pytest.fixture
def ines(db: None) -> User:
    """An editor, once a test gives her a role."""
    return make_person("ines@example.org")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


put_back_content = PutBack(
    lambda: call_command("load_content", verbosity=0),
    (Revision, Source, CrisisLine, Exercise, Module, Lesson, MailText, ModelLogEntry),
)


@pytest.fixture
def content(db: None) -> None:
    """The shipped lessons, exercises, sources, crisis lines and mail texts."""
    put_back_content()
