"""What is done, which lesson is next, and why: worked out from facts, never stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from django.utils.formats import date_format
from django.utils.translation import gettext as _

# Programme section 2. S stands open at any time and M9 is a choice of one's own: neither is
# suggested in passing.
USUAL = ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "Z")
ROOM_FIRST = ("M1", "M3", "M6", "M4", "M7", "M2", "M5", "M8", "Z")
AFTER_LOSS = ("M1", "M6", "S", "M2", "M3", "M4", "M5", "M7", "M8", "Z")
# What the programme would have read before a module is begun: lessons, or all of a module. It is
# advice: whoever wants to read on does so.
BEFORE = {
    "M4": ("M1.1", "M1.2", "M1.3"),
    "M5": ("M1",),
    "M6": ("M1",),
    "M7": ("M4.1", "M4.2", "M4.3"),
    "M8": ("M4", "M5.1", "M5.2", "M5.3", "M5.4"),
    "M9": ("M1",),
    "Z": ("M7",),
}
WEEK = timedelta(days=7)


class Pace(StrEnum):
    """How many lessons a week a person wants to be shown."""

    USUAL = "usual"
    SLOW = "slow"


A_WEEK = {Pace.USUAL: 3, Pace.SLOW: 1}


@dataclass(frozen=True)
class Stop:
    """A published lesson, as far as the path needs to know it."""

    content_id: str
    title: str
    module: str
    module_title: str
    gated: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known about one person's way.

    `lessons`: the published ones in the order of their modules; `read`: content ids and the dates;
    `aside`: content ids of those set aside; `today`: the person's local date; `room_first`: the
    starting picture asks for room and support first; `recent_loss`: the person is on the gentler
    path after a loss.
    """

    lessons: Sequence[Stop]
    today: date
    read: Mapping[str, date] = field(default_factory=dict)
    aside: Collection[str] = ()
    pace: Pace = Pace.USUAL
    room_first: bool = False
    recent_loss: bool = False


@dataclass(frozen=True)
class Next:
    """The suggested lesson, and one sentence that says why it is this one."""

    content_id: str
    reason: str


def order(facts: Facts) -> tuple[str, ...]:
    """The modules in the order suggested to this person; a loss weighs more than the picture."""
    if facts.recent_loss:
        return AFTER_LOSS
    return ROOM_FIRST if facts.room_first else USUAL


def is_done(module: str, facts: Facts) -> bool:
    """Whether every published lesson of the module has been read; exercises never count."""
    lessons = [stop for stop in facts.lessons if stop.module == module]
    return bool(lessons) and all(stop.content_id in facts.read for stop in lessons)


def to_read_before(module: str, facts: Facts) -> list[Stop]:
    """The unread lessons that the programme puts before this module, in their order."""
    before = BEFORE.get(module, ())
    return [
        stop
        for stop in facts.lessons
        if (stop.module in before or stop.content_id in before)
        and stop.content_id not in facts.read
    ]


def enough_for_now(facts: Facts) -> bool:
    """Whether the last seven days brought as many lessons as the person's pace asks for."""
    lately = [day for day in facts.read.values() if facts.today - day < WEEK]
    return len(lately) >= A_WEEK[facts.pace]


def next_lesson(facts: Facts) -> Next | None:
    """The first lesson in this person's order that is open, unread and not set aside, or None."""
    for stop in _in_order(facts):
        if stop.content_id not in facts.read and stop.content_id not in facts.aside:
            return Next(stop.content_id, _reason(stop, facts))
    return None


def _in_order(facts: Facts) -> Iterator[Stop]:
    for module in order(facts):
        yield from (stop for stop in facts.lessons if stop.module == module and not stop.gated)


def _reason(stop: Stop, facts: Facts) -> str:
    # Someone may have read further on: what follows this lesson is no reason for it.
    earlier = list(takewhile(lambda one: one != stop, _in_order(facts)))
    if not earlier:
        return _("This is where the programme begins.")
    read = [one for one in earlier if one.module == stop.module and one.content_id in facts.read]
    if read:
        return _after(read[-1], facts)
    if facts.recent_loss and stop.module in {"M6", "S"}:
        return _("You spoke of a loss not long ago, so support comes early.")
    if facts.room_first and stop.module in {"M3", "M6"}:
        return _("This order starts with room and support, as your starting picture suggests.")
    # The last chapter before it that the person has finished.
    done = [one for one in dict.fromkeys(stop.module for stop in earlier) if is_done(one, facts)]
    if not done:
        return _("It is the next one in the programme that you have not read.")
    titles = {one.module: one.module_title for one in facts.lessons}
    return _("You have read all of “%(done)s”. “%(next)s” comes next.") % {
        "done": titles[done[-1]],
        "next": stop.module_title,
    }


def _after(last: Stop, facts: Facts) -> str:
    """“You read X on Monday”, with the day's name within a week and the date after that."""
    day = facts.read[last.content_id]
    if day == facts.today:
        return _("You read “%(title)s” today. This one follows it.") % {"title": last.title}
    within_a_week = facts.today - day < WEEK
    return _("You read “%(title)s” on %(day)s. This one follows it.") % {
        "title": last.title,
        "day": date_format(day, "l" if within_a_week else "j F"),
    }
