"""Making a link: warned before, shown once, stored so that it opens with both words only."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.models import User
from healing.privacy.export import export_person
from healing.sharing.actions import end_share
from healing.sharing.models import Share
from healing.sharing.seal import TOKEN, heard, token_hash
from journal.models import Entry
from tests.sharing.conftest import LINK, address, asked, hidden, looked, main_of, write

WORDS = "twelve letters or more"


@pytest.fixture
def form(hers: Client, entry: Entry, quick: None) -> dict[str, Any]:
    """The form for a link, as it is sent back with a passphrase of one's own."""
    page = hers.post(LINK, looked(hers, asked())).content.decode()
    return {**hidden(page), "label": "for Dr Weiss", "passphrase": WORDS}


def test_it_warns_before_it_asks(hers: Client, entry: Entry) -> None:
    page = main_of(hers.post(LINK, looked(hers, asked())).content.decode())
    for warning in (
        "Anyone who has the link and the passphrase can read it.",
        "Send the passphrase another way than the link",
        "Do not use it with someone you fear",
        "What someone has read, saved or printed by then stays with them.",
    ):
        assert warning in page
    assert page.index("Before you do") < page.index("<form")
    assert Share.objects.count() == 0


def test_it_proposes_plain_words_and_a_week(hers: Client, entry: Entry) -> None:
    page = hers.post(LINK, looked(hers, asked())).content.decode()
    sent = hidden(page)
    assert sent["days"] == ["7"]
    assert TOKEN.fullmatch(sent["token"][0])
    words = page.split('name="passphrase"')[1].split(">", 1)[1].split("<")[0]
    assert len(words.split()) == 6


def test_link_and_passphrase_are_shown_once(hers: Client, form: dict[str, Any]) -> None:
    page = main_of(hers.post(LINK, form).content.decode())
    token = form["token"][0]
    assert f"http://testserver{address(token)}" in page
    assert WORDS in page
    listed = hers.get("/sharing/").content.decode()
    assert token not in listed
    assert WORDS not in listed


def test_the_link_opens(hers: Client, visitor: Client, form: dict[str, Any]) -> None:
    hers.post(LINK, form)
    answer = visitor.post(address(form["token"][0]), {"passphrase": WORDS})
    assert "the lamp was off" in answer.content.decode()


def test_what_was_struck_is_not_in_it(
    hers: Client, visitor: Client, entry: Entry, quick: None
) -> None:
    sent = looked(hers, asked(), out=[f"{entry.pk.hex}.note"])
    form = {**hidden(hers.post(LINK, sent).content.decode()), "passphrase": WORDS}
    hers.post(LINK, form)
    page = visitor.post(address(form["token"][0]), {"passphrase": WORDS}).content.decode()
    assert "7 of 10" in page
    assert "the lamp was off" not in page
    assert page.count("not included") == 1


def test_it_is_a_picture_of_that_moment(
    hers: Client, visitor: Client, form: dict[str, Any], entry: Entry
) -> None:
    hers.post(LINK, form)
    entry.delete()
    answer = visitor.post(address(form["token"][0]), {"passphrase": WORDS})
    assert "the lamp was off" in answer.content.decode()


@pytest.mark.parametrize("days", ["1", "7", "14", "30"])
def test_it_ends_after_the_days_that_were_chosen(
    hers: Client, form: dict[str, Any], days: str
) -> None:
    hers.post(LINK, {**form, "days": days})
    left = Share.objects.get().due - timezone.now()
    assert abs(left - timedelta(days=int(days))) < timedelta(minutes=1)


def test_sent_twice_it_is_one_link_that_opens(
    hers: Client, visitor: Client, form: dict[str, Any]
) -> None:
    first, second = (main_of(hers.post(LINK, form).content.decode()) for _ in range(2))
    assert first == second
    assert Share.objects.count() == 1
    assert visitor.post(address(form["token"][0]), {"passphrase": WORDS}).status_code == 200


def test_sent_again_after_its_end_it_makes_no_new_one(
    hers: Client, mara: User, form: dict[str, Any]
) -> None:
    hers.post(LINK, form)
    end_share(owner=mara, pk=Share.objects.get().pk)
    answer = hers.post(LINK, form, follow=True)
    assert "This link has ended." in answer.content.decode()
    assert Share.objects.get().state == Share.State.ENDED


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"passphrase": "short words"}, "This is too easy to guess."),
        ({"passphrase": "a  -  -  -  -  -  b"}, "This is too easy to guess."),
        ({"passphrase": "x" * 201}, "Shorten it to 200 letters."),
        ({"passphrase": ""}, "Write a passphrase of 12 letters or more."),
        ({"days": "31"}, "Choose how long it opens."),
        ({"days": ""}, "Choose how long it opens."),
        ({"label": "x" * 101}, "Shorten it to 100 letters."),
        ({"token": "short"}, "Enter a valid value."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_lost(
    hers: Client, form: dict[str, Any], sent: dict[str, Any], words: str
) -> None:
    page = hers.post(LINK, {**form, **sent}).content.decode()
    assert words in page
    assert Share.objects.count() == 0
    again = {**hidden(page), "label": "x", "passphrase": WORDS, "days": "7"}
    assert again["first"] == ["2026-05-04"]
    if "token" not in sent:
        assert again["token"] == form["token"]
        assert "Your link is ready" in hers.post(LINK, again).content.decode()


def test_only_what_was_looked_at_goes_into_it(
    hers: Client, mara: User, form: dict[str, Any]
) -> None:
    write(mara, mara.today().replace(year=2026, month=5, day=4), note="added meanwhile")
    assert "since you looked" in hers.post(LINK, form).content.decode()
    assert Share.objects.count() == 0


def test_another_persons_form_makes_nothing(
    hers: Client, theo: User, client_of: Any, form: dict[str, Any]
) -> None:
    hers.post(LINK, form)
    his = client_of(theo)
    write(theo, Share.objects.get().created.date().replace(year=2026, month=5, day=4), note="his")
    assert his.post(LINK, {**form, **looked(his, asked())}).status_code == 404
    assert Share.objects.count() == 1


def test_a_get_is_refused(hers: Client) -> None:
    assert hers.get(LINK).status_code == 405


def test_without_a_session_the_form_comes_back_filled(form: dict[str, Any]) -> None:
    answer = Client().post(LINK, form)
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()
    assert Share.objects.count() == 0


def test_neither_token_nor_words_are_in_the_row(hers: Client, form: dict[str, Any]) -> None:
    hers.post(LINK, form)
    share = Share.objects.get()
    row = str({**share.__dict__, "key": share.key, "said": share.said})
    for secret in (form["token"][0], WORDS, heard(WORDS), "lamp"):
        assert secret not in row
    assert share.token_hash == token_hash(form["token"][0])
    assert b"lamp" not in bytes(share.packet)


def test_the_export_names_the_link_and_not_what_it_shows(
    hers: Client, mara: User, form: dict[str, Any]
) -> None:
    hers.post(LINK, form)
    data = export_person(owner=mara)
    (row,) = data["records"]["sharing.share"]
    assert row["said"] == {"label": "for Dr Weiss", "opened": [], "wrong": []}
    assert set(row) == {"id", "created", "state", "due", "said"}
    assert "links for a therapist" in json.dumps(data["left_out"])
