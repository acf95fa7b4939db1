"""Writes check-ins, look-backs, safety answers, and which messages about them were put away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from exercises.actions import bounds, note_safety, take_back_safety
from exercises.models import Session
from healing.accounts.actions import note_seen
from healing.accounts.models import User
from healing.checkins import safety, texts
from healing.checkins.burden import BEFORE, FORTNIGHT, Message, message
from healing.checkins.items import ITEMS, is_asked
from healing.checkins.models import CheckIn, LookBack, Notice, SafetyAnswer, Unasked
from healing.vault.actions import private_id
from journal.models import Entry

Answers = dict[str, Any]
# A wrong tap is put right at once (programme 7.3); after this long an answer is a new one.
AT_ONCE = timedelta(days=1)


@transaction.atomic
def save_check_in(
    *, owner: User, local_date: date, answers: Answers, shown: Mapping[str, str]
) -> None:
    """Save what the person answered on that date, over what they had answered before.

    `shown` names the answers that stood in the form when it was opened, with the digest of each
    text: only those can have been taken back. What was saved since, from a mail or in another tab,
    stays, and a text is added to it.
    """
    row = _locked(owner, local_date)
    kept = {key: said for key, said in row.answers.items() if key not in shown}
    words = {
        name: texts.merged(row.answers.get(name, ""), answers.get(name, ""), shown.get(name, ""))
        for name in texts.NAMES
    }
    _store(row, {**kept, **answers, **words})


@transaction.atomic
def fill_check_in(*, owner: User, local_date: date, answers: Answers) -> None:
    """Save what was still empty on that date; a text is added below the one that is there.

    Whoever answers a mail is here, as by a visit.
    """
    note_seen(person_id=owner.pk, now=timezone.now())
    row = _locked(owner, local_date)
    words = {
        name: texts.joined(row.answers.get(name, ""), answers.get(name, "")) for name in texts.NAMES
    }
    _store(row, {**answers, **row.answers, **words})


def _locked(owner: User, local_date: date) -> CheckIn:
    """The row of that date, made if there is none, held against a second writer."""
    rows = CheckIn.objects.of(owner).select_for_update()
    row: CheckIn
    row, _made = rows.get_or_create(
        owner=owner, local_date=local_date, defaults={"answers": Answers()}
    )
    return row


def _store(row: CheckIn, answers: Answers) -> None:
    """Saves the row; a day without any answer keeps no row, it was not a check-in."""
    row.answers = applicable({key: said for key, said in answers.items() if said != ""})
    if row.answers:
        row.save(update_fields=["answers", "changed"])
    else:
        row.delete()


def applicable(answers: Mapping[str, Any]) -> Answers:
    """The answers without those of items that do not apply."""
    idle = {item.key for item in ITEMS if not is_asked(item, answers)}
    return {key: said for key, said in answers.items() if key not in idle}


@transaction.atomic
def answer_safety(*, owner: User, row: UUID, answers: safety.Answers) -> SafetyAnswer:
    """Keep an answer to the safety question, and open or close what its level asks for.

    The same row again is a wrong tap put right: what the first answer changed is undone before. One
    that can no more be put right stays, and this is a new answer. Raises SafetyAnswer.DoesNotExist
    if the row belongs to somebody else.
    """
    level = safety.level(answers)
    blank = {"owner": owner, "local_date": owner.today(), "said": {}}
    rows = SafetyAnswer.objects.select_for_update()
    answer: SafetyAnswer
    answer, made = rows.get_or_create(pk=row, defaults=blank)
    if answer.owner_id != owner.pk:
        raise SafetyAnswer.DoesNotExist
    if not made and not can_be_put_right(answer):
        answer = SafetyAnswer(**blank)
    elif not made:
        take_back_safety(owner=owner, before=bounds(owner=owner) | answer.said["before"])
    before = bounds(owner=owner)
    if level is not None:
        note_safety(owner=owner, is_none=level is safety.Level.NONE)
    after = bounds(owner=owner)
    answer.said = {
        **{name: answers.get(name) for name in safety.QUESTIONS},
        "level": level,
        "before": {name: day for name, day in before.items() if day != after[name]},
    }
    answer.save()
    return answer


def can_be_put_right(answer: SafetyAnswer) -> bool:
    """Whether it is the person's newest answer, and was given a moment ago."""
    newer = SafetyAnswer.objects.of(answer.owner).filter(created__gt=answer.created)
    return timezone.now() - answer.created < AT_ONCE and not newer.exists()


def safety_is_due(*, owner: User, day: date) -> bool:
    """Whether the check-in of `day` is the third hard one in a row, so the question is offered."""
    rows = CheckIn.objects.of(owner).filter(local_date__lte=day)
    if not all(
        safety.is_hard(row.answers) for row in rows.order_by("-local_date")[: safety.HARD_DAYS]
    ):
        return False
    said = [(row.local_date, safety.is_hard(row.answers)) for row in rows.order_by("local_date")]
    return safety.to_ask_after(said, day)


@transaction.atomic
def save_look_back(
    *, owner: User, local_date: date, said: Mapping[str, str], asked: Collection[str]
) -> None:
    """Save the look-back of that date over an earlier one; what was not `asked` stays as it was.

    One without any answer keeps no row.
    """
    rows = LookBack.objects.of(owner).select_for_update()
    row: LookBack
    row, _made = rows.get_or_create(owner=owner, local_date=local_date, defaults={"said": {}})
    row.said = {key: words for key, words in row.said.items() if key not in asked} | dict(said)
    if row.said:
        row.save(update_fields=["said"])
    else:
        row.delete()


def switched_off(*, owner: User) -> frozenset[str]:
    """The items the person does not want to be asked, by key."""
    row = Unasked.objects.of(owner).first()
    return frozenset(row.said["off"]) if row else frozenset()


def switch_off(*, owner: User, off: Collection[str]) -> None:
    """Ask these items no more, and all others again."""
    pk = private_id(owner, "checkins.unasked")
    Unasked.objects.update_or_create(pk=pk, owner=owner, defaults={"said": {"off": sorted(off)}})


@dataclass(frozen=True)
class Week:
    """Small honest counts of seven days: entries written, on so many days, and exercises done."""

    entries: int
    entry_days: int
    exercises: int


def week_of(*, owner: User, until: date) -> Week:
    """What was kept in the seven days up to `until` (2 queries)."""
    since = until - timedelta(days=6)
    span = {"local_date__gte": since, "local_date__lte": until}
    days = list(Entry.objects.of(owner).filter(**span).values_list("local_date", flat=True))
    exercises = Session.objects.of(owner).practised().filter(**span).count()
    return Week(len(days), len(set(days)), exercises)


def message_due(*, owner: User) -> Message | None:
    """The message to show today, or None (4 queries, 2 for someone who keeps neither).

    Showing it stores nothing: it stays until it is put away, or the numbers no longer say so.
    """
    first = CheckIn.objects.of(owner).order_by("local_date").values_list("local_date").first()
    weeks = list(LookBack.objects.of(owner).order_by("-local_date")[:2])
    if first is None and not weeks:
        return None
    today = owner.today()
    wanted = Q(local_date__gte=today - timedelta(days=max(BEFORE) - 1))
    if first is not None:
        wanted |= Q(local_date__lt=first[0] + timedelta(days=FORTNIGHT))
    rows = CheckIn.objects.of(owner).filter(wanted)
    return message(
        days={row.local_date: row.answers for row in rows},
        first=first and first[0],
        look_backs=[(row.local_date, row.said.get("compared")) for row in weeks],
        hidden=_hidden(owner),
        today=today,
    )


def _hidden(owner: User) -> dict[str, str]:
    row = Notice.objects.of(owner).first()
    return row.said if row else {}


@transaction.atomic
def hide_message(*, owner: User, message: Message) -> None:
    """Put a message away from today on; it rests as `burden.RESTS` says."""
    rows = Notice.objects.of(owner).select_for_update()
    made = {"owner": owner, "said": {}}
    row, _made = rows.get_or_create(pk=private_id(owner, "notice"), defaults=made)
    row.said = {**row.said, message: owner.today().isoformat()}
    row.save(update_fields=["said"])
