"""What time and which day it is for a person, from one time-zone table for everybody."""

from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

__all__ = [
    "UTC",
    "UnknownZone",
    "country_of",
    "is_known",
    "is_night",
    "local_now",
    "local_today",
    "zone",
    "zone_names",
    "zone_or_utc",
]

# Operating systems carry tables of different age; the pinned `tzdata` package is the same on every
# machine. Zones somebody loaded earlier came from the system, so they are forgotten.
reset_tzpath(())
ZoneInfo.clear_cache()

REGIONS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)

# The hours in which long writing is not offered first.
NIGHT_FROM, NIGHT_TO = 22, 6


class UnknownZone(ValueError):
    """A name the time-zone table does not hold; the message says what was meant, if it can."""


@cache
def _all_names() -> frozenset[str]:
    """Every name that names a place or UTC; `Factory` is the table's word for "not set"."""
    return frozenset(available_timezones() - {"Factory"})


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, such as `Europe/Berlin`; raises UnknownZone."""
    if is_known(name):
        return ZoneInfo(name)
    # Whoever writes "Berlin" or "europe/berlin" means the name that ends so.
    wanted = name.strip().replace(" ", "_").lower()
    known = sorted(_all_names())
    near = [full for full in known if wanted and full.lower().split("/")[-1] == wanted]
    near = near or get_close_matches(name, known, n=1, cutoff=0.75)
    hint = f"Did you mean {near[0]}?" if near else "Names look like Europe/Berlin."
    raise UnknownZone(f"There is no time zone called {name!r}. {hint}")


def is_known(name: str) -> bool:
    """Whether `zone` finds it. What was kept under an older table may not be there any more."""
    return name in _all_names()


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of a name that was kept, or UTC: a page with other hours is better than none."""
    return zone(name) if is_known(name) else ZoneInfo("UTC")


def zone_names() -> list[str]:
    """Names to choose from, sorted: every `Region/Place`, old spellings included, and UTC.

    Old spellings stay because browsers still report them as the device's own (`Asia/Calcutta`).
    """
    places = [name for name in _all_names() if name.partition("/")[0] in REGIONS and "/" in name]
    return sorted([*places, "UTC"])


@cache
def _countries() -> dict[str, str]:
    """Zone names and the ISO code of the country they lie in; an older name has that of its zone.

    `zone.tab` lists a country's own zones, and lines such as “L America/New_York US/Eastern” in
    `tzdata.zi` the older names.
    """
    tables = files("tzdata") / "zoneinfo"
    rows = (tables / "zone.tab").read_text(encoding="utf-8").splitlines()
    found = {zone: code for code, _at, zone, *_ in (r.split("\t") for r in rows if r[:1] != "#")}
    for line in (tables / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        if line.startswith("L "):
            _mark, target, older = line.split()
            found.setdefault(older, found.get(target, ""))
    return found


def country_of(zone_name: str) -> str:
    """ISO code of the country a zone lies in, such as `DE`; "" where the table does not say."""
    return _countries().get(zone_name, "")


def local_now(zone_name: str, now: datetime) -> datetime:
    """The aware moment `now` on the clock of `zone_name`, or of UTC (see `zone_or_utc`)."""
    return now.astimezone(zone_or_utc(zone_name))


def local_today(zone_name: str, now: datetime) -> date:
    """The date in `zone_name`, or in UTC, at the aware moment `now`."""
    return local_now(zone_name, now).date()


def is_night(hour: int) -> bool:
    """Whether an hour of a person's clock, 0 to 23, lies between 22 and 6 (programme, E16)."""
    return hour >= NIGHT_FROM or hour < NIGHT_TO
