"""The pages that show a person what they entered: counts, pictures and tables, never causes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from exercises.models import Exercise
from exercises.usefulness import ENOUGH as ENOUGH_RATINGS
from healing.accounts.access import PersonRequest
from healing.accounts.models import User
from healing.accounts.reopening import opened_again
from healing.checkins.actions import message_due
from healing.insights import counts, shown, trends
from healing.insights.gather import (
    check_ins_of,
    entries_of,
    first_day,
    holds_of,
    outcomes_of,
    sessions_of,
    uncollected,
)
from healing.insights.people import people_in
from healing.insights.pictures import bars, line
from healing.insights.rows import CheckedIn, Noted
from healing.insights.spans import SPANS, Span, Unit, span_named
from healing.insights.strengths import strengths
from healing.insights.trends import Point
from healing.insights.works import works_after
from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.meaning import NEEDS
from healing.taxonomy.triggers import UNTIL_STEADY
from healing.taxonomy.urges import URGES
from healing.vault.actions import private_id

# A list names so many things; the rest are told as one number.
NAMED = 8
STRONGEST, MOST, WEEK = 10, 4, 7


@uncollected()
def insight_list(request: PersonRequest) -> HttpResponse:
    """What each page holds, in a sentence, and the message about the check-ins if one is due."""
    span, since = _span(request)
    entries, check_ins = entries_of(request.user, since), check_ins_of(request.user, since)
    felt, let_go = shown.totals_of(counts.pulls(entries))
    facts = {
        "most": next(iter(counts.triggers(entries)), None),
        "both": trends.before_after(entries),
        "felt": felt,
        "let_go": let_go,
        "somebody": len(people_in(entries)),
        "notice": message_due(owner=request.user),
    }
    return _page(request, "insight_list", span, facts, entries=entries, check_ins=check_ins)


@uncollected()
def triggers(request: PersonRequest) -> HttpResponse:
    """What set it off: how often, on which hour and weekday, and together with what."""
    span, since = _span(request)
    entries = entries_of(request.user, since, hours=True)
    found = counts.triggers(entries)
    facts = {
        "most": found[0] if found else None,
        "found": shown.bars_of(found[:NAMED]),
        "rest": sum(one.times for one in found[NAMED:]),
        "clock": shown.clock_of(counts.by_hour(entries)),
        "pairs": shown.pairs_of(counts.together(entries)[:NAMED]),
        "enough_together": counts.ENOUGH_TOGETHER,
        "unsafe": any(one.item.key in counts.NO_PATTERN for one in found),
    }
    return _page(request, "triggers", span, facts, entries=entries)


@uncollected()
def course(request: PersonRequest) -> HttpResponse:
    """How strong it was over time, how long until steady, and the number before and after."""
    span, since = _span(request)
    entries, check_ins = entries_of(request.user, since), check_ins_of(request.user, since)
    first, today = since or first_day(entries, check_ins), request.user.today()
    is_trend = trends.shows_a_trend(check_ins)
    facts = {
        "strength": _line(trends.strengths_of(entries), first, today, span.unit, STRONGEST),
        "worry": is_trend
        and _line(trends.answers_to(check_ins, "left_worry"), first, today, span.unit, MOST),
        "steady": is_trend
        and _line(trends.answers_to(check_ins, "steady"), first, today, span.unit, MOST),
        "months": trends.until_steady(entries),
        "until": [item.label for item in UNTIL_STEADY],
        "both": trends.before_after(entries),
        "unit": span.unit,
    }
    return _page(request, "course", span, facts, entries=entries, check_ins=check_ins)


def _line(
    numbers: list[tuple[date, int]], first: date | None, last: date, unit: Unit, top: int
) -> dict[str, Any] | None:
    """A picture over time with the points it is made of, and their ends; None for no number."""
    if first is None or not numbers:
        return None
    points = trends.means(numbers, first, last, unit)
    held = [point for point in points if point.times]
    return {"picture": line(points, top), "points": held, "ends": trends.ends(points)}


@uncollected()
def choices(request: PersonRequest) -> HttpResponse:
    """Urges felt and not acted on, how guesses turned out, needs, leaving and staying."""
    span, since = _span(request)
    entries = entries_of(request.user, since)
    pulls = counts.pulls(entries)
    felt, let_go = shown.totals_of(pulls)
    left, stayed = counts.left_and_stayed(entries)
    outcomes = counts.outcomes(entries)
    predicted = counts.predicted(outcomes_of(request.user, since))
    held, held_let_go = counts.holds(holds_of(request.user, since))
    facts = {
        "pulls": pulls,
        "felt": felt,
        "let_go": let_go,
        "held": held,
        "held_let_go": held_let_go,
        "outcomes": [(name, outcomes[name], predicted[name]) for name in counts.OUTCOMES],
        "proved": outcomes,
        "predictions": sum(predicted.values()),
        "came_true": predicted["yes"],
        "guesses": sum(outcomes.values()),
        "needs": shown.bars_of(counts.named(entries, "needs", NEEDS)[:NAMED]),
        "left": left,
        "stayed": stayed,
    }
    return _page(request, "choices", span, facts, entries=entries)


def practice(request: PersonRequest) -> HttpResponse:
    """Days with practice beside worry and settled days, week by week."""
    span, since = _span(request)
    check_ins, sessions = check_ins_of(request.user, since), sessions_of(request.user, since)
    found, unit = first_day(check_ins, sessions), shown.unit_of_weeks(span)
    first, today = since or found, request.user.today()
    steps = trends.practice(check_ins, sessions, first, today, unit) if found and first else []
    is_trend = trends.shows_a_trend(check_ins)
    most = max([WEEK, *(step.practised for step in steps)])
    facts = {
        "steps": [one for one in steps if one.practised or one.worry.times or one.steady.times],
        "practised": sum(step.practised for step in steps),
        "times": len(sessions),
        "unit": unit,
        "is_trend": is_trend,
        "done": _bars([Point(step.day, 1, step.practised) for step in steps], most),
        "worry": _bars([step.worry for step in steps], MOST) if is_trend else None,
        "steady": _bars([step.steady for step in steps], MOST) if is_trend else None,
    }
    return _page(request, "practice", span, facts, check_ins=check_ins)


def _bars(points: list[Point], top: int) -> dict[str, Any] | None:
    """A picture of bars with its ends; None where no point holds a number."""
    if not any(point.times for point in points):
        return None
    picture = bars([point.day for point in points], [point.mean for point in points], top)
    return {"picture": picture, "ends": trends.ends(points)}


@uncollected()
def works(request: PersonRequest) -> HttpResponse:
    """Exercises that were followed by a lower number, by kind of trigger."""
    span, since = _span(request)
    entries = entries_of(request.user, since)
    sessions = {one.id: one for one in sessions_of(request.user, None)}
    facts = {
        "groups": works_after(entries, sessions),
        "titles": dict(Exercise.objects.published().values_list("content_id", "title")),
        "enough_ratings": ENOUGH_RATINGS,
    }
    return _page(request, "works", span, facts, entries=entries)


@uncollected()
def people(request: PersonRequest) -> HttpResponse:
    """The nicknames entries hold, in the order of the alphabet; each leads to a page of its own."""
    span, since = _span(request)
    entries = entries_of(request.user, since)
    named = [
        (_id_of(request.user, name), somebody) for name, somebody in people_in(entries).items()
    ]
    return _page(request, "people", span, {"named": named}, entries=entries)


@uncollected()
def person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One's own feelings, needs and urges in entries about somebody; with some entries, help.

    Whether care comes first is read from all entries, whatever time is looked at.
    """
    span, since = _span(request)
    everybody = people_in(entries_of(request.user, None))
    somebody = next(
        (one for name, one in everybody.items() if _id_of(request.user, name) == pk), None
    )
    if somebody is None:
        raise Http404
    entries = [one for one in somebody.entries if since is None or one.day >= since]
    facts = {"somebody": somebody, "lists": [] if somebody.needs_care else _own_side(entries)}
    return _page(request, "person", span, facts, entries=entries)


def _own_side(entries: Sequence[Noted]) -> list[tuple[str, list[shown.Bar]]]:
    """What the person felt, needed and wanted to do, as lists."""
    lists = {"feelings": FEELINGS, "needs": NEEDS, "urges": URGES}
    return [
        (name, shown.bars_of(counts.named(entries, name, taxonomy)[:NAMED]))
        for name, taxonomy in lists.items()
    ]


def _id_of(owner: User, name: str) -> UUID:
    """Stands for a nickname in an address, and says nothing of it."""
    return private_id(owner, "insights.person", name)


def _span(request: PersonRequest) -> tuple[Span, date | None]:
    """The time asked for, and its first day."""
    span = span_named(request.GET.get("time", ""))
    return span, span.first(request.user.today())


def _page(
    request: PersonRequest,
    name: str,
    span: Span,
    facts: Mapping[str, Any],
    *,
    entries: Sequence[Noted] = (),
    check_ins: Sequence[CheckedIn] = (),
) -> HttpResponse:
    """A page of this room: its facts, what went well, and the way to the others."""
    context = {
        # To look at another time or person is another opening.
        "again": opened_again(request, f"insights {request.path} {span.name}"),
        "number": len(entries),
        "is_enough": len(entries) >= counts.ENOUGH,
        "least": counts.ENOUGH,
        "days": len(check_ins),
        "strengths": strengths(entries, check_ins)[:2],
        "span": span,
        "spans": SPANS,
        "pages": [page for page in shown.PAGES if page[0] != name],
        **facts,
    }
    return render(request, f"insights/{name}.html", context)
