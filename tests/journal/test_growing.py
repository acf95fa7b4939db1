"""A form grows into the next, and an entry into a larger one, without losing a word."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from exercises.actions import begin_gentler_path
from healing.accounts.models import User
from journal.actions import mark_of
from journal.models import Entry
from journal.parts import PARTS, Size, shown_by
from tests.journal.conftest import Write, at_hour

CREATE = reverse("journal:entry_create")
QUICK = {"trigger": "quarrel", "strength": "7", "feelings": ["sad", "numb"], "urges": "wait"}
STANDARD: dict[str, Any] = QUICK | {
    "form": "quick standard",
    "urges": ["wait", "rest"],
    "feelings_own": "like glass",
    "who": "friend",
    "person": "R.",
    "channel": "message",
    "camera": "Two grey ticks.",
    "guess": "She is tired of me",
    "sure": "mostly_guess",
    "state": "swinging",
    "reserve": "low",
    "body": ["tears", "foggy"],
    "did": ["wait"],
    "needs": ["comfort"],
    "helped": ["music"],
    "after": "3",
    "until": "an_hour",
    "note": "a line",
}
DEEP = {
    "story": "I am always left",
    "sentences": ["too_much"],
    "sentences_own": "I am a burden",
    "fairer": "I am one of many she has to think of",
    "echo": "a long wait at a window",
    "protected": "my pride",
    "cost": "an evening",
    "left_myself": ["waited_by_phone"],
    "stayed_by": "eating something",
    "next_if": "it stays quiet",
    "next_then": "I go outside",
    "kind": "Of course this hurts.",
}


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    at_hour(mara, 12)
    return client_of(mara)


def held(page: str) -> dict[str, list[str]]:
    """What a browser would post of a page's entry form, hidden or not."""
    form = page.partition('class="entry"')[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        kind, name, value = (
            (re.search(rf'{one}="([^"]*)"', tag) or ("", ""))[1]
            for one in ("type", "name", "value")
        )
        if value and (kind not in ("radio", "checkbox") or " checked" in tag):
            found.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)</textarea>', form):
        if value:
            found[name] = [value]
    return {name: said for name, said in found.items() if name != "csrfmiddlewaretoken"}


def wanted(*answers: dict[str, Any]) -> dict[str, list[str]]:
    return {
        name: said if isinstance(said, list) else [said]
        for one in answers
        for name, said in one.items()
        if name != "form"
    }


def answers_in(page: str) -> dict[str, list[str]]:
    names = {name for part in PARTS for name in (part.name, part.own)}
    return {name: said for name, said in held(page).items() if name in names}


def stored(owner: User) -> dict[str, Any]:
    content: dict[str, Any] = Entry.objects.of(owner).get().content
    return content


def as_stored(*answers: dict[str, Any]) -> dict[str, Any]:
    """What an entry holds once these were posted."""
    said = {name: value for one in answers for name, value in one.items() if name != "form"}
    return {
        name: int(value) if name in ("strength", "after") else value for name, value in said.items()
    }


def test_the_quick_form_grows_with_everything_in_it_and_stores_nothing(
    hers: Client, mara: User
) -> None:
    pk = str(uuid4())
    day = mara.today().isoformat()
    data = {**QUICK, "form_id": pk, "local_date": day, "note": "a line", "grow": "standard"}
    page = hers.post(CREATE, data).content.decode()
    assert answers_in(page) == wanted(QUICK, {"note": "a line"})
    assert held(page)["form_id"] == [pk]
    assert held(page)["form"] == ["quick standard"]
    assert 'data-guard="changed"' in page
    assert "<title>Error" not in page
    assert not Entry.objects.exists()


@pytest.mark.parametrize("typed", [{"note": "only words"}, {"local_date": ""}, {"trigger": "-"}])
def test_growing_refuses_nothing(hers: Client, mara: User, typed: dict[str, str]) -> None:
    data = {"local_date": mara.today().isoformat(), **typed, "grow": "standard"}
    page = hers.post(CREATE, data).content.decode()
    assert 'class="error"' not in page
    assert answers_in(page) == ({"note": ["only words"]} if "note" in typed else {})


def test_the_standard_form_grows_into_the_deep_one_and_back(hers: Client, mara: User) -> None:
    data = {**STANDARD, "form_id": str(uuid4()), "local_date": mara.today().isoformat()}
    deep = hers.post(CREATE, {**data, "grow": "deep"}).content.decode()
    assert "A little deeper" in deep
    assert "<dd><p>Two grey ticks.</p></dd>" in deep
    assert answers_in(deep) == wanted(STANDARD)
    back = hers.post(CREATE, {**held(deep), **DEEP, "grow": "standard"}).content.decode()
    assert answers_in(back) == wanted(STANDARD, DEEP)
    again = hers.post(CREATE, {**held(back), "grow": "deep"}).content.decode()
    assert not Entry.objects.exists()
    for _ in range(2):
        assert hers.post(CREATE, held(again)).status_code == 302
    assert stored(mara) == {"form": "deep", **as_stored(STANDARD, DEEP)}


def test_what_is_wrong_on_a_page_before_is_shown_there(hers: Client) -> None:
    data = {**STANDARD, **DEEP, "form": "standard deep", "local_date": "2999-01-01"}
    page = hers.post(CREATE, data).content.decode()
    assert "This day is still to come" in page
    assert "What happened?" in page
    assert answers_in(page) == wanted(STANDARD, DEEP)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"strength": "8", "after": ""}, "until the number is below 8"),
        ({"strength": "9", "after": "9"}, "until the number is below 8"),
    ],
)
def test_a_strong_one_stays_with_the_standard_form(
    hers: Client, mara: User, change: dict[str, str], says: str
) -> None:
    data = {**STANDARD, **change, "local_date": mara.today().isoformat(), "grow": "deep"}
    page = hers.post(CREATE, data).content.decode()
    assert says in page
    assert "A little deeper" not in page
    assert held(page)["camera"] == ["Two grey ticks."]
    calmer = hers.post(CREATE, {**data, "after": "4"}).content.decode()
    assert "A little deeper" in calmer


@pytest.mark.parametrize(
    ("hour", "loss", "says"),
    [(23, False, "From ten at night"), (3, False, "From ten at night"), (12, True, "after a loss")],
)
def test_at_night_and_soon_after_a_loss_the_standard_form_says_why_it_is_enough(
    hers: Client, mara: User, write: Write, hour: int, loss: bool, says: str
) -> None:
    at_hour(mara, hour)
    if loss:
        begin_gentler_path(owner=mara)
    entry = write(mara, form="standard", trigger="quarrel")
    edit = reverse("journal:entry_edit", args=[entry.pk])
    for page in (
        hers.get(CREATE, {"form": "standard"}).content.decode(),
        hers.post(CREATE, {**STANDARD, "grow": "deep"}).content.decode(),
        hers.get(edit, {"form": "deep"}).content.decode(),
    ):
        assert says in page
        assert 'value="deep"' not in page
        assert 'name="camera"' in page
    detail = hers.get(reverse("journal:entry_detail", args=[entry.pk])).content.decode()
    assert "?form=deep" not in detail


def test_what_was_begun_before_ten_is_saved_after_ten(hers: Client, mara: User) -> None:
    at_hour(mara, 23)
    data = {**STANDARD, **DEEP, "form": "standard deep", "local_date": mara.today().isoformat()}
    assert hers.post(CREATE, data).status_code == 302
    assert stored(mara)["story"] == DEEP["story"]


def test_a_new_entry_begins_with_the_standard_form_at_most(hers: Client) -> None:
    page = hers.get(CREATE, {"form": "deep"}).content.decode()
    assert "What happened?" in page
    assert 'name="camera"' in page


@pytest.mark.parametrize("form", ["", "nonsense", "DEEP", "\x00", "deep deep quick nonsense"])
def test_an_unknown_size_is_met(hers: Client, mara: User, form: str) -> None:
    data = {**QUICK, "local_date": mara.today().isoformat(), "form": form}
    assert hers.get(CREATE, {"form": form}).status_code == 200
    assert hers.post(CREATE, {**data, "grow": form}).status_code == 200


def opened(client: Client, entry: Entry, **address: str) -> dict[str, list[str]]:
    page = client.get(reverse("journal:entry_edit", args=[entry.pk]), address).content.decode()
    return held(page)


def test_a_saved_entry_grows_and_grows_again(hers: Client, mara: User, write: Write) -> None:
    entry = write(mara, **as_stored(QUICK) | {"urges": ["wait"]})
    edit = reverse("journal:entry_edit", args=[entry.pk])
    detail = reverse("journal:entry_detail", args=[entry.pk])
    assert f"{edit}?form=standard" in hers.get(detail).content.decode()
    data = opened(hers, entry, form="standard")
    hers.post(edit, {**data, **{k: v for k, v in STANDARD.items() if k != "form"}})
    assert stored(mara) == {"form": "standard", **as_stored(STANDARD)}
    assert f"{edit}?form=deep" in hers.get(detail).content.decode()
    data = opened(hers, entry, form="deep")
    assert "camera" not in data
    hers.post(edit, {**data, **DEEP})
    assert stored(mara) == {"form": "deep", **as_stored(STANDARD, DEEP)}
    assert Entry.objects.count() == 1


def test_an_edited_entry_keeps_what_its_form_does_not_show(
    hers: Client, mara: User, write: Write
) -> None:
    at_hour(mara, 23)
    entry = write(mara, **as_stored(STANDARD, DEEP) | {"form": "deep"})
    data = opened(hers, entry)
    assert "story" not in data
    data.pop("guess")
    data.pop("body")
    hers.post(reverse("journal:entry_edit", args=[entry.pk]), {**data, "camera": ["changed"]})
    expected = {**entry.content, "camera": "changed"}
    del expected["guess"], expected["body"]
    assert stored(mara) == expected


def test_an_entry_written_east_of_here_can_be_changed_while_its_day_is_still_to_come(
    hers: Client, mara: User, write: Write
) -> None:
    tomorrow = mara.today() + timedelta(days=1)
    entry = write(mara, local_date=tomorrow, **as_stored(STANDARD, DEEP) | {"form": "deep"})
    edit = reverse("journal:entry_edit", args=[entry.pk])
    for size, changed in (("standard", {"camera": "changed"}), ("deep", {"story": "another"})):
        hers.post(edit, {**opened(hers, entry, form=size), **changed})
        entry.refresh_from_db()
        assert (entry.local_date, entry.content | changed) == (tomorrow, entry.content)
    later = {"local_date": str(tomorrow + timedelta(days=1))}
    page = hers.post(edit, {**opened(hers, entry, form="standard"), **later}).content.decode()
    assert "This day is still to come" in page


def test_what_is_emptied_before_growing_does_not_come_back(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, **as_stored(STANDARD) | {"form": "standard"})
    edit = reverse("journal:entry_edit", args=[entry.pk])
    data = opened(hers, entry)
    for name in ("guess", "did"):
        data.pop(name)
    deep = held(hers.post(edit, {**data, "guess": "", "grow": "deep"}).content.decode())
    hers.post(edit, {**deep, "story": "a story"})
    assert stored(mara)["story"] == "a story"
    assert not {"guess", "did"} & stored(mara).keys()


def test_an_untouched_form_of_a_full_entry_changes_nothing(
    hers: Client, mara: User, write: Write
) -> None:
    entry = write(mara, **as_stored(STANDARD, DEEP) | {"form": "deep"})
    for form in ("quick", "standard", "deep"):
        data = opened(hers, entry, form=form)
        hers.post(reverse("journal:entry_edit", args=[entry.pk]), data)
        assert stored(mara) == entry.content
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("stale", [True, False])
def test_a_deep_form_given_back_holds_every_word(mara: User, stale: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    if stale:
        client.force_login(mara, "allauth.account.auth_backends.AuthenticationBackend")
    data = {**STANDARD, **DEEP, "form": "standard deep", "csrfmiddlewaretoken": "x" * 64}
    data |= {"local_date": mara.today().isoformat(), "sessions": str(uuid4()), "who": "-"}
    answer = client.post(CREATE, data)
    page = answer.content.decode().replace('method="post"', 'class="entry"')
    assert answer.status_code == 403
    assert answers_in(page) == wanted(STANDARD, DEEP, {"who": "-"})
    assert held(page)["form"] == ["standard deep"]
    assert held(page)["sessions"] == [data["sessions"]]
    assert not Entry.objects.exists()


def test_the_order_in_a_list_is_no_change() -> None:
    lists = [part.name for part in PARTS if part.many]
    one: dict[str, Any] = {name: ["b", "a"] for name in lists}
    one["sessions"] = [{"session": "2"}, {"session": "1"}]
    other = {name: said[::-1] for name, said in one.items()}
    day = date(2026, 3, 31)
    assert mark_of(day, one) == mark_of(day, other)
    for name in one:
        assert mark_of(day, one) != mark_of(day, {**one, name: one[name][:1]})


def test_every_part_is_on_one_page_or_the_other() -> None:
    pages = [part for size in (Size.STANDARD, Size.DEEP) for part in shown_by(size)]
    assert sorted(part.name for part in pages) == sorted(part.name for part in PARTS)
    assert set(shown_by(Size.QUICK)) < set(shown_by(Size.STANDARD))
