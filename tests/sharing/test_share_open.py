"""The page behind a link: asks, opens, counts wrong tries, and says nothing to anybody else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.models import User
from healing.privacy.actions import erase_person
from healing.sharing import actions, seal
from healing.sharing.actions import end_share, expire_shares, open_share
from healing.sharing.models import Share
from healing.vault.actions import destroy_key
from healing.vault.keyring import SealBroken
from tests.sharing.conftest import PASSPHRASE, Make, address, main_of

WRONG = "not the passphrase at all"
GONE = "This link does not open. Ask the person who gave it to you."


@contextmanager
def later(**passed: float) -> Iterator[None]:
    then = timezone.now() + timedelta(**passed)
    with patch("django.utils.timezone.now", return_value=then):
        yield


def post(visitor: Client, token: str, passphrase: str = PASSPHRASE) -> Any:
    return visitor.post(address(token), {"passphrase": passphrase})


def test_a_get_asks_for_the_passphrase_and_looks_nothing_up(
    visitor: Client, make: Make, django_assert_num_queries: Any
) -> None:
    """Mail scanners open every link."""
    _share, token = make()
    with django_assert_num_queries(0):
        answer = visitor.get(address(token))
        visitor.head(address(token))
    page = main_of(answer.content.decode())
    assert page.count("<form") == 1
    assert "lamp" not in page
    assert "Weiss" not in page
    share = Share.objects.get()
    assert (share.opened, share.wrong) == ([], [])


def test_a_get_says_not_whether_the_link_lives(visitor: Client, make: Make) -> None:
    _share, token = make()
    living, unknown = visitor.get(address(token)), visitor.get(address("x" * 43))
    assert living.status_code == unknown.status_code == 200
    assert living.content == unknown.content


def test_the_passphrase_opens_it(visitor: Client, make: Make) -> None:
    _share, token = make()
    answer = post(visitor, token, "River-lamp OTTER bread")
    assert answer.status_code == 200
    page = main_of(answer.content.decode())
    assert "the lamp was off" in page
    assert "a self-help site" in page
    assert "This page can be read until" in page
    assert "not included" not in page
    assert "<form" not in page
    assert "Weiss" not in page
    assert "mara" not in page


def test_it_says_once_that_something_is_not_included(visitor: Client, make: Make) -> None:
    _share, token = make(partial=True)
    page = post(visitor, token).content.decode()
    assert page.count("Some entries are not included.") == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("known", [True, False])
def test_it_touches_no_session_no_cache_no_other_site_and_no_search(
    visitor: Client, make: Make, method: str, known: bool
) -> None:
    token = make()[1] if known else "x" * 43
    answer = visitor.get(address(token)) if method == "get" else post(visitor, token)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Cookie" not in answer.headers.get("Vary", "")
    page = answer.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert token not in page
    assert "csrfmiddlewaretoken" not in page
    addresses = re.findall(r'(?:src|href)="(https?://[^"]+)"', page)
    assert set(addresses) <= {"https://www.wikipedia.org/"}  # the way out


def test_each_opening_is_in_the_log_and_nothing_about_the_visitor(
    visitor: Client, make: Make
) -> None:
    _share, token = make()
    for _ in range(2):
        visitor.post(
            address(token), {"passphrase": PASSPHRASE}, REMOTE_ADDR="192.0.2.7",
            HTTP_USER_AGENT="Nosy/1.0",
        )  # fmt: skip
    share = Share.objects.get()
    assert set(share.said) == {"label", "opened", "wrong"}
    assert len(share.opened) == 2
    assert share.wrong == []
    assert timezone.now() - share.opened[0] < timedelta(minutes=1)
    assert "192.0.2.7" not in str(share.said)


def test_the_log_keeps_the_newest_openings(
    visitor: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.tries, "OPENINGS", 2)
    _share, token = make()
    moments = []
    for _ in range(3):
        post(visitor, token)
        moments.append(Share.objects.get().opened[-1])
    assert Share.objects.get().opened == moments[1:]


def test_a_wrong_passphrase_is_told_and_logged(visitor: Client, make: Make) -> None:
    _share, token = make()
    answer = post(visitor, token, WRONG)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "This is not the passphrase of this link." in page
    assert "lamp" not in page
    share = Share.objects.get()
    assert (len(share.opened), len(share.wrong)) == (0, 1)


def test_an_empty_one_is_no_try(visitor: Client, make: Make) -> None:
    _share, token = make()
    assert "Write the passphrase you were given." in post(visitor, token, "").content.decode()
    assert "longer than any" in post(visitor, token, "x" * 401).content.decode()
    assert Share.objects.get().wrong == []


def test_five_wrong_ones_close_it_for_an_hour_even_to_the_right_one(
    visitor: Client, make: Make
) -> None:
    _share, token = make()
    for _ in range(5):
        assert post(visitor, token, WRONG).status_code == 403
    for passphrase in (WRONG, PASSPHRASE):
        answer = post(visitor, token, passphrase)
        assert answer.status_code == 429
        assert "Closed for an hour" in answer.content.decode()
    assert len(Share.objects.get().wrong) == 5
    with later(minutes=61):
        assert post(visitor, token).status_code == 200


def test_twenty_wrong_ones_end_it(visitor: Client, make: Make) -> None:
    _share, token = make()
    for hours in range(4):
        with later(hours=2 * hours):
            codes = [post(visitor, token, WRONG).status_code for _ in range(5)]
            assert codes == [403] * 5
    with later(hours=9):
        assert post(visitor, token).status_code == 404
    share = Share.objects.get()
    assert (share.state, share.packet, share.key) == (Share.State.SPENT, None, None)
    assert len(share.wrong) == 20


def test_the_limit_is_of_one_link_alone(visitor: Client, make: Make) -> None:
    (_one, token), (_other, other) = make(), make()
    for _ in range(5):
        post(visitor, token, WRONG)
    assert post(visitor, other).status_code == 200


def test_a_try_counts_before_it_is_looked_at(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once: each finds those before it in the log."""
    _share, token = make()
    counted = []

    def slow(*args: Any, **kwargs: Any) -> bytes:
        counted.append(len(Share.objects.get().wrong))
        if len(counted) < 7:
            with pytest.raises((actions.WrongPassphrase, actions.Resting)):
                open_share(token=token, passphrase=WRONG)
        raise SealBroken

    monkeypatch.setattr(seal, "open_packet", slow)
    with pytest.raises(actions.WrongPassphrase):
        open_share(token=token, passphrase=WRONG)
    assert counted == [1, 2, 3, 4, 5]


def dead_links(owner: User, make: Make) -> dict[str, str]:
    (ended, a), (late, b), (waiting, c), (spent, d) = make(), make(), make(), make()
    end_share(owner=owner, pk=ended.pk)
    Share.objects.filter(pk__in=[late.pk, waiting.pk]).update(
        due=timezone.now() - timedelta(seconds=1)
    )
    waiting_due = Share.objects.filter(pk=waiting.pk)
    expire_shares(timezone.now())
    waiting_due.update(state=Share.State.OPEN)  # as before the hourly job
    Share.objects.filter(pk=spent.pk).update(state=Share.State.SPENT, packet=None)
    return {"ended": a, "expired": b, "late": c, "spent": d, "never": "y" * 43, "short": "y"}


def test_every_link_that_opens_nothing_answers_alike(
    visitor: Client, mara: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = dead_links(mara, make)
    keys = []
    real = seal.hash_secret_raw
    monkeypatch.setattr(seal, "hash_secret_raw", lambda *a: keys.append(a) or real(*a))
    pages = set()
    for passphrase in (PASSPHRASE, WRONG):
        for token in tokens.values():
            answer = post(visitor, token, passphrase)
            assert answer.status_code == 404
            assert GONE in answer.content.decode()
            pages.add(answer.content)
    assert len(pages) == 1
    # The one thing that takes time is done once for each, with the same cost.
    assert len(keys) == 2 * len(tokens)
    assert len({key[2:] for key in keys}) == 1
    assert all(share.wrong == [] for share in Share.objects.all())


def test_a_living_link_costs_the_same(
    visitor: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _share, token = make()
    keys = []
    real = seal.hash_secret_raw
    monkeypatch.setattr(seal, "hash_secret_raw", lambda *a: keys.append(a) or real(*a))
    post(visitor, token, WRONG)
    post(visitor, token)
    assert len(keys) == 2


def test_when_its_time_is_over_it_opens_nothing_before_any_job_ran(
    visitor: Client, make: Make
) -> None:
    _share, token = make(days=1)
    with later(hours=23, minutes=59):
        assert post(visitor, token).status_code == 200
    with later(hours=24, minutes=1):
        assert post(visitor, token).status_code == 404


def test_ended_while_it_was_being_opened_it_shows_nothing(
    visitor: Client, mara: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, token = make()
    real = seal.open_packet

    def slow(*args: Any, **kwargs: Any) -> bytes:
        end_share(owner=mara, pk=share.pk)
        return real(*args, **kwargs)

    monkeypatch.setattr(seal, "open_packet", slow)
    assert post(visitor, token).status_code == 404


def test_erasing_the_person_ends_the_link(visitor: Client, mara: User, make: Make) -> None:
    _share, token = make()
    erase_person(owner=mara)
    assert not Share.objects.exists()
    assert post(visitor, token).status_code == 404


def test_an_erasure_that_stopped_half_way_has_ended_it_already(
    visitor: Client, mara: User, make: Make
) -> None:
    """The key goes first, and with it the way in: see healing.privacy.actions."""
    _share, token = make()
    destroy_key(mara)
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert post(visitor, token).status_code == 404


def test_the_server_with_all_its_keys_cannot_open_it_without_the_link(
    mara: User, make: Make
) -> None:
    share, _token = make()
    sealed = actions._sealed(Share.objects.get(pk=share.pk))
    with pytest.raises(SealBroken):
        seal.open_packet(sealed, token="", passphrase=PASSPHRASE, row=str(share.pk))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor: Client, make: Make, method: str) -> None:
    _share, token = make()
    assert getattr(visitor, method)(address(token)).status_code == 405


def test_it_takes_few_queries(visitor: Client, make: Make, django_assert_num_queries: Any) -> None:
    _share, token = make()
    with django_assert_num_queries(9):  # two transactions, each a row read and written; a key
        post(visitor, token)


def test_no_log_line_names_the_link(
    visitor: Client, make: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when something breaks."""
    _share, token = make()

    def broken(**_arguments: Any) -> None:
        raise RuntimeError(token)

    monkeypatch.setattr(actions, "open_share", broken)
    visitor.raise_request_exception = False
    with caplog.at_level("WARNING", logger="healing"):
        assert post(visitor, token).status_code == 500
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("healing")]
    assert ours
    assert "sharing:share_open" in ours[0]
    assert token not in " ".join(ours)
