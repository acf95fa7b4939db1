"""Signing in by default, public pages by name, and a cache that may be down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from redis.exceptions import RedisError

from healing.accounts.cache import ForgivingRedisCache
from healing.accounts.models import User
from tests.factories import PASSWORD


def test_a_private_page_leads_to_sign_in_and_back(client: Client, mara: User) -> None:
    answer = client.get(reverse("today:today"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('today:today')}"
    answer = client.post(answer["Location"], {"login": mara.email, "password": PASSWORD})
    assert answer["Location"] == reverse("today:today")


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client, mara: User) -> None:
    answer = client.post(reverse("account_login"), {"login": mara.email, "password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert mara.email in page
    assert "wrong" not in page.replace("something went wrong", "")


@pytest.fixture
def dead_cache(settings: Any, unused_port: int) -> Callable[[str], None]:
    """Rate limits as in the product, counted in a Redis that does not answer."""

    def use(backend: str) -> None:
        settings.ACCOUNT_RATE_LIMITS = {}
        location = f"redis://127.0.0.1:{unused_port}/0"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": location}}

    return use


def test_sign_in_works_while_the_cache_is_down(
    client: Client, mara: User, dead_cache: Callable[[str], None]
) -> None:
    dead_cache("healing.accounts.cache.ForgivingRedisCache")
    answer = client.post(reverse("account_login"), {"login": mara.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_with_the_plain_cache_it_would_not(
    client: Client, mara: User, dead_cache: Callable[[str], None]
) -> None:
    dead_cache("django.core.cache.backends.redis.RedisCache")
    with pytest.raises(RedisError):
        client.post(reverse("account_login"), {"login": mara.email, "password": PASSWORD})


def test_many_wrong_passwords_are_slowed_down(client: Client, mara: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "wrong passwords",
        }
    }
    wrong = {"login": mara.email, "password": "not it at all"}
    pages = [client.post(reverse("account_login"), wrong).content.decode() for _ in range(12)]
    assert "do not fit together" in pages[0]
    assert "Too many tries" in pages[-1]


def test_every_call_of_a_cache_that_is_down_answers_like_an_empty_one(unused_port: int) -> None:
    cache = ForgivingRedisCache(f"redis://127.0.0.1:{unused_port}/0", {})
    assert cache.add("a", 1) is True
    assert cache.get("a", "fallback") == "fallback"
    assert cache.get_or_set("a", "made") == "made"
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert (cache.touch("a"), cache.delete("a"), cache.has_key("a"), cache.clear()) == (
        False,
        False,
        False,
        False,
    )
    assert (cache.set("a", 1), cache.delete_many(["a"])) == (None, None)


PUBLIC = ["today:home", "safety:help", "exercises:steady", "privacy:about", "privacy:privacy"]


@pytest.mark.parametrize("name", [*PUBLIC, "today:offline"])
def test_a_public_page_touches_neither_session_nor_user(
    client: Client, name: str, db: None
) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.wsgi_request.session.accessed


def test_signed_in_pages_are_never_kept(client_of: Callable[[User], Client], mara: User) -> None:
    for name in ("today:today", "journal:entry_list", "checkins:check_in", "privacy:my_data"):
        assert client_of(mara).get(reverse(name)).headers["Cache-Control"] == "no-store, private"
