"""Everything stored about one person, opened, as plain data."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from healing.accounts.models import User
from healing.privacy.records import hanging_models, private_models, rows_of
from healing.questionnaires.fhir_export import RELEASES
from healing.questionnaires.submissions import person_as_fhir
from healing.vault.keyring import SealBroken


def export_person(*, owner: User) -> dict[str, Any]:
    """All private records by kind, the account, and what is left out and why.

    Under `fhir` stand the questionnaires once more, as a clinic's program reads them.
    Values are those of Python: hand them to DjangoJSONEncoder. A sealed value that does not open
    is named instead of shown, so that one damaged row does not hide the rest.
    """
    return {
        "made_at": timezone.now(),
        "account": _account(owner),
        "records": _records(owner),
        "fhir": {release: person_as_fhir(owner=owner, release=release) for release in RELEASES},
        "left_out": _left_out(),
    }


def counts(*, owner: User) -> list[tuple[str, int]]:
    """How many rows of each kind there are, for kinds that have any."""
    found = [
        (str(model._meta.verbose_name_plural), rows_of(owner, model).count())
        for model in private_models()
    ]
    return [(name, number) for name, number in found if number]


def _account(owner: User) -> dict[str, Any]:
    return {
        "email": owner.email,
        "time_zone": owner.time_zone,
        "language": owner.language,
        "since": owner.date_joined,
        "last_sign_in": owner.last_login,
        "last_visit": owner.last_seen_at,
        "addresses": list(
            EmailAddress.objects.filter(user=owner).values("email", "verified", "primary")
        ),
        "signed_in_on": list(
            UserSession.objects.filter(user=owner)
            .order_by("created_at")
            .values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "ways_to_prove_it_is_you": [
            {"kind": one.type, "name": str(one), "since": one.created_at, "used": one.last_used_at}
            for one in Authenticator.objects.filter(user=owner).order_by("created_at")
        ],
    }


def _records(owner: User) -> dict[str, list[dict[str, Any]]]:
    """Rows by table name: private records, and what hangs on them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in private_models():
        found[model._meta.label_lower] = _rows(rows_of(owner, model).order_by("created"))
        for other, field in hanging_models(model):
            rows = other._default_manager.filter(**{f"{field}__owner": owner}).order_by("pk")
            found.setdefault(other._meta.label_lower, []).extend(_rows(rows))
    return found


def _rows(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [
        {
            field.name: _value(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name != "owner" and field.name not in getattr(row, "not_exported", ())
        }
        for row in rows
    ]


def _value(row: Model, name: str) -> Any:
    try:
        return getattr(row, name)
    except SealBroken:
        return {"could_not_be_opened": True}


def _left_out() -> list[dict[str, str]]:
    return [
        {
            "what": _("your password"),
            "why": _("Only a check value made from it is kept. It is of no use anywhere else."),
        },
        {
            "what": _("the secrets of your authenticator app, recovery codes and passkeys"),
            "why": _("Whoever finds them in a file could sign in as you."),
        },
        {
            "what": _("the key that seals your rows, and the keys of your open sessions"),
            "why": _("The rows are here, already opened. The keys open nothing else."),
        },
        {
            "what": _("what the links for a therapist show, and their passphrases"),
            "why": _(
                "The rows it was made of are here. The passphrases are not kept, and without them "
                "nothing opens it."
            ),
        },
        {
            "what": _("mails already sent, and the operator's backups"),
            "why": _("They are kept outside this program."),
        },
    ]
