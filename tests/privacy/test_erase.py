"""/my-data/erase/ and `erase_person`: the key first, then everything, and no way back."""

import os
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client

from healing.accounts.models import User
from healing.privacy.actions import erase_person
from healing.privacy.records import private_models
from healing.questionnaires.models import Submission
from healing.vault.models import UserKey
from tests.factories import PASSWORD
from tests.privacy.walk import SAID, fill_everything, make_row

ERASE = "/my-data/erase/"
SURE = {"sure": "on"}


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def confirm(client: Client, password: str = PASSWORD):
    """Press the button, and give the password on the page that asks for it."""
    asked = client.post(ERASE, SURE)
    assert asked.status_code == 302
    return client.post(asked["Location"], {"password": password, "next": ERASE})


class StopAtRows:
    """A database that can delete a data key, and after that refuses every change."""

    stopped = False

    def __call__(self, execute, sql, *rest):
        reads = sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        if sql.startswith("DELETE") and "vault_userkey" not in sql:
            self.stopped = True
        if self.stopped and not reads:
            raise OperationalError("disk full")
        return execute(sql, *rest)


def test_the_page_says_what_goes_and_what_stays(client_of, mara):
    make_row(Submission, mara)
    page = client_of(mara).get(ERASE).content.decode()
    assert "Filled-in questionnaires" in page
    assert "Your key first" in page
    assert "Backups" in page
    assert "Take a copy first" in page
    assert User.objects.filter(pk=mara.pk).exists()


def test_without_the_tick_nothing_is_asked_and_nothing_goes(client_of, mara):
    answer = client_of(mara).post(ERASE, {"sure": ""})
    assert answer.status_code == 200
    assert "Tick the box" in answer.content.decode()
    assert UserKey.objects.filter(owner=mara).exists()


def test_the_tick_alone_is_not_enough(mara):
    asked = signed_in(mara).post(ERASE, SURE)
    assert asked["Location"] == f"/accounts/reauthenticate/?next={ERASE.replace('/', '%2F')}"
    assert UserKey.objects.filter(owner=mara).exists()


def test_a_wrong_password_erases_nothing(mara):
    answer = confirm(signed_in(mara), "not the password")
    assert answer.status_code == 200
    assert UserKey.objects.filter(owner=mara).exists()


def test_with_the_password_everything_of_hers_is_gone_and_his_is_not(mara, theo):
    for person in (mara, theo):
        fill_everything(person, private_models())
    client = signed_in(mara)
    other_device = signed_in(mara)
    his = signed_in(theo)
    answer = confirm(client)
    assert (answer.status_code, answer["Location"]) == (302, "/my-data/erased/")
    assert not User.objects.filter(email=mara.email).exists()
    for model in (*private_models(), UserKey):
        assert {row.owner_id for row in model._base_manager.all()} == {theo.pk}
    for model in (EmailAddress, UserSession):
        assert {row.user_id for row in model.objects.all()} == {theo.pk}
    assert [row.session_key for row in Session.objects.all()] == [his.session.session_key]
    for hers in (client, other_device):
        assert hers.get("/my-data/")["Location"].startswith("/accounts/login/")


def test_the_browser_is_asked_to_forget(mara):
    client = signed_in(mara)
    answer = confirm(client)
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.cookies["sessionid"].value == ""
    assert "It is done" in client.get(answer["Location"]).content.decode()


def test_she_may_sign_up_again_and_finds_nothing(mara):
    make_row(Submission, mara)
    confirm(signed_in(mara))
    again = User.objects.create_user(mara.email, PASSWORD)
    assert Submission.objects.of(again).count() == 0


def test_who_has_only_a_passkey_is_asked_for_it(client_of, mara):
    mara.set_unusable_password()
    mara.save()
    Authenticator.objects.create(user=mara, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    asked = client_of(mara).post(ERASE, SURE)
    assert asked["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")
    assert UserKey.objects.filter(owner=mara).exists()


def test_opening_the_page_changes_nothing(mara):
    client = signed_in(mara)
    asked = client.post(ERASE, SURE)
    client.get(ERASE)
    client.get(asked["Location"])
    assert UserKey.objects.filter(owner=mara).exists()


def test_signed_out_nothing_can_be_erased(db, client):
    assert client.get(ERASE)["Location"].startswith("/accounts/login/")
    assert client.post(ERASE, SURE).status_code == 403


def test_a_failure_half_way_leaves_nothing_that_opens(mara):
    row = make_row(Submission, mara)
    client = signed_in(mara)
    with connection.execute_wrapper(StopAtRows()):
        answer = confirm(client)
    assert answer.status_code == 500
    assert "Nobody can open it now" in answer.content.decode()
    left = Submission.objects.get(pk=row.pk)
    with pytest.raises(ImproperlyConfigured):
        _ = left.said
    assert not UserKey.objects.filter(owner=mara).exists()


def test_a_failure_before_the_key_is_gone_changes_nothing(mara):
    row = make_row(Submission, mara)

    def refuse_the_key(execute, sql, *rest):
        if sql.startswith("DELETE"):
            raise OperationalError("disk full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse_the_key), pytest.raises(OperationalError):
        erase_person(owner=mara)
    assert Submission.objects.get(pk=row.pk).said == {"said": SAID}
    signed_in(User.objects.get(pk=mara.pk))


def test_after_a_failure_half_way_nobody_can_sign_in(mara):
    client, other_device = signed_in(mara), signed_in(mara)
    with connection.execute_wrapper(StopAtRows()):
        confirm(client)
    for hers in (client, other_device):
        assert hers.get("/my-data/")["Location"].startswith("/accounts/login/")
    # Neither a passkey nor a reset password may open an account without a key.
    assert not User.objects.get(pk=mara.pk).is_active
    late = Client().post("/accounts/login/", {"login": mara.email, "password": PASSWORD})
    assert late.status_code == 200


def test_what_was_left_half_way_can_be_finished(mara):
    fill_everything(mara, private_models())
    with connection.execute_wrapper(StopAtRows()), pytest.raises(CommandError, match="again"):
        call_command("erase_person", mara.email, "--yes", stdout=StringIO())
    call_command("erase_person", mara.email, "--yes", stdout=StringIO())
    assert not User.objects.filter(email=mara.email).exists()
    assert Submission.objects.count() == 0


def test_a_failure_is_logged_without_a_word_of_hers(mara, caplog):
    make_row(Submission, mara)
    client = signed_in(mara)
    with connection.execute_wrapper(StopAtRows()):
        confirm(client)
    assert f"erasing person {mara.pk} stopped half-way. Rows are left: OperationalError." in (
        caplog.text
    )
    assert mara.email not in caplog.text
    assert SAID not in caplog.text


@pytest.mark.parametrize("typed", ["", "yes\n", "theo@example.org\n"])
def test_the_command_erases_nothing_without_the_address(mara, monkeypatch, typed):
    monkeypatch.setattr(sys, "stdin", StringIO(typed))
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", mara.email, stdout=StringIO())
    assert UserKey.objects.filter(owner=mara).exists()


def test_the_command_shows_what_goes_and_asks(mara, monkeypatch):
    make_row(Submission, mara)
    monkeypatch.setattr(sys, "stdin", StringIO("Mara@example.org\n"))
    said = StringIO()
    call_command("erase_person", mara.email, stdout=said)
    assert "1  filled-in questionnaires" in said.getvalue()
    assert not User.objects.filter(email=mara.email).exists()


def test_the_command_refuses_an_unknown_address(db):
    with pytest.raises(CommandError, match="no person"):
        call_command("erase_person", "nobody@example.org", "--yes")


# Runs in a process of its own on a database file, as the product does without DATABASE_URL.
ON_A_FILE = """
import sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
from healing.privacy.actions import erase_person
from healing.questionnaires.models import Submission
from healing.vault.models import UserKey
from tests.factories import make_person
from tests.privacy.walk import make_row

def in_files(secret):
    name = Path(settings.DATABASES["default"]["NAME"])
    return any(secret in file.read_bytes() for file in name.parent.glob(name.name + "*"))

mara = make_person("mara@example.org")
row = make_row(Submission, mara)
wrapped = bytes(UserKey.objects.get(owner=mara).wrapped)
with connection.cursor() as cursor:
    cursor.execute("SELECT said FROM questionnaires_submission")
    sealed = bytes(cursor.fetchone()[0])
print(in_files(wrapped), in_files(sealed))
erase_person(owner=mara)
print(in_files(wrapped), in_files(sealed))
"""


def test_the_database_file_holds_neither_key_nor_rows_afterwards(
    django_db_setup, django_db_blocker, tmp_path: Path
):
    if connection.vendor != "sqlite":
        pytest.skip("The file is SQLite's.")
    with django_db_blocker.unblock(), sqlite3.connect(tmp_path / "steady.sqlite3") as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    copy.close()
    without = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FILE],
        cwd=Path(settings.BASE_DIR),
        env={
            **environment,
            "DJANGO_SETTINGS_MODULE": "healing.settings",
            "VAR_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["True", "True", "False", "False"]
