"""What is private: each person's data key, and the base of every row that holds their words."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.utils import timezone


class UserKey(models.Model):
    """One person's data key, wrapped by a master key; erasing it makes all else unreadable."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"data key of person {self.owner_id}"


class PrivateQuerySet(models.QuerySet["Any"]):
    """Rows of one person; sealed columns can be neither sorted nor updated in bulk."""

    def of(self, owner: Any) -> Self:
        """The rows of `owner` alone: the one way in for a view."""
        return self.filter(owner_id=owner.pk)

    def order_by(self, *field_names: Any) -> Self:
        self._refuse_sealed(
            name.lstrip("-").split("__")[0] for name in field_names if isinstance(name, str)
        )
        return super().order_by(*field_names)

    def update(self, **kwargs: Any) -> int:
        self._refuse_sealed(kwargs)
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        self._refuse_sealed(fields)
        return super().bulk_update(objs, fields, batch_size)

    def _refuse_sealed(self, names: Iterable[str]) -> None:
        sealed = {field.name for field in sealed_fields(self.model)}
        for name in names:
            if name in sealed:
                raise FieldError(f"{name} is sealed: open the rows and do it in memory.")


class PrivateRecord(models.Model):
    """A row that holds what a person said, or says what they did.

    Clear are only id, owner, times, the local date and due dates, instrument id and version, row
    state, and what the reminder engine must query. Everything else is one sealed JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = PrivateQuerySet.as_manager()

    # Columns that an export leaves out: what they hold says nothing, or stands in it already.
    not_exported: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True


def sealed_fields(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The sealed columns of a model, known by the descriptor that opens them."""
    return [field for field in model._meta.fields if hasattr(field, "opened")]
