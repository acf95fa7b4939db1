"""Keeping a moment, bringing one back, and the one line a mail may hold."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string

from healing.accounts.models import User
from healing.locker.actions import keep_moment, line_for_mail, moments_like
from healing.locker.models import Moment
from healing.privacy.export import export_person
from tests.locker.conftest import WORDS, Keep


def test_the_same_id_is_one_moment_and_an_id_of_somebody_else_is_refused(
    mara: User, theo: User
) -> None:
    pk = uuid4()
    for words in ("one", "two"):
        keep_moment(owner=mara, moment=pk, words=words)
    with pytest.raises(Moment.DoesNotExist):
        keep_moment(owner=theo, moment=pk, words="his")
    assert Moment.objects.get().words == "two"


def test_the_newest_with_the_same_trigger_comes_back_else_one_of_its_group(
    mara: User, theo: User, keep: Keep
) -> None:
    keep(theo, words="his", triggers=["reply_late"])
    keep(mara, words="old, same", triggers=["reply_late"])
    keep(mara, words="new, same", triggers=["quarrel", "reply_late"])
    keep(mara, words="newest, same group", triggers=["seen_no_reply"])
    keep(mara, words="no trigger")

    def found(*triggers: str, limit: int = 1) -> list[str]:
        return [one.words for one in moments_like(owner=mara, triggers=triggers, limit=limit)]

    assert found("reply_late") == ["new, same"]
    assert found("vanished") == ["newest, same group"]
    assert found("reply_late", limit=9) == ["new, same", "old, same", "newest, same group"]
    assert found("pet_loss") == found("other") == found() == []


def test_a_mail_holds_a_line_only_with_the_tick(mara: User, theo: User, keep: Keep) -> None:
    day = mara.today() + timedelta(days=1)
    keep(mara)
    keep(theo, words="his", in_mail=True)
    assert line_for_mail(owner=mara, day=day) is None
    row = keep(mara, words="She stayed.\r\nI  slept.", in_mail=True)
    assert line_for_mail(owner=mara, day=day) == "She stayed. I slept."
    keep_moment(owner=mara, moment=row.pk, words=row.words)
    assert line_for_mail(owner=mara, day=day) is None


def test_the_line_stays_for_a_day_and_the_others_get_their_turn(mara: User, keep: Keep) -> None:
    start = date(2027, 1, 1)
    for words in ("a", "b", "c"):
        keep(mara, words=words, in_mail=True)
    week = [line_for_mail(owner=mara, day=start + timedelta(days=n)) for n in range(6)]
    assert week[:3] == week[3:]
    assert {*week} == {"a", "b", "c"}
    keep(mara, words="d", in_mail=True)
    Moment.objects.filter(pk=Moment.objects.latest("created").pk).update(local_date=start)
    assert line_for_mail(owner=mara, day=start) == week[0]


def test_nothing_of_it_can_be_read_in_the_database(mara: User, keep: Keep) -> None:
    keep(mara, triggers=["pet_loss"], day=mara.today(), in_mail=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM locker_moment")
        columns = {column[0] for column in cursor.description}
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert columns == {"id", "owner_id", "created", "local_date", "said"}
    for word in ("stayed", "tea", "pet_loss", "in_mail"):
        assert word not in stored


def test_the_export_shows_it_in_plain_words(mara: User, keep: Keep) -> None:
    keep(mara, triggers=["pet_loss"])
    (row,) = export_person(owner=mara)["records"]["locker.moment"]
    assert (row["said"]["words"], row["said"]["triggers"]) == (WORDS, ["pet_loss"])


def test_a_moment_can_stand_on_another_rooms_page(mara: User, keep: Keep) -> None:
    moment = keep(mara, day=date(2026, 3, 1))
    part = render_to_string("locker/_moment.html", {"moment": moment})
    assert "From your locker: Someone stayed" in part
    assert "She stayed &amp; made &lt;b&gt;tea&lt;/b&gt;, 她留下了" in part
    assert "1 March 2026" in part
