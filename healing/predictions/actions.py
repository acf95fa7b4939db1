"""Keeps predictions, asks on their day, and notes what became of them."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from healing.accounts.models import User
from healing.predictions.models import Prediction
from healing.predictions.outcomes import Outcome, is_uneasy
from healing.vault.actions import private_id

A_WEEK = timedelta(days=7)
# A form that the browser filled in again within this time is the same one.
SAME_WITHIN = timedelta(minutes=10)


class ChangedMeanwhile(ValueError):
    """Something else was saved since the form was opened, and the form would overwrite it."""


@transaction.atomic
def predict(
    *,
    owner: User,
    prediction: UUID,
    fear: str,
    likelihood: int | None,
    due: date | None,
    entry: UUID | None,
) -> Prediction:
    """Keep a fear under this id, or change it while it is open; an answered one stays.

    `likelihood` is per cent, 0 to 100. Without `due` it asks a week from the owner's today; one
    that is kept already keeps its day. Raises ValueError for another likelihood, and
    Prediction.DoesNotExist if the id belongs to somebody else.
    """
    if likelihood is not None and not 0 <= likelihood <= 100:
        raise ValueError("A likelihood lies between 0 and 100 per cent.")
    said = {"fear": fear, "likelihood": likelihood, "entry": str(entry) if entry else None}
    today = owner.today()
    blank = {"outcome": None, "told": "", "answered": None, "unsafe": False, "uneasy": False}
    new = {"owner": owner, "local_date": today, "due": due or today + A_WEEK}
    row: Prediction
    row, made = Prediction.objects.select_for_update().get_or_create(
        pk=prediction, defaults={**new, "said": {**said, **blank}}
    )
    if row.owner_id != owner.pk:
        raise Prediction.DoesNotExist
    if not made and row.is_open:
        row.due, row.said = due or row.due, {**row.said, **said}
        row.save(update_fields=["due", "said"])
    return row


def add_prediction(
    *, owner: User, form_id: UUID, fear: str, likelihood: int | None, due: date | None
) -> Prediction:
    """Keep what a form for a new one says, once, however often the form arrives.

    With other words than before it is a second prediction: nothing saved is overwritten.
    """
    words = (fear, likelihood, due or owner.today() + A_WEEK)
    same = Q(pk=form_id) | Q(created__gte=timezone.now() - SAME_WITHIN)
    mine: list[Prediction] = list(Prediction.objects.of(owner).filter(same))
    for row in mine:
        if (row.fear, row.likelihood, row.due) == words and (row.is_open or row.pk == form_id):
            return row
    if Prediction.objects.filter(pk=form_id).exists():
        form_id = private_id(owner, "prediction", str(form_id), *map(str, words))
    return predict(
        owner=owner, prediction=form_id, fear=fear, likelihood=likelihood, due=due, entry=None
    )


@transaction.atomic
def change_prediction(
    *,
    owner: User,
    prediction: UUID,
    opened_with: str,
    fear: str,
    likelihood: int | None,
    due: date | None,
) -> Prediction:
    """Change the words of an open one; `opened_with` is the `words_mark` the form began with.

    Raises ChangedMeanwhile if it says something else by now or is answered, and
    Prediction.DoesNotExist.
    """
    row = _locked(owner, prediction)
    new = _mark(fear, likelihood, (due or row.due).isoformat())
    if words_mark(row) == new:
        return row
    if not row.is_open or words_mark(row) != opened_with:
        raise ChangedMeanwhile("Other words were saved since.")
    return predict(
        owner=owner,
        prediction=prediction,
        fear=fear,
        likelihood=likelihood,
        due=due,
        entry=row.entry,
    )


@transaction.atomic
def resolve(
    *,
    owner: User,
    prediction: UUID,
    outcome: Outcome,
    told: str = "",
    unsafe: bool = False,
    opened_with: str | None = None,
) -> Prediction:
    """Note what happened; the day of the first answer stays.

    `opened_with` is the `answer_mark` the form began with: if another answer was saved since, that
    one stays and ChangedMeanwhile is raised. Raises Prediction.DoesNotExist for somebody else's.
    """
    row = _locked(owner, prediction)
    stored, given = answer_mark(row), _mark(outcome, told, unsafe)
    is_begun = not row.is_open or row.told
    if opened_with is not None and is_begun and stored not in (opened_with, given):
        raise ChangedMeanwhile("Another answer was saved since.")
    answered = row.said["answered"] or owner.today().isoformat()
    row.said = {
        **row.said,
        "outcome": outcome.value,
        "told": told,
        "unsafe": unsafe,
        "answered": answered,
    }
    row.save(update_fields=["said"])
    return row


@transaction.atomic
def postpone(*, owner: User, prediction: UUID, told: str = "", unsafe: bool = False) -> Prediction:
    """Ask again a week from the owner's today, and keep what was written up to now.

    One that is answered, or whose day has not come, stays as it is. Raises Prediction.DoesNotExist.
    """
    row, today = _locked(owner, prediction), owner.today()
    if row.state_on(today) == "due":
        row.due = today + A_WEEK
        if row.told not in told:
            told = f"{row.told}\n{told}".strip()
        row.said = {**row.said, "told": told, "unsafe": unsafe or row.said["unsafe"]}
        row.save(update_fields=["due", "said"])
    return row


def mark_uneasy(*, owner: User, entry: UUID, triggers: Collection[str]) -> None:
    """Tell the predictions of a journal entry which triggers (keys) it names by now.

    Where one of them is a lie, a threat or being frightened, the ledger leads to a closer look
    instead of showing how seldom fears come true. Without one the mark is taken back.
    """
    uneasy = is_uneasy(triggers)
    for row in Prediction.objects.of(owner):
        if row.entry == entry and row.said["uneasy"] != uneasy:
            row.said = {**row.said, "uneasy": uneasy}
            row.save(update_fields=["said"])


def due_now(*, owner: User, day: date) -> list[Prediction]:
    """Those whose day has come by the local date `day` and that wait for an answer."""
    found: list[Prediction] = Prediction.objects.of(owner).due_on(day)
    return found


def words_mark(row: Prediction) -> str:
    """Sixteen hex digits that tell one version of a prediction's words from another."""
    return _mark(row.fear, row.likelihood, row.due.isoformat())


def answer_mark(row: Prediction) -> str:
    """Sixteen hex digits that tell one answer from another."""
    return _mark(row.said["outcome"], row.told, row.said["unsafe"])


def _mark(*said: Any) -> str:
    """A browser changes line ends: that is no other version."""
    words = json.dumps(said).replace(r"\r\n", r"\n")
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _locked(owner: User, prediction: UUID) -> Prediction:
    """The row, held against a second writer; raises Prediction.DoesNotExist."""
    row: Prediction = Prediction.objects.of(owner).select_for_update().get(pk=prediction)
    return row
