"""Model fields whose value is sealed with the owner's data key.

The seal is bound to model, field, owner and row id, so a value moved to another row, owner or field
does not open. In Python the attribute is the plain value, opened when it is first read; in the
database it is bytes. The database can neither search nor sort them, so trying to is an error.
"""

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from healing.vault.actions import data_key
from healing.vault.keyring import SealBroken, seal, unseal

SEAL_VERSION = b"\x01"


def bound_to(model: Any, field: str, owner_id: int, pk: Any) -> bytes:
    """What a seal is bound to: model (or a row of it), field, owner and row id."""
    return "|".join((model._meta.label_lower, field, str(owner_id), str(pk))).encode()


class SealedBytes(bytes):
    """What the database holds; the only kind of value a sealed column accepts."""


class SealedAttribute(DeferredAttribute):
    """Opens the value on first access and keeps it opened on the instance."""

    field: "SealedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, SealedBytes):
            value = instance.__dict__[self.field.attname] = self.field.opened(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Base of both kinds; `to_text` and `from_text` say how a value becomes text and back."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def to_text(self, value: Any) -> str:
        raise NotImplementedError

    def from_text(self, text: str) -> Any:
        raise NotImplementedError

    def opened(self, row: Any, sealed: bytes) -> Any:
        """The plain value of `row`; raises SealBroken if it was moved here, or altered."""
        if sealed[:1] != SEAL_VERSION:
            raise SealBroken("A sealed value has an unknown version.")
        key = data_key(row.owner_id)
        return self.from_text(unseal(key, sealed[1:], self._bound(row)).decode())

    def pre_save(self, model_instance: Any, add: bool) -> SealedBytes | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedBytes):
            return value
        key = data_key(model_instance.owner_id)
        text = self.to_text(value).encode()
        return SealedBytes(SEAL_VERSION + seal(key, text, self._bound(model_instance)))

    def _bound(self, row: Any) -> bytes:
        return bound_to(row, self.name, row.owner_id, row.pk)

    def from_db_value(self, value: Any, *args: Any) -> SealedBytes | None:
        return None if value is None else SealedBytes(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, SealedBytes):
            raise FieldError(f"{self.name} is sealed: set it on the row and call save().")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: the database cannot look into it.")

    get_transform = get_lookup

    def value_to_string(self, obj: Any) -> str:
        raise FieldError(f"{self.name} is sealed: it is never written out by a serializer.")


class SealedTextField(SealedField):
    """A text."""

    def to_text(self, value: Any) -> str:
        return str(value)

    def from_text(self, text: str) -> str:
        return text


class SealedJSONField(SealedField):
    """Whatever JSON holds: one for a whole record, not one for each answer."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)
