"""What the larger forms ask beside taps: exercises done, own words kept, safety in every list."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.actions import record_session
from exercises.models import Session
from exercises.ratings import Ended
from healing.accounts.models import User
from journal.models import FEW, OFFERED_AGAIN, Entry
from journal.parts import PARTS
from tests.journal.conftest import Write

CREATE = reverse("journal:entry_create")


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def practise(owner: User, *, days_ago: int = 0, ended: Ended | None = Ended.FINISHED) -> Session:
    session = record_session(
        owner=owner, session=uuid4(), exercise="E01", variant="", before=None, after=None,
        seconds=60, ended=ended,
    )  # fmt: skip
    session.local_date = owner.today() - timedelta(days=days_ago)
    session.save()
    return session


def standard(owner: User, **more: Any) -> dict[str, Any]:
    day = owner.today().isoformat()
    return {"form": "standard", "form_id": str(uuid4()), "local_date": day, **more}


def test_a_standard_form_costs_two_queries_more_than_a_quick_one(
    hers: Client, django_assert_num_queries: Any
) -> None:
    hers.get(CREATE)
    with django_assert_num_queries(
        7
    ):  # session, person, recent entries, exercises, limits, drafts, last 24 hours
        page = hers.get(CREATE, {"form": "standard"}).content.decode()
    assert "Exercises you did" not in page


def test_exercises_of_that_day_and_the_day_before_can_be_named(
    hers: Client, mara: User, theo: User, content: None
) -> None:
    offered = [practise(mara), practise(mara, days_ago=1)]
    for one in (mara, theo):
        practise(one, days_ago=2 if one == mara else 0)
    practise(mara, ended=None)
    page = hers.get(CREATE, {"form": "standard"}).content.decode()
    found = re.findall(r'name="sessions" value="([^"]+)"', page)
    assert {UUID(one) for one in found} == {one.pk for one in offered}
    hers.post(CREATE, standard(mara, trigger="quarrel", sessions=found))
    entry = Entry.objects.of(mara).get()
    assert sorted(one["session"] for one in entry.content["sessions"]) == sorted(found)
    assert {one["exercise"] for one in entry.content["sessions"]} == {"E01"}
    detail = reverse("journal:entry_detail", args=[entry.pk])
    for one in offered:
        assert (
            reverse("exercises:session_detail", args=[one.pk]) in hers.get(detail).content.decode()
        )


def test_an_entry_about_an_earlier_day_names_what_was_done_then(hers: Client, mara: User) -> None:
    then = mara.today() - timedelta(days=9)
    done = practise(mara, days_ago=10)
    data = standard(mara, trigger="quarrel", local_date=then.isoformat(), grow="standard")
    page = hers.post(CREATE, data).content.decode()
    assert f'name="sessions" value="{done.pk}"' in page
    del data["grow"]
    hers.post(CREATE, {**data, "sessions": str(done.pk)})
    assert Entry.objects.of(mara).get().said("sessions")[0]["session"] == str(done.pk)


def test_a_strangers_exercise_is_refused_and_nothing_typed_is_lost(
    hers: Client, mara: User, theo: User
) -> None:
    for pk in (str(practise(theo).pk), str(uuid4()), "nonsense"):
        data = standard(mara, trigger="quarrel", sessions=pk, guess="typed")
        page = hers.post(CREATE, data).content.decode()
        assert "not among yours" in page
        assert "typed" in page
    assert not Entry.objects.exists()


def test_a_deleted_session_stays_named_in_its_entry(
    hers: Client, mara: User, content: None
) -> None:
    pk = str(practise(mara).pk)
    hers.post(CREATE, standard(mara, trigger="quarrel", sessions=pk))
    Session.objects.of(mara).delete()
    entry = Entry.objects.of(mara).get()
    edit = reverse("journal:entry_edit", args=[entry.pk])
    page = hers.get(edit).content.decode()
    mark = page.partition('name="opened_with" value="')[2][:16]
    hers.post(edit, standard(mara, trigger="rival", sessions=pk, opened_with=mark))
    kept = Entry.objects.of(mara).get()
    assert (kept.said("trigger"), kept.said("sessions")) == ("rival", entry.said("sessions"))
    detail = reverse("journal:entry_detail", args=[entry.pk])
    page = hers.get(detail).content.decode()
    assert "Exercises I did" in page
    assert reverse("exercises:session_detail", args=[pk]) not in page


@pytest.mark.parametrize("name", OFFERED_AGAIN)
def test_own_words_are_offered_again_at_once_newest_first_and_once(
    mara: User, write: Write, name: str
) -> None:
    for number in range(FEW + 2):
        write(mara, trigger="quarrel", **{name: f"word {number}"})
    write(mara, trigger="quarrel", **{name: "word 3"})
    again = Entry.objects.of(mara).used(before=timezone.now())[name]
    assert again[:2] == ["word 3", f"word {FEW + 1}"]
    assert len(again) == len(set(again)) == FEW


def test_a_line_and_its_list_of_words_belong_together(
    hers: Client, mara: User, write: Write
) -> None:
    words = {name: f"<b>{name}</b>" for name in OFFERED_AGAIN}
    write(mara, trigger="quarrel", **words)
    page = hers.get(CREATE, {"form": "standard"}).content.decode()
    for name in ("person", "trigger_own", "feelings_own", "did_own", "helped_own"):
        assert f'list="{name}_again"' in page
        assert f'<datalist id="{name}_again"><option value="&lt;b&gt;{name}' in page


@pytest.mark.parametrize("part", [part for part in PARTS if part.taxonomy], ids=lambda p: p.name)
def test_what_was_chosen_most_stands_first_in_every_list(
    mara: User, write: Write, part: Any
) -> None:
    last = next(iter(part.taxonomy)).key
    write(mara, **{part.name: [last] if part.many else last})
    assert Entry.objects.of(mara).used(before=timezone.now())[part.name] == [last]
    assert Entry.objects.of(mara).used(before=timezone.now() - timedelta(days=1))[part.name] == []


@pytest.mark.parametrize(
    ("content", "says", "panel", "asks"),
    [
        ({"did": ["hurt_myself"]}, "get medical help now, even if you feel all right", True, True),
        ({"did": ["say_hurt_myself"]}, "say it to today", True, True),
        ({"urges": ["hurt_myself"]}, "do not stay alone with it", True, True),
        ({"did": ["hurt_someone"]}, "services for people who worry", True, False),
        ({"body": ["numb_patches"]}, "call the emergency number", False, False),
        ({"left_myself": ["unwanted_touch"]}, "this was done to you", True, False),
    ],
)
def test_every_list_speaks_of_safety_and_still_saves(
    hers: Client, mara: User, content: dict[str, Any], says: str, panel: bool, asks: bool
) -> None:
    form = "standard deep" if "left_myself" in content else "standard"
    data = standard(mara, feelings=["sad"], **content) | {"form": form}
    page = hers.post(CREATE, data, follow=True).content.decode()
    assert Entry.objects.of(mara).count() == 1
    assert says in page
    assert ('id="help-now"' in page) is panel
    assert (reverse("checkins:safety") in page) is asks


@pytest.mark.parametrize("key", ["threat_to_leave", "felt_unsafe", "dishonesty"])
def test_what_may_be_an_answer_leads_to_weighing_it(
    hers: Client, mara: User, write: Write, key: str
) -> None:
    weigh = reverse("exercises:exercise_detail", args=["alarm-or-answer"])
    item = hers.get(CREATE).content.decode().split(f'value="{key}"')[1].split("</li>")[0]
    assert weigh in item
    detail = reverse("journal:entry_detail", args=[write(mara, trigger=key).pk])
    assert weigh in hers.get(detail).content.decode()


def test_a_danger_sign_that_was_done_saves_alone(hers: Client, mara: User) -> None:
    hers.post(CREATE, standard(mara, did=["hurt_someone"]))
    assert Entry.objects.of(mara).get().said("did") == ["hurt_someone"]


def test_the_longest_entry_can_be_deleted_and_brought_back(
    hers: Client, mara: User, write: Write
) -> None:
    content: dict[str, Any] = {"form": "deep"}
    for part in PARTS:
        if part.taxonomy and part.many:
            content[part.name] = [item.key for item in part.taxonomy]
        elif not part.taxonomy and not part.number:
            content[part.name] = "\U0001f33f" * part.longest
        if part.own:
            content[part.own] = "長" * 200
    entry = write(mara, **content)
    page = hers.post(reverse("journal:entry_delete", args=[entry.pk])).content.decode()
    undo = (re.search(r'name="undo" value="([^"]+)"', page) or ["", ""])[1]
    assert len(undo) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2
    hers.post(reverse("journal:entry_restore"), {"undo": undo})
    assert Entry.objects.of(mara).get().content == entry.content
