"""The command that prints when a plan is due."""

import re
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

BERLIN = ("--days", "mon,wed,fri", "--at", "09:00", "--tz", "Europe/Berlin")


def lines(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("next_due", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_one_line_holds_the_moment_in_utc_and_the_local_date():
    assert lines(*BERLIN, "--after", "2026-11-23T12:00:00Z") == ["2026-11-25T08:00:00Z 2026-11-25"]


def test_it_goes_on_across_a_change_of_the_clocks():
    assert lines(*BERLIN, "--after", "2026-03-27T12:00:00+01:00", "--count", "3") == [
        "2026-03-30T07:00:00Z 2026-03-30",
        "2026-04-01T07:00:00Z 2026-04-01",
        "2026-04-03T07:00:00Z 2026-04-03",
    ]


def test_a_date_that_had_its_mail_does_not_come_again():
    assert lines(*BERLIN, "--after", "2026-11-23T12:00Z", "--last", "2026-11-25") == [
        "2026-11-27T08:00:00Z 2026-11-27"
    ]


def test_a_skipped_date_is_left_out():
    apia = ("--days", "mon,tue,wed,thu,fri,sat,sun", "--at", "09:00", "--tz", "Pacific/Apia")
    assert lines(*apia, "--after", "2011-12-29T00:00Z", "--count", "2") == [
        "2011-12-29T19:00:00Z 2011-12-29",
        "2011-12-30T19:00:00Z 2011-12-31",
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("--days", "mon,tuesday"), "'tuesday' is no day"),
        (("--days", ""), "'' is no day"),
        (("--at", "25:00"), "'25:00' is no time"),
        (("--tz", "Europe/Belrin"), "Did you mean Europe/Berlin?"),
        (("--after", "2026-11-23T12:00"), "has no offset"),
        (("--after", "soon"), "'soon' is no moment"),
        (("--last", "2026-02-30"), "'2026-02-30' is no date"),
        (("--count", "0"), "'0' is no count"),
        (("--count", "many"), "'many' is no count"),
        (("--after", "9999-12-30T00:00Z"), "ends with the year 9999"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(wrong, says):
    with pytest.raises(CommandError, match=re.escape(says)):
        lines(*BERLIN, *wrong)


@pytest.mark.parametrize("wrong", [("--tz", "Mars/Base"), ("--after", "9999-12-31T23:00Z"), ()])
def test_the_exit_code_is_two_for_bad_input_and_nothing_is_printed(settings, wrong):
    arguments = (*BERLIN, *wrong) if wrong else ()
    done = subprocess.run(
        [sys.executable, "manage.py", "next_due", *arguments],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr
