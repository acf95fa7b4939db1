"""Writes a day's check-in, answers to the safety question, and which messages were put away."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from exercises.actions import bounds, note_safety, take_back_safety
from healing.accounts.models import User
from healing.checkins import safety, texts
from healing.checkins.burden import BEFORE, FORTNIGHT, Message, message
from healing.checkins.items import ITEMS, is_asked
from healing.checkins.models import CheckIn, Notice, SafetyAnswer
from healing.vault.actions import private_id

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
    """Save what was still empty on that date; a text is added below the one that is there."""
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


def message_due(
    *, owner: User, look_backs: Sequence[tuple[date, str | None]] = ()
) -> Message | None:
    """The message to show today, or None (3 queries, 1 for someone who does not check in).

    Showing it stores nothing: it stays until it is put away, or the numbers no longer say so.
    `look_backs`: as `burden.is_heavier` takes them.
    """
    today = owner.today()
    first = CheckIn.objects.of(owner).order_by("local_date").values_list("local_date").first()
    if first is None and not look_backs:
        return None
    since = today - timedelta(days=max(BEFORE) - 1)
    wanted = Q(local_date__gte=since)
    if first is not None:
        wanted |= Q(local_date__lt=first[0] + timedelta(days=FORTNIGHT))
    rows = CheckIn.objects.of(owner).filter(wanted)
    return message(
        days={row.local_date: row.answers for row in rows},
        first=first and first[0],
        look_backs=look_backs,
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
