"""Makes one row of every private kind, and says which kinds an export or an erasure forgot."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from healing.accounts.models import User
from healing.privacy.records import hanging_models
from healing.vault.fields import SealedField, SealedJSONField
from healing.vault.models import PrivateRecord

# Stands in every sealed field of the rows made here, so that a test can look for it.
SAID = "a word that only she knows"


def value_for(field: Any, owner: User) -> Any:
    """Something that fits a field without a default."""
    if isinstance(field, models.ForeignKey):
        other = field.related_model
        return owner if other is User else _row_of(owner, other) or make_row(other, owner)
    if isinstance(field, SealedField):
        return {"said": SAID} if isinstance(field, SealedJSONField) else SAID
    if field.name == "person":
        return owner.pk
    if field.choices:
        return field.choices[0][0]
    if field.unique and isinstance(field, models.CharField):
        return uuid.uuid4().hex
    values: list[tuple[type[Any], Any]] = [
        (models.UUIDField, uuid.uuid4()),
        (models.DateTimeField, timezone.now()),
        (models.DateField, owner.today()),
        (models.TimeField, datetime.time(9)),
        (models.BooleanField, False),
        (models.IntegerField, 1),
        (models.CharField, "UTC"),
        (models.TextField, "x"),
        (models.JSONField, {}),
    ]
    return next(value for kind, value in values if isinstance(field, kind))


def make_row(model: Any, owner: User) -> Any:
    """One row of `model`, filled where it must be."""
    needed = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
        or not (field.null or field.has_default() or field.primary_key)
    ]
    return model._default_manager.create(
        **{field.name: value_for(field, owner) for field in needed}
    )


def _row_of(owner: User, model: Any) -> Any:
    """A row of `model` that `owner` has already; None for a model that nobody owns."""
    owned = any(field.name == "owner" for field in model._meta.concrete_fields)
    return model._base_manager.filter(owner=owner).first() if owned else None


def fill_everything(owner: User, kinds: Iterable[type[PrivateRecord]]) -> None:
    """A row of every private kind, and of everything that hangs on one."""
    for kind in kinds:
        if not _row_of(owner, kind):
            make_row(kind, owner)
        for other, field in hanging_models(kind):
            if not other._default_manager.filter(**{f"{field}__owner": owner}).exists():
                make_row(other, owner)


def every_kind(models_: Iterable[Any]) -> set[Any]:
    """Private kinds and what hangs on them, found anew, not by the code under test."""
    private = {model for model in models_ if issubclass(model, PrivateRecord)}
    hanging = {
        model
        for model in models_
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in private
    }
    return private | hanging


def forgotten(exported: dict[str, Any], kinds: Iterable[Any]) -> set[str]:
    """Kinds of which an export holds no row."""
    return {
        kind._meta.label_lower
        for kind in kinds
        if not exported["records"].get(kind._meta.label_lower)
    }


def left_behind(kinds: Iterable[Any]) -> set[str]:
    """Kinds of which a row is still in the database."""
    return {kind._meta.label_lower for kind in kinds if kind._default_manager.exists()}
