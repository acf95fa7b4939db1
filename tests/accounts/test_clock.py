"""What time it is for a person."""

import zoneinfo
from datetime import UTC, date, datetime
from importlib import resources

import pytest

from healing.accounts import clock


def test_the_zone_table_is_the_package_and_never_the_operating_system():
    """Casablanca's clocks differ between tables, so the package's own file is the measure."""
    assert zoneinfo.TZPATH == ()
    with resources.files("tzdata.zoneinfo").joinpath("Africa/Casablanca").open("rb") as file:
        shipped = zoneinfo.ZoneInfo.from_file(file)

    for month in range(1, 13):
        day = datetime(2027, month, 15)
        assert clock.zone("Africa/Casablanca").utcoffset(day) == shipped.utcoffset(day)


def test_today_is_the_date_on_the_persons_own_clock():
    now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert clock.local_today("America/Los_Angeles", now) == date(2026, 11, 23)
    assert clock.local_today("Europe/Berlin", now) == date(2026, 11, 24)
    assert clock.local_today("Pacific/Kiritimati", now) == date(2026, 11, 24)


def test_now_keeps_the_instant_and_changes_the_clock():
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)

    there = clock.local_now("Asia/Kathmandu", now)

    assert there == now
    assert (there.hour, there.minute) == (17, 45)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Berlin", "Did you mean Europe/Berlin?"),
        ("europe/berlin", "Did you mean Europe/Berlin?"),
        ("new york", "Did you mean America/New_York?"),
        ("Europe/Belrin", "Did you mean Europe/Berlin?"),
        ("Middle of nowhere", "Names look like Europe/Berlin."),
        ("", "Names look like Europe/Berlin."),
        ("Europe", "Names look like Europe/Berlin."),
        ("../../etc/passwd", "Names look like Europe/Berlin."),
        ("/etc/passwd", "Names look like Europe/Berlin."),
        ("Europe/Berlin\0", "Did you mean Europe/Berlin?"),
        ("Factory", "Names look like Europe/Berlin."),
    ],
)
def test_an_unknown_zone_says_so_and_what_was_probably_meant(typed, hint):
    with pytest.raises(clock.UnknownZone) as caught:
        clock.zone(typed)

    assert isinstance(caught.value, ValueError)
    assert repr(typed) in str(caught.value)
    assert hint in str(caught.value)


def test_the_names_to_choose_from_are_sorted_places_that_all_open():
    names = clock.zone_names()

    assert names == sorted(set(names))
    assert all(clock.zone(name).key == name for name in names)
    assert {"Europe/Berlin", "America/Argentina/Ushuaia", "Arctic/Longyearbyen", "UTC"} <= set(
        names
    )
    assert not {"EST5EDT", "Etc/GMT+5", "US/Pacific", "Factory", "Cuba"} & set(names)


def test_a_name_that_browsers_still_report_can_be_chosen():
    old_but_reported = {"Asia/Calcutta", "Asia/Saigon", "Asia/Katmandu", "Europe/Kiev"}

    assert old_but_reported <= set(clock.zone_names())


def test_every_place_of_the_tables_own_list_can_be_chosen():
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    places = {line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")}

    assert len(places) > 400
    assert places <= set(clock.zone_names())


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Busingen", "DE"),
        ("Europe/London", "GB"),
        ("America/New_York", "US"),
        ("America/Argentina/Ushuaia", "AR"),
        ("Pacific/Kiritimati", "KI"),
        ("US/Eastern", "US"),
        ("Europe/Belfast", "GB"),
        ("Europe/Oslo", "NO"),
        ("Asia/Calcutta", "IN"),
        ("UTC", ""),
        ("Mars/Olympus_Mons", ""),
        ("", ""),
    ],
)
def test_the_country_a_zone_lies_in(zone: str, country: str) -> None:
    assert clock.country_of(zone) == country


def test_every_place_of_the_tables_own_list_has_a_country_of_two_letters() -> None:
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]

    assert len(rows) > 400
    for code, _where, name, *_comment in rows:
        assert clock.country_of(name) == code
        assert len(code) == 2


def test_changing_the_list_of_names_changes_it_for_nobody_else():
    clock.zone_names().clear()

    assert "Europe/Berlin" in clock.zone_names()
