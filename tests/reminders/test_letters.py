"""Letters to oneself: any number up to a limit, each on its day, changed until then."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from healing.reminders import actions, claim, dispatch, letters
from healing.reminders.models import Delivery, Enclosure, Plan
from healing.reminders.transport import SmtpTransport

State, Reason = Delivery.State, Delivery.Reason
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def write(mara, due):
    def make(*, owner=mara, now=due - HOUR, **fields) -> Plan:
        asked = {
            "letter": uuid4(), "words": "Breathe first.", "on_date": MONDAY + DAY,
            "local_time": time(20, 30), "time_zone": "Europe/Berlin",
        }  # fmt: skip
        return letters.write_letter(owner=owner, now=now, **(asked | fields))

    return make


def words_of(letter: UUID) -> str:
    return Enclosure.objects.get(plan=letter).said["words"]


def test_a_letter_is_due_on_its_day_and_its_words_are_sealed(write, due):
    plan = write()

    assert (plan.next_local_date, plan.next_due_at) == (MONDAY + DAY, due + DAY)
    assert words_of(plan.pk) == "Breathe first."
    row = Enclosure.objects.filter(plan=plan)
    assert b"Breathe" not in bytes(row.values_list("said", flat=True)[0])


def test_the_same_letter_again_changes_it(write):
    plan = write()
    write(letter=plan.pk, words="Call Ana.", on_date=MONDAY + 9 * DAY)

    plan = Plan.objects.get()
    assert (plan.on_date, plan.next_local_date) == (MONDAY + 9 * DAY, MONDAY + 9 * DAY)
    assert words_of(plan.pk) == "Call Ana."


def test_one_beside_plans_whose_zone_a_newer_table_dropped_has_its_own(mara, write, plan_for, due):
    plan_for(mara)
    Plan.objects.update(time_zone="Mars/Base")

    assert write().time_zone == "Europe/Berlin"


@pytest.mark.parametrize("on_date", [MONDAY - DAY, MONDAY, date(2031, 11, 24)])
def test_a_day_that_cannot_be_is_refused(write, on_date):
    with pytest.raises(letters.DayNotPossible):
        write(on_date=on_date)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("on_date", [MONDAY + DAY, date(2031, 11, 23)])
def test_tomorrow_and_five_years_can_be(write, on_date):
    assert write(on_date=on_date).on_date == on_date


def test_five_years_from_a_leap_day_end_on_the_28th(write, due):
    leap = due.replace(year=2028, month=2, day=29)
    write(now=leap, on_date=date(2033, 2, 28))
    with pytest.raises(letters.DayNotPossible):
        write(now=leap, on_date=date(2033, 3, 1))


def test_more_letters_than_may_wait_are_refused(write, theo):
    for _ in range(letters.MOST_WAITING):
        last = write()
    with pytest.raises(letters.TooManyLetters):
        write()
    write(letter=last.pk, words="Changed.")
    write(owner=theo)


def test_letters_whose_day_has_come_leave_room(write, due):
    for _ in range(letters.MOST_WAITING):
        write()
    assert write(now=due + DAY, on_date=MONDAY + 2 * DAY)


def test_another_persons_letter_can_be_neither_changed_nor_deleted(write, theo, due):
    plan = write()
    with pytest.raises(Plan.DoesNotExist):
        write(owner=theo, letter=plan.pk, words="Mine.")
    letters.delete_letter(owner=theo, letter=plan.pk, now=due)
    letters.note_read(owner=theo, letter=plan.pk, now=due + DAY)

    assert words_of(plan.pk) == "Breathe first."
    assert Plan.objects.get().is_running


def test_on_its_day_it_can_no_more_be_changed(write, due):
    plan = write()
    with pytest.raises(letters.LetterHadItsDay):
        write(letter=plan.pk, words="Late.", on_date=MONDAY + 3 * DAY, now=due + DAY - 2 * HOUR)
    assert words_of(plan.pk) == "Breathe first."


def test_a_letter_is_on_the_clock_of_the_other_plans(mara, plan_for, write, due):
    plan_for(mara)
    plan = write(time_zone="Asia/Tokyo")
    assert (plan.time_zone, plan.next_due_at) == ("Europe/Berlin", due + DAY)


@pytest.mark.parametrize("days", [None, 30])
def test_a_stopped_letter_that_is_saved_again_takes_part_in_the_break(
    mara, plan_for, write, due, days
):
    plan_for(mara)
    letter = write(on_date=MONDAY + 3 * DAY)
    actions.stop_all(owner_id=mara.pk)
    plan_for(mara)
    until = due + days * DAY if days else None
    actions.take_break(owner_id=mara.pk, until=until, now=due - HOUR)
    write(letter=letter.pk, on_date=MONDAY + 2 * DAY)
    for day in range(5):
        claim.claim(due + day * DAY)

    assert not Delivery.objects.mails().exists()


def test_deleting_it_takes_words_and_mail_along(mara, write, due):
    plan = write()
    claim.claim(due + DAY)
    letters.delete_letter(owner=mara, letter=plan.pk, now=due + DAY)

    assert not Plan.objects.exists()
    assert not Enclosure.objects.exists()
    assert not Delivery.objects.exists()


def test_the_day_of_a_deleted_letter_had_its_mail_and_gets_no_second(mara, plan_for, write, due):
    check_in = plan_for(mara, weekdays=frozenset({1}), local_time=time(21))
    letter = write()
    claim.claim(due + DAY)
    Delivery.objects.update(state=State.SENT, sent_at=due + DAY)
    letters.delete_letter(owner=mara, letter=letter.pk, now=due + DAY)
    claim.claim(due + DAY + HOUR)

    assert list(Delivery.objects.values_list("plan", "state")) == [(check_in.pk, State.SENT)]


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN, State.SENDING])
def test_the_mail_of_a_deleted_letter_is_remembered_where_there_is_no_other_plan(
    mara, plan_for, write, due, state
):
    letter = write()
    actions.choose_mail(
        owner=mara, time_zone="Europe/Berlin", quiet=(time(1), time(5)), holds="bare", now=due
    )
    claim.claim(due + DAY)
    until = due + DAY + HOUR if state == State.SENDING else None
    Delivery.objects.update(state=state, lease_until=until)
    letters.delete_letter(owner=mara, letter=letter.pk, now=due + DAY)
    off = Plan.objects.get()
    assert (off.kind, off.is_standing, off.holds) == (Plan.Kind.CHECK_IN, False, "bare")
    started = plan_for(mara, local_time=time(23), now=due + DAY)
    assert started.quiet_from == time(1)
    claim.claim(due + DAY + 3 * HOUR)

    assert [one.state for one in Delivery.objects.mails().went()] == [state]
    assert not Delivery.objects.waiting().exists()


def test_a_mail_a_letter_shared_comes_of_the_other_plan_once_it_is_deleted(
    mara, plan_for, write, due
):
    check_in = plan_for(mara, weekdays=frozenset({1}), local_time=time(21))
    letter = write()
    claim.claim(due + DAY)
    claim.claim(due + DAY + HOUR)
    assert Delivery.objects.get(plan=check_in).reason == Reason.JOINED
    letters.delete_letter(owner=mara, letter=letter.pk, now=due + DAY + HOUR)

    assert list(Delivery.objects.values_list("plan", "state")) == [(check_in.pk, State.PENDING)]


def test_the_mail_of_a_deleted_letter_that_is_put_back_goes_out_of_a_plan_that_runs(
    mara, plan_for, write, due, smtp_server, moment_at
):
    plan_for(mara)
    at = time(20, 29)
    stopped = write(letter=UUID(int=1), on_date=MONDAY + 9 * DAY, local_time=at)
    actions.stop_plan(plan_id=stopped.pk)
    deleted, now = write(local_time=at), due + DAY
    claim.claim(now)
    mails = Delivery.objects.filter(local_date=MONDAY + DAY, plan=deleted)
    assert mails.update(state=State.SENDING, lease_until=now + DAY) == 1
    letters.delete_letter(owner=mara, letter=deleted.pk, now=now)
    Delivery.objects.filter(state=State.SENDING).update(state=State.PENDING, lease_until=None)

    dispatch.drain(SmtpTransport(), clock=moment_at(now + HOUR / 60).now)
    assert len(smtp_server.accepted) == 1


def test_a_letter_that_was_read_needs_no_mail(mara, write, due):
    plan = write()
    claim.claim(due + DAY)
    letters.note_read(owner=mara, letter=plan.pk, now=due + DAY)

    plan.refresh_from_db()
    assert (plan.is_running, plan.had_its_day) == (False, True)
    assert Delivery.objects.get().state == State.SKIPPED


def test_before_its_day_nothing_counts_as_read(mara, write, due):
    plan = write()
    letters.note_read(owner=mara, letter=plan.pk, now=due)
    plan.refresh_from_db()
    assert plan.is_running


# What a mail of a date is about ------------------------------------------------------------------


def on(mara, day: date, now: datetime | None = None) -> list[str]:
    plans = Plan.objects.around([mara.pk], day, now=now or timezone.now())
    return [plan.kind for plan in plans.filter(is_in_mail=True)]


def test_a_mail_is_about_every_plan_that_comes_that_day(mara, theo, plan_for, write, due):
    plan_for(mara)
    plan_for(mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset({0}), local_time=time(9))
    plan_for(theo, kind=Plan.Kind.PRACTICE, exercise="E05")
    write(local_time=time(21))

    assert on(mara, MONDAY) == ["look_back", "check_in"]
    assert on(mara, MONDAY + DAY) == ["check_in", "letter"]
    assert on(mara, MONDAY + 7 * DAY)[:2] == ["look_back", "check_in"]


def test_a_stopped_plan_is_in_no_mail(mara, plan_for):
    plan = plan_for(mara)
    plan.stop()
    plan.save()
    assert on(mara, MONDAY) == []


@pytest.mark.parametrize(
    ("state", "again"),
    [(State.SENT, []), (State.UNCERTAIN, []), (State.SKIPPED, ["letter"]), (State.FAILED,
     ["letter"])],
)  # fmt: skip
def test_a_letter_that_no_mail_named_stands_in_the_next(mara, write, due, state, again):
    write()
    claim.claim(due + DAY)
    assert on(mara, MONDAY + DAY) == ["letter"]
    Delivery.objects.update(state=state)

    assert on(mara, MONDAY + DAY) == ["letter"]
    assert on(mara, MONDAY + 2 * DAY) == again
