"""Makes editors, and keeps what each role may do exactly as written here."""

from enum import StrEnum

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from healing.accounts.models import User
from healing.editorial.models import EditedText


class Role(StrEnum):
    """What an editor is; an admin needs no group, being allowed everything."""

    WRITER = "writer"
    REVIEWER = "reviewer"
    ADMIN = "admin"


GROUPS = {Role.WRITER: "Writers", Role.REVIEWER: "Reviewers"}
# On every edited text. A writer's draft goes live only through a reviewer.
MAY = {
    Role.WRITER: ("add", "change"),
    Role.REVIEWER: ("add", "change", "publish", "lock", "unlock"),
}
REVIEW = "Review"


def editors() -> QuerySet[User]:
    """Everyone who has a role in the editing screens, and nobody else."""
    enters = Q(groups__permissions__codename="access_admin")
    return User.objects.filter(enters | Q(is_superuser=True)).distinct()


@transaction.atomic
def make_editor(*, email: str, role: Role, password: str | None = None) -> User:
    """Give `role`, and only that one, to the person with this address.

    Someone who has no account yet gets one, with `password` and an address taken as confirmed.
    Raises ValueError if they have none and `password` is missing.
    """
    make_roles()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        if not password:
            raise ValueError("A new editor needs a password.")
        user = User.objects.create_user(email, password)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    user.is_superuser = role is Role.ADMIN
    user.save(update_fields=["is_superuser"])
    user.groups.remove(*Group.objects.filter(name__in=GROUPS.values()))
    if role in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[role]))
    return user


@transaction.atomic
def make_roles() -> None:
    """Make both groups and the review workflow, or bring them back to what they should be."""
    for role, name in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(role))
    workflow, _ = Workflow.objects.get_or_create(name=REVIEW)
    task, _ = GroupApprovalTask.objects.get_or_create(name=REVIEW)
    task.groups.set([Group.objects.get(name=GROUPS[Role.REVIEWER])])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    for content_type in _content_types():
        WorkflowContentType.objects.update_or_create(
            content_type=content_type, defaults={"workflow": workflow}
        )


def has_roles() -> bool:
    """Whether the roles were ever made; without them nobody but an admin can be an editor."""
    return Group.objects.filter(name=GROUPS[Role.WRITER]).exists()


def _permissions(role: Role) -> QuerySet[Permission]:
    on_texts = Q()
    for content_type in _content_types():
        names = [f"{verb}_{content_type.model}" for verb in MAY[role]]
        on_texts |= Q(content_type=content_type, codename__in=names)
    return Permission.objects.filter(
        on_texts | Q(content_type__app_label="wagtailadmin", codename="access_admin")
    )


def _content_types() -> list[ContentType]:
    texts = [model for model in apps.get_models() if issubclass(model, EditedText)]
    return list(ContentType.objects.get_for_models(*texts).values())
