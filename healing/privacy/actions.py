"""Erases a person, so that even a failure half-way leaves nothing that can be opened."""

from contextlib import suppress

from allauth.usersessions.models import UserSession
from django.db import Error, connection, transaction

from healing.accounts.models import User
from healing.privacy.records import private_models, rows_of
from healing.vault.actions import destroy_key


class Unfinished(Exception):
    """The key is gone and nobody can sign in, but rows that nobody can open are left."""


def erase_person(*, owner: User) -> None:
    """Erase everything stored about `owner`, in two steps.

    1. The data key goes, and with it the way to sign in. This is committed before anything else:
       whatever happens next, nothing this person wrote can be opened. If this step fails, its
       database error is raised and nothing has changed.
    2. Every row goes: private rows and what hangs on them, sessions, addresses, second factors,
       the person. If this step fails, Unfinished is raised; running it again takes the rest.
    """
    with transaction.atomic(durable=True):
        destroy_key(owner)
        owner.is_active = False
        owner.set_unusable_password()
        owner.save(update_fields=["is_active", "password"])
    try:
        _delete_rows(owner)
    except Error as problem:
        raise Unfinished(f"Rows are left: {type(problem).__name__}.") from problem
    _forget_old_pages()


@transaction.atomic
def _delete_rows(owner: User) -> None:
    _hold(owner)
    for model in private_models():
        rows_of(owner, model).delete()
    for session in UserSession.objects.filter(user=owner):
        session.end()
    owner.delete()


def _hold(owner: User) -> None:
    """Wait for whoever changes this person's rows just now, and keep everybody else from it.

    The person first, as wherever plans are changed: so two never wait for each other in a ring. And
    no claim hangs a new mail on a plan that is about to go.
    """
    User.objects.select_for_update().filter(pk=owner.pk).first()
    for model in private_models():
        list(rows_of(owner, model).select_for_update().order_by("pk").values_list("pk", flat=True))


def _forget_old_pages() -> None:
    """SQLite keeps the pages of before in its log until a checkpoint, the key's among them."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    # Someone who reads or writes just now only puts it off: SQLite does it again by itself.
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
