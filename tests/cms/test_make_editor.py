"""An operator makes editors on the command line."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from healing.accounts.models import User
from healing.cms.actions import Role, editors, make_editor, make_roles
from healing.vault.models import UserKey

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet garden path"


def run(monkeypatch: pytest.MonkeyPatch, email: str, role: str, typed: str = PASSWORD) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    call_command("make_editor", email, role=role, password_stdin=True, stdout=said)
    return said.getvalue()


def test_someone_new_gets_an_account_with_a_data_key_and_a_confirmed_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = run(monkeypatch, "New@Example.org", "writer")
    user = User.objects.get(email="new@example.org")
    assert user.check_password(PASSWORD)
    assert UserKey.objects.filter(owner=user).exists()
    assert user.emailaddress_set.get().verified
    assert PASSWORD not in said
    assert "is writer" in said


def test_someone_with_an_account_keeps_it_and_their_password(
    mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mara.password
    run(monkeypatch, "Mara@example.org", "reviewer", typed="something else entirely")
    mara.refresh_from_db()
    assert mara.password == before
    assert User.objects.count() == 1
    assert mara in editors()


def test_a_role_replaces_the_one_before(mara: User) -> None:
    for role, groups in [
        (Role.WRITER, ["Writers"]),
        (Role.REVIEWER, ["Reviewers"]),
        (Role.ADMIN, []),
        (Role.WRITER, ["Writers"]),
    ]:
        make_editor(email=mara.email, role=role)
        mara.refresh_from_db()
        assert [group.name for group in mara.groups.all()] == groups
        assert mara.is_superuser == (role is Role.ADMIN)


def test_roles_hold_exactly_what_is_written_however_often_they_are_made() -> None:
    make_roles()
    writers = Group.objects.get(name="Writers")
    writers.permissions.clear()
    Group.objects.get(name="Reviewers").permissions.add(
        *Group.objects.get(name="Moderators").permissions.all()
    )
    make_roles()
    may = set(writers.permissions.values_list("codename", flat=True))
    assert {"access_admin", "change_lesson", "add_exercise", "change_crisisline"} <= may
    assert not {name for name in may if name.startswith(("publish", "delete", "lock"))}
    reviews = Group.objects.get(name="Reviewers").permissions.values_list("codename", flat=True)
    assert "publish_lesson" in reviews
    assert not {name for name in reviews if name.startswith("delete")}
    assert not {name for name in reviews if name.endswith(("image", "document", "user"))}


@pytest.mark.parametrize(
    ("email", "typed", "said"),
    [
        ("not an address", PASSWORD, "valid email"),
        ("new@example.org", "short", "too short"),
        ("new@example.org", "", "too short"),
        ("longernamehere@example.org", "longernamehere", "too similar"),
    ],
)
def test_a_wrong_address_or_a_weak_password_makes_nobody(
    monkeypatch: pytest.MonkeyPatch, email: str, typed: str, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run(monkeypatch, email, "writer", typed)
    assert not User.objects.exists()


def test_without_a_terminal_a_password_has_to_come_from_the_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("make_editor", "new@example.org", role="admin")
