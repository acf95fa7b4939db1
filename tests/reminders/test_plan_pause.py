"""Pausing one mail until a day: the others go on, and it comes again by itself."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.clock import local_now, local_today
from healing.reminders import actions, claim, dispatch, mail
from healing.reminders.models import Delivery, Plan
from healing.reminders.outlook import outlook_of
from healing.reminders.transport import SmtpTransport
from tests.reminders.pages import AGAIN, BREAK, CHECK_IN, LOOK_BACK, PAGE, PRACTICE, text

PAUSE = f"{CHECK_IN}pause/"
State, Reason, Kind = Delivery.State, Delivery.Reason, Plan.Kind
DAY = timedelta(days=1)


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


@pytest.fixture
def pair(mara, plan_for) -> tuple[Plan, Plan]:
    """Both due at one moment; the check-in comes first."""
    return plan_for(mara), plan_for(mara, kind=Kind.LOOK_BACK, weekdays=frozenset(range(7)))


def today(plan: Plan) -> date:
    return local_today(plan.time_zone, timezone.now())


def pause(client, until: date):
    return client.post(PAUSE, {"until": until.isoformat()}, follow=True)


def what_became(plan: Plan) -> list[tuple[str, str]]:
    return list(plan.deliveries.order_by("local_date", "seq").values_list("state", "reason"))


# The page ----------------------------------------------------------------------------------------


def test_it_rests_until_the_day_and_the_others_go_on(client, plan):
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    until = today(plan) + 30 * DAY
    page = text(pause(client, until))
    assert "It is paused. Your other mails go on." in page
    assert "on its way" not in page
    day = f"{until:%A}, {until.day} {until:%B}"
    assert f"Daily check-in Paused until {day}" in page
    assert "Weekly look-back On: Sunday at 18:00" in page
    assert "You are on a break" not in page
    coming = page.split("What comes next")[1].split("What you can get")[0]
    assert coming.count("look-back") == 3
    assert "check-in" not in coming
    plan.refresh_from_db()
    assert local_now(plan.time_zone, plan.paused_until).time() == time(0)
    assert plan.coming(timezone.now(), 1)[0].date() == until


def test_it_is_ended_from_its_page(client, plan):
    pause(client, today(plan) + 9 * DAY)
    assert "Paused until" in text(client.get(CHECK_IN))
    assert "It is paused until" in text(client.get(PAUSE))
    page = text(client.post(PAUSE, {"end": "yes"}, follow=True))
    assert "The pause is over. It comes as planned." in page
    assert "Paused until" not in page
    plan.refresh_from_db()
    assert plan.paused_until is None


def test_saving_days_and_hour_meanwhile_says_when_it_comes_after_the_pause(client, plan):
    until = today(plan) + 9 * DAY
    pause(client, until)
    days = [str(day) for day in range(7)]
    page = client.post(CHECK_IN, {"days": days, "local_time": "21:00"}, follow=True)
    said = f"It comes next on {until:%A}, {until.day} {until:%B} at 21:00."
    assert said in text(page)
    assert "Paused until" in text(page)


def test_a_pause_outlasts_a_break_and_a_break_begins_and_ends_without_it(client, plan):
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    until = today(plan) + 30 * DAY
    pause(client, until)
    client.post(BREAK, {"until": (today(plan) + 10 * DAY).isoformat()})
    assert plan.silent_until != Plan.objects.get(pk=plan.pk).silent_until
    client.post(AGAIN)
    plan.refresh_from_db()
    assert (plan.break_until, local_now(plan.time_zone, plan.paused_until).date()) == (None, until)
    client.post(BREAK, {"until": ""})
    client.post(AGAIN)
    plan.refresh_from_db()
    assert plan.is_running
    assert plan.coming(timezone.now(), 1)[0].date() == until


def test_a_new_plan_takes_no_part_in_the_pause_of_another(client, plan):
    pause(client, today(plan) + 30 * DAY)
    client.post(PRACTICE, {"days": ["0"], "local_time": "18:00", "exercise": "E05"})
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    other = Plan.objects.get(kind=Kind.LOOK_BACK)
    assert (other.paused_until, other.break_until) == (None, None)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_day_that_cannot_be_is_said_and_nothing_changes(client, plan, days):
    page = pause(client, today(plan) + days * DAY)
    assert "Choose a day from tomorrow on, within the next year." in text(page)
    assert Plan.objects.get().paused_until is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Choose the day from which it comes again."), ("soon", "This is not a date.")],
)
def test_what_is_no_date_stays_in_the_form(client, plan, typed, said):
    page = client.post(PAUSE, {"until": typed})
    assert said in text(page)
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert Plan.objects.get().paused_until is None


def test_a_stopped_mail_and_none_at_all_cannot_be_paused(client, mara, plan):
    assert client.get(f"{LOOK_BACK}pause/").status_code == 404
    client.post(f"{CHECK_IN}stop/")
    assert client.get(PAUSE).url == PAGE
    assert client.post(PAUSE, {"until": (today(plan) + DAY).isoformat()}).url == PAGE
    assert Plan.objects.get().paused_until is None


def test_stopping_ends_the_pause(client, plan):
    pause(client, today(plan) + 9 * DAY)
    client.post(f"{CHECK_IN}stop/")
    assert Plan.objects.get().paused_until is None


def test_a_stranger_and_a_visitor_pause_nothing(client_of, theo, plan):
    assert client_of(theo).post(PAUSE, {"until": "2027-01-02"}).status_code == 404
    answer = Client().post(PAUSE, {"until": "2027-01-02"})
    assert answer.status_code == 403
    assert 'value="2027-01-02"' in answer.content.decode()
    assert Plan.objects.get().paused_until is None


def test_it_asks_the_database_little(client, plan, django_assert_num_queries):
    client.get(PAUSE)
    with django_assert_num_queries(3):
        client.get(PAUSE)


# The engine --------------------------------------------------------------------------------------


def test_the_day_s_mail_comes_of_another_plan_and_says_nothing_of_the_paused_one(
    mara, pair, due, smtp_server
):
    check_in, look_back = pair
    actions.pause_plan(plan_id=check_in.pk, until=due + 2 * DAY)
    claim.claim(due)
    assert what_became(check_in) == [(State.SKIPPED, Reason.PAUSED)]
    assert what_became(look_back) == [(State.PENDING, "")]
    built = mail.build(Delivery.objects.get(plan=look_back), now=due)
    assert b"/look-back/" in built.content
    assert b"/c/" not in built.content
    assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {State.SENT: 1}
    for day in (1, 2):
        claim.claim(due + day * DAY)
    assert [reason == Reason.PAUSED for _, reason in what_became(check_in)] == [True, True, False]


def test_the_paused_one_stands_in_no_mail_that_is_built_in_a_batch(mara, pair, due, smtp_server):
    actions.pause_plan(plan_id=pair[1].pk, until=due + 2 * DAY)
    claim.claim(due)
    dispatch.drain(SmtpTransport(), clock=lambda: due)
    (sent,) = smtp_server.accepted
    assert "/look-back/" not in sent.as_string()
    assert "/c/" in sent.as_string()


def test_what_waits_of_it_is_handed_to_another_that_is_not_paused(mara, plan_for, pair, due):
    practice = plan_for(
        mara, kind=Kind.PRACTICE, weekdays=frozenset(range(7)), local_time=time(20, 45)
    )
    claim.claim(due + timedelta(minutes=15))
    check_in, look_back = pair
    waiting = Delivery.objects.get(state=State.PENDING)
    assert waiting.plan_id in {check_in.pk, look_back.pk}
    other = look_back if waiting.plan_id == check_in.pk else check_in
    soon = timezone.now() + 9 * DAY
    # Already joined; as paused it may not take over.
    actions.pause_plan(plan_id=other.pk, until=soon)
    Delivery.objects.update(due_at=timezone.now(), send_before=soon)
    assert not actions.pause_plan(plan_id=waiting.plan_id, until=soon)
    assert what_became(waiting.plan) == [(State.SKIPPED, Reason.PAUSED)]
    assert what_became(other) == [(State.SKIPPED, Reason.JOINED)]
    assert what_became(practice) == [(State.PENDING, "")]


def test_ending_a_pause_takes_nothing_back(mara, pair, due):
    claim.claim(due)
    waiting = Delivery.objects.get(state=State.PENDING)
    actions.pause_plan(plan_id=waiting.plan_id, until=None)
    assert Delivery.objects.get(state=State.PENDING) == waiting


def test_one_already_past_the_gate_is_named(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    page = text(pause(client, today(held.plan) + DAY))
    assert "It is paused. Your other mails go on. One mail was already on its way." in page
    assert Delivery.objects.get().state == State.SENDING


def test_a_snooze_into_the_pause_sends_nothing(mara, pair, due):
    actions.pause_plan(plan_id=pair[0].pk, until=due + 2 * DAY)
    assert actions.snooze(plan_id=pair[0].pk, at=due + DAY) is None
    assert actions.snooze(plan_id=pair[1].pk, at=due + DAY) is not None


def test_the_last_mails_tell_which_one_was_paused(client, mara, pair, due):
    for one in pair:
        actions.pause_plan(plan_id=one.pk, until=due + DAY)
    claim.claim(due)
    page = text(client.get(PAGE))
    for kind in ("check-in", "look-back"):
        assert f"Monday, 23 November: {kind} not sent: you had paused it" in page


def test_the_outlook_names_the_days_after_the_pause(mara, pair, due):
    until = datetime.combine(due.date() + 3 * DAY, time(0), tzinfo=due.tzinfo)
    actions.pause_plan(plan_id=pair[0].pk, until=until)
    found = outlook_of(owner=mara, now=due - timedelta(hours=1)).coming
    assert [one.kinds for one in found] == [[Kind.LOOK_BACK]] * 3
    assert not outlook_of(owner=mara, now=due).rests
