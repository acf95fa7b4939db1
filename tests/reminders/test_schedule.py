"""When the next reminder is due, held against real clock changes and against a slow oracle."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from healing.accounts.clock import UnknownZone, zone, zone_names
from healing.reminders.models import Plan, grace
from healing.reminders.schedule import (
    DAY,
    EVERY_DAY,
    coming,
    first_within,
    last_at,
    mask_of,
    next_at,
    next_due,
    weekdays_of,
    within,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(after: str, place: str, at: str, days=EVERY_DAY, last: str | None = None):
    """The next occurrence as two short texts: local date, moment in UTC."""
    found = next_due(
        utc(after),
        zone=place,
        weekdays=frozenset(days),
        at=time.fromisoformat(at),
        last_date=date.fromisoformat(last) if last else None,
    )
    return found.local_date.isoformat(), found.due_at.strftime("%Y-%m-%d %H:%M")


# Each: name, zone, wall time, start, local date, moment in UTC. Read with `zdump -v ZONE`.
CLOCK_CHANGES = [
    ("Berlin's lost hour moves the moment on by an hour",
     "Europe/Berlin", "02:30", "2026-03-28 12:00", "2026-03-29", "2026-03-29 01:30"),
    ("Berlin's doubled hour takes the first of the two",
     "Europe/Berlin", "02:30", "2026-10-24 12:00", "2026-10-25", "2026-10-25 00:30"),
    ("New York's lost hour",
     "America/New_York", "02:30", "2026-03-07 12:00", "2026-03-08", "2026-03-08 07:30"),
    ("New York's doubled hour",
     "America/New_York", "01:30", "2026-10-31 12:00", "2026-11-01", "2026-11-01 05:30"),
    ("Lord Howe loses half an hour",
     "Australia/Lord_Howe", "02:15", "2026-10-03 03:00", "2026-10-04", "2026-10-03 15:45"),
    ("Lord Howe doubles half an hour",
     "Australia/Lord_Howe", "01:45", "2026-04-04 03:00", "2026-04-05", "2026-04-04 14:45"),
    ("Casablanca goes back before its fasting month",
     "Africa/Casablanca", "02:30", "2026-02-14 12:00", "2026-02-15", "2026-02-15 01:30"),
    ("Casablanca goes on after its fasting month",
     "Africa/Casablanca", "02:30", "2026-03-21 12:00", "2026-03-22", "2026-03-22 02:30"),
    ("Troll loses two hours",
     "Antarctica/Troll", "02:30", "2026-03-28 12:00", "2026-03-29", "2026-03-29 02:30"),
    ("Troll doubles two hours",
     "Antarctica/Troll", "01:30", "2026-10-24 12:00", "2026-10-25", "2026-10-24 23:30"),
    ("Chatham loses an hour at a quarter to three",
     "Pacific/Chatham", "03:00", "2026-09-26 03:00", "2026-09-27", "2026-09-26 14:15"),
    ("Chatham doubles an hour at a quarter to three",
     "Pacific/Chatham", "03:00", "2026-04-04 03:00", "2026-04-05", "2026-04-04 13:15"),
    ("Dublin, whose winter is the exception",
     "Europe/Dublin", "01:30", "2026-03-28 12:00", "2026-03-29", "2026-03-29 01:30"),
    ("Dublin's doubled hour",
     "Europe/Dublin", "01:30", "2026-10-24 12:00", "2026-10-25", "2026-10-25 00:30"),
    ("Gaza changes on a Saturday",
     "Asia/Gaza", "02:30", "2026-03-27 12:00", "2026-03-28", "2026-03-28 00:30"),
    ("Cairo has no midnight that day",
     "Africa/Cairo", "00:00", "2026-04-23 12:00", "2026-04-24", "2026-04-23 22:00"),
    ("Cairo, a quarter past the missing midnight",
     "Africa/Cairo", "00:15", "2026-04-23 12:00", "2026-04-24", "2026-04-23 22:15"),
    ("Cairo doubles the hour before midnight",
     "Africa/Cairo", "23:30", "2026-10-29 12:00", "2026-10-29", "2026-10-29 20:30"),
    ("Beirut has no midnight that day",
     "Asia/Beirut", "00:30", "2026-03-28 12:00", "2026-03-29", "2026-03-28 22:30"),
    ("Santiago has no midnight that day",
     "America/Santiago", "00:30", "2026-09-05 12:00", "2026-09-06", "2026-09-06 04:30"),
    ("Santiago doubles the hour before midnight",
     "America/Santiago", "23:30", "2026-04-04 12:00", "2026-04-04", "2026-04-05 02:30"),
    ("The Azores have no midnight that day",
     "Atlantic/Azores", "00:30", "2026-03-28 12:00", "2026-03-29", "2026-03-29 01:30"),
    ("The Azores' doubled midnight hour takes the first",
     "Atlantic/Azores", "00:30", "2026-10-24 12:00", "2026-10-25", "2026-10-25 00:30"),
    ("Nuuk's 23:30 lands after midnight and still belongs to Saturday",
     "America/Nuuk", "23:30", "2026-03-28 12:00", "2026-03-28", "2026-03-29 01:30"),
    ("Nuuk's moment, found from the minute before it",
     "America/Nuuk", "23:30", "2026-03-29 01:29", "2026-03-28", "2026-03-29 01:30"),
    ("the day after Nuuk's moment comes next, on Sunday",
     "America/Nuuk", "23:30", "2026-03-29 01:30", "2026-03-29", "2026-03-30 00:30"),
    ("Apia skipped 30 December 2011",
     "Pacific/Apia", "09:00", "2011-12-29 20:00", "2011-12-31", "2011-12-30 19:00"),
    ("Fakaofo skipped 30 December 2011",
     "Pacific/Fakaofo", "09:00", "2011-12-29 21:00", "2011-12-31", "2011-12-30 20:00"),
    ("Kwajalein skipped 21 August 1993",
     "Pacific/Kwajalein", "09:00", "1993-08-20 22:00", "1993-08-22", "1993-08-21 21:00"),
    ("29 February is a day like any other",
     "Europe/Berlin", "09:00", "2028-02-28 12:00", "2028-02-29", "2028-02-29 08:00"),
    ("a common year has no 29 February",
     "Europe/Berlin", "09:00", "2027-02-28 12:00", "2027-03-01", "2027-03-01 08:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "at", "after", "local_date", "moment"),
    [case[1:] for case in CLOCK_CHANGES],
    ids=[case[0] for case in CLOCK_CHANGES],
)
def test_a_clock_change_never_loses_or_doubles_the_moment(place, at, after, local_date, moment):
    assert due(after, place, at) == (local_date, moment)


def test_a_weekday_that_was_skipped_altogether_comes_the_week_after():
    """30 December 2011 would have been a Friday in Apia."""
    assert due("2011-12-24 00:00", "Pacific/Apia", "09:00", {FRI}) == (
        "2012-01-06",
        "2012-01-05 19:00",
    )


def test_only_the_chosen_weekdays_count():
    start, found = "2026-11-23 12:00", []
    last = None
    for _ in range(5):
        last, start = due(start, "Europe/Berlin", "09:00", {MON, WED, FRI}, last)
        found.append(last)

    assert found == ["2026-11-25", "2026-11-27", "2026-11-30", "2026-12-02", "2026-12-04"]


def test_moving_from_tokyo_to_los_angeles_after_todays_mail_brings_no_second_today():
    """At 11:00 UTC it is still the same date in Los Angeles, before the chosen nine o'clock."""
    tokyo = due("2026-11-23 00:00", "Asia/Tokyo", "20:00")
    assert tokyo == ("2026-11-23", "2026-11-23 11:00")

    moved = due("2026-11-23 11:00", "America/Los_Angeles", "09:00", last="2026-11-23")

    assert moved == ("2026-11-24", "2026-11-24 17:00")


def test_the_start_itself_is_not_due_again():
    assert due("2026-11-24 08:00", "Europe/Berlin", "09:00")[0] == "2026-11-25"
    assert due("2026-11-24 07:59", "Europe/Berlin", "09:00")[0] == "2026-11-24"


def test_a_start_given_with_an_offset_is_the_same_moment():
    after = datetime.fromisoformat("2026-11-24T08:59:00+01:00")
    found = next_due(after, zone="Europe/Berlin", weekdays=EVERY_DAY, at=time(9))

    assert found.due_at == utc("2026-11-24 08:00")
    assert found.due_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"weekdays": frozenset()}, "at least one weekday"),
        ({"weekdays": frozenset({7})}, "0 for Monday to 6 for Sunday"),
        ({"after": datetime(2026, 11, 23)}, "needs an offset"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(wrong, says):
    asked = {"after": utc("2026-11-23"), "weekdays": EVERY_DAY} | wrong
    with pytest.raises(ValueError, match=says):
        next_due(zone="Europe/Berlin", at=time(9), **asked)


def test_an_unknown_zone_is_refused():
    with pytest.raises(UnknownZone):
        next_due(utc("2026-11-23"), zone="Mars/Base", weekdays=EVERY_DAY, at=time(9))


@given(st.frozensets(st.integers(0, 6)))
def test_weekdays_survive_being_stored_as_a_number(days):
    assert weekdays_of(mask_of(days)) == days
    assert 0 <= mask_of(days) <= 127


@pytest.mark.parametrize(
    ("begin", "end", "inside", "outside"),
    [
        ("22:00", "07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "21:59"]),
        ("13:00", "15:00", ["13:00", "14:59"], ["12:59", "15:00", "00:00"]),
    ],
)
def test_hours_lie_between_two_times_also_over_midnight(begin, end, inside, outside):
    read = time.fromisoformat
    for at, expected in [(at, True) for at in inside] + [(at, False) for at in outside]:
        assert within(read(at), read(begin), read(end)) is expected


def test_the_moments_before_and_after_stand_on_either_side():
    noon = utc("2026-11-23 12:00")
    assert next_at(noon, zone="Europe/Berlin", at=time(13)) == noon + DAY
    assert last_at(noon, zone="Europe/Berlin", at=time(13)) == noon
    assert next_at(noon, zone="Europe/Berlin", at=time(13, 1)) == noon + timedelta(minutes=1)


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2037, 12, 1), timezones=st.just(UTC)),
    st.sampled_from(zone_names()),
    st.times(),
)
def test_the_clock_shows_the_time_next_where_a_daily_plan_would_be_due(after, place, at):
    found = next_due(after, zone=place, weekdays=EVERY_DAY, at=at).due_at
    assert next_at(after, zone=place, at=at) <= found
    assert next_at(after, zone=place, at=at) > after
    assert last_at(found, zone=place, at=at) == found


@pytest.mark.parametrize(
    ("begin", "end", "after", "first"),
    [
        # Berlin's clock jumps from 02:00 to 03:00 and so over the beginning.
        ("02:30", "07:00", "2027-03-28 00:30", "2027-03-28 01:00"),
        # It goes back from 03:00 to 02:00, into hours that were over.
        ("22:00", "02:30", "2026-10-25 00:30", "2026-10-25 01:00"),
        # The beginning comes twice, and the first of the two has been.
        ("02:30", "02:45", "2026-10-25 00:50", "2026-10-25 01:30"),
        ("22:00", "07:00", "2026-11-23 19:30", "2026-11-23 21:00"),
        ("22:00", "07:00", "2026-11-23 17:30", "2026-11-23 20:30"),
        ("20:00", "07:00", "2026-11-23 19:30", "2026-11-23 19:30"),
    ],
    ids=["jumped into", "gone back into", "begun twice", "begun", "not yet begun", "begun before"],
)
def test_hours_begin_when_the_clock_first_shows_one_of_them(begin, end, after, first):
    found = first_within(
        utc(after),
        utc(after) + timedelta(hours=3),
        zone="Europe/Berlin",
        begin=time.fromisoformat(begin),
        end=time.fromisoformat(end),
    )
    assert found == utc(first)


# A slow oracle: walk real time in steps of a quarter of an hour and read the wall clock, as a
# person with a watch would. Since 1990 every zone's offset is a multiple of a quarter.

QUARTER = timedelta(minutes=15)
places = st.sampled_from(
    [
        "Africa/Cairo", "Africa/Casablanca", "America/Los_Angeles", "America/New_York",
        "America/Nuuk", "America/Santiago", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza",
        "Asia/Kathmandu", "Asia/Tokyo", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin",
        "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham", "Pacific/Fakaofo", "Pacific/Kwajalein",
        "UTC",
    ]
) | st.sampled_from(zone_names())  # fmt: skip
times = st.times(max_value=time(23, 45)).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
)
weekday_sets = st.frozensets(st.integers(0, 6), min_size=1)
anywhere = st.datetimes(datetime(1990, 1, 2), datetime(2037, 12, 1), timezones=st.just(UTC))


@st.composite
def plans(draw):
    """A zone, weekdays, a wall time and a start; half the starts stand near a clock change."""
    place = draw(places)
    after = draw(anywhere)
    if draw(st.booleans()):
        after = near_change(place, after) + draw(st.integers(-120, 24)) * timedelta(hours=1)
    return place, draw(weekday_sets), draw(times), after


def near_change(place: str, after: datetime) -> datetime:
    """The first clock change within a year of `after`, to the day; `after` if there is none."""
    there = zone(place)
    for day in (after + timedelta(days=n) for n in range(366)):
        if day.astimezone(there).utcoffset() != after.astimezone(there).utcoffset():
            return day
    return after


def last_hours_before_change(place: str, after: datetime) -> datetime:
    """Six hours before the first clock change behind `after`, to the quarter; or `after`."""
    there, moment = zone(place), near_change(place, after)
    for at in (moment - n * QUARTER for n in range(97)):
        if at.astimezone(there).utcoffset() != moment.astimezone(there).utcoffset():
            return at - timedelta(hours=6)
    return moment


@st.composite
def quiet_plans(draw):
    """A plan with quiet hours, and a moment; half of them within hours of a clock change."""
    begin, end = draw(st.lists(times, min_size=2, max_size=2, unique=True))
    plan = Plan(time_zone=draw(places), quiet_from=begin, quiet_to=end)
    moment = draw(anywhere)
    if draw(st.booleans()):
        before = last_hours_before_change(plan.time_zone, moment)
        moment = before + draw(st.integers(0, 8 * 60)) * timedelta(minutes=1)
    return plan, moment


@settings(max_examples=400, deadline=None)
@given(quiet_plans())
@example((Plan(time_zone="Europe/Berlin", quiet_from=time(2, 30), quiet_to=time(7)),
          datetime(2027, 3, 28, 0, 30, tzinfo=UTC)))  # fmt: skip
@example((Plan(time_zone="Europe/Berlin", quiet_from=time(22), quiet_to=time(2, 30)),
          datetime(2026, 10, 25, 0, 30, tzinfo=UTC)))  # fmt: skip
def test_at_no_moment_a_mail_may_go_out_does_the_clock_show_a_quiet_time(case):
    plan, due_at = case
    before = plan.send_before(due_at)
    moment = due_at
    while moment < before:
        assert not plan.is_quiet_then(moment), moment
        moment += timedelta(minutes=3)
    # And it is cut short by quiet hours alone.
    assert before == due_at + grace() or plan.is_quiet_then(before) or plan.is_quiet_then(due_at)


def by_the_watch(place, days, at, after, last=date.min):
    """(date, moment) of the first eligible occurrence after `after` and `last`, by walking."""
    there = zone(place)
    moment = after.replace(minute=0, second=0, microsecond=0) - timedelta(days=3)
    end = max(after, datetime.combine(last, time(), tzinfo=UTC)) + timedelta(days=17)
    before = moment.astimezone(there).replace(tzinfo=None)
    moments: dict[date, datetime] = {}
    shown: set[date] = set()
    while moment < end:
        moment += QUARTER
        wall = moment.astimezone(there).replace(tzinfo=None)
        shown.add(wall.date())
        for day in {before.date() + timedelta(days=n) for n in range(3)}:
            target = datetime.combine(day, at)
            if day not in moments and before < target <= wall:
                # Equal to the wall: it is that moment. Jumped over: as far past the last minute
                # before the jump as if the clocks had run on.
                run_on = moment - QUARTER + (target - before)
                moments[day] = moment if target == wall else run_on
        before = wall
    eligible = sorted(day for day in moments if day in shown and day.weekday() in days)
    return next((day, moments[day]) for day in eligible if moments[day] > after and day > last)


@settings(max_examples=150, deadline=None)
@given(plans())
@example(("America/Los_Angeles", frozenset({6}), time(3), datetime(2000, 4, 2, 10, tzinfo=UTC)))
def test_it_agrees_with_somebody_watching_the_wall_clock(plan):
    place, days, at, after = plan
    found = next_due(after, zone=place, weekdays=days, at=at)

    assert (found.local_date, found.due_at) == by_the_watch(place, days, at, after)


@settings(max_examples=300, deadline=None)
@given(plans(), st.integers(2, 12))
def test_moments_and_dates_only_ever_go_forward(plan, count):
    place, days, at, after = plan
    moment, last = after, None
    for _ in range(count):
        found = next_due(moment, zone=place, weekdays=days, at=at, last_date=last)
        assert found.due_at > moment
        assert last is None or found.local_date > last
        assert found.local_date.weekday() in days
        moment, last = found.due_at, found.local_date


@settings(max_examples=300, deadline=None)
@given(plans())
def test_the_wall_clock_shows_the_chosen_time_unless_it_was_jumped_over(plan):
    place, days, at, after = plan
    found = next_due(after, zone=place, weekdays=days, at=at)
    wall = found.due_at.astimezone(zone(place))

    if (wall.date(), wall.time()) != (found.local_date, at):
        wanted = datetime.combine(found.local_date, at)
        before = (found.due_at - timedelta(hours=3)).astimezone(zone(place))
        jump = wall.utcoffset() - before.utcoffset()
        assert jump > timedelta(0)
        assert wall.replace(tzinfo=None) - wanted == jump


@settings(max_examples=100, deadline=None)
@given(plans(), st.integers(-1, 20))
def test_no_date_up_to_the_last_one_comes_again_and_none_after_it_is_left_out(plan, ahead):
    place, days, at, after = plan
    last = after.astimezone(zone(place)).date() + timedelta(days=ahead)
    found = next_due(after, zone=place, weekdays=days, at=at, last_date=last)

    assert (found.local_date, found.due_at) == by_the_watch(place, days, at, after, last)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "America/New_York"]),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times(),
    st.integers(1, 6),
)
def test_the_coming_ones_are_what_asking_again_and_again_gives(after, zone, weekdays, at, count):
    found = coming(after, zone=zone, weekdays=weekdays, at=at, count=count)
    last = None
    for one in found:
        assert one == next_due(after, zone=zone, weekdays=weekdays, at=at, last_date=last)
        after, last = one
        after, last = last, after
    assert len(found) == count


# Every zone there is ------------------------------------------------------------------------------

EVERYWHERE = sorted(available_timezones() - {"Factory"})
TIMES = [time(0), time(0, 30), time(2, 30), time(9), time(20, 30), time(23, 30)]


def dates_shown(place: str, year: int) -> list[date]:
    """The dates that clock shows in that year, read from it every six hours."""
    there = zone(place)
    moment, shown = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=2), set()
    while moment.year <= year:
        shown.add(moment.astimezone(there).date())
        moment += timedelta(hours=6)
    return sorted(day for day in shown if day.year == year)


@pytest.mark.parametrize(
    ("year", "places"),
    [
        (2026, EVERYWHERE),
        (2027, EVERYWHERE),
        (2011, ["Pacific/Apia", "Pacific/Fakaofo"]),
        (1993, ["Pacific/Kwajalein"]),
    ],
)
def test_in_every_zone_each_date_comes_once_and_moments_only_go_forward(year, places):
    """Six times of the day; in the last three a date was skipped."""
    first = date(year, 1, 1)
    for place in places:
        wanted = dates_shown(place, year)
        for at in TIMES:
            moment, last = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=3), first - DAY
            found = []
            for _ in wanted:
                last, due_at = next_due(
                    moment, zone=place, weekdays=EVERY_DAY, at=at, last_date=last
                )
                assert due_at > moment, (place, at, last)
                moment = due_at
                found.append(last)
            assert found == wanted, (place, at)
