"""Finds every table that holds something of a person, so that none can be forgotten."""

from django.apps import apps
from django.db.models import Model, QuerySet

from healing.accounts.models import User
from healing.vault.models import PrivateRecord


def private_models() -> list[type[PrivateRecord]]:
    """Every concrete kind of private record, by name."""
    models = [model for model in apps.get_models() if issubclass(model, PrivateRecord)]
    return sorted(models, key=lambda model: model._meta.label_lower)


def rows_of(owner: User, model: type[PrivateRecord]) -> "QuerySet[PrivateRecord]":
    """Every row of one kind, also those that the kind's own manager may leave out."""
    return model._base_manager.filter(owner=owner)


def hanging_models(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Tables that are no private records and point at one, each with the field that points."""
    fields = [relation.field for relation in model._meta.related_objects]
    found = [(field.model, field.name) for field in fields if not _is_private(field.model)]
    return sorted(found, key=lambda pair: pair[0]._meta.label_lower)


def _is_private(model: type[Model]) -> bool:
    return issubclass(model, PrivateRecord)
