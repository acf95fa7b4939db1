"""Settings as an operator meets them: through the environment, on the command line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
SHOWN = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
    "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST_PASSWORD",
    "ALLOWED_HOSTS", "ACCOUNT_EMAIL_VERIFICATION", "ACCOUNT_PREVENT_ENUMERATION",
    "MFA_PASSKEY_SIGNUP_ENABLED", "CELERY_BROKER_URL", "DEFAULT_FROM_EMAIL", "ANYMAIL",
)  # fmt: skip


def read(tmp_path: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """What a fresh process makes of these variables."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{n: getattr(settings, n, None) for n in {SHOWN!r}}}))"
    )
    clean = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "LANG"} or name.startswith("PYTHON")
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **clean,
            "DJANGO_SETTINGS_MODULE": "healing.settings",
            "VAR_DIR": str(tmp_path / "var"),
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def values(tmp_path: Path, **env: str) -> dict[str, Any]:
    done = read(tmp_path, **env)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_nothing_set_is_the_embedded_default(tmp_path: Path) -> None:
    found = values(tmp_path)
    assert found["SESSION_COOKIE_NAME"] == "sessionid"
    assert found["CELERY_BROKER_URL"] == "memory://"
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "none"
    assert found["MFA_PASSKEY_SIGNUP_ENABLED"] is False
    key = tmp_path / "var" / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) > 50


def test_an_https_address_hardens_the_cookies(tmp_path: Path) -> None:
    found = values(tmp_path, SITE_URL="https://steady.example.org/")
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert "steady.example.org" in found["ALLOWED_HOSTS"]
    assert found["DEFAULT_FROM_EMAIL"].endswith("<hello@steady.example.org>")


def test_a_mail_server_turns_confirmation_on(tmp_path: Path) -> None:
    found = values(tmp_path, EMAIL_URL="smtp://me:p%40ss@mail.example.org:587?tls=starttls")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert found["ACCOUNT_PREVENT_ENUMERATION"] is True
    assert found["MFA_PASSKEY_SIGNUP_ENABLED"] is True


def test_smtps_has_its_own_port(tmp_path: Path) -> None:
    found = values(tmp_path, EMAIL_URL="smtps://mail.example.org")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == (465, True)


@pytest.mark.parametrize(
    ("address", "name", "sender"),
    [
        ("https://x.test", "Rest, Root", '"Rest, Root" <hello@x.test>'),
        ("http://[::1]:8000", "Ruhe für dich", "Ruhe für dich <hello@localhost>"),
    ],
)
def test_mails_come_from_the_name_of_the_site(
    tmp_path: Path, address: str, name: str, sender: str
) -> None:
    assert values(tmp_path, SITE_URL=address, SITE_NAME=name)["DEFAULT_FROM_EMAIL"] == sender


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number, not 'eighty'"),
        ({"REMINDERS_KEEP_DAYS": "30"}, "REMINDERS_KEEP_DAYS must be 31 or more"),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0, not 'maybe'"),
        ({"SITE_URL": "steady.example.org"}, "SITE_URL must be a whole address"),
        ({"EMAIL_URL": "http://mail.example.org"}, "EMAIL_URL must look like smtp://"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL must look like smtp://"),
        ({"DATABASE_URL": "postgresql://localhost/x"}, "Set SECRET_KEY"),
        ({"DEFAULT_FROM_EMAIL": "Steady Ground"}, "DEFAULT_FROM_EMAIL must hold an address"),
    ],
)
def test_a_wrong_value_stops_the_start_and_says_why(
    tmp_path: Path, env: dict[str, str], said: str
) -> None:
    done = read(tmp_path, **env)
    assert done.returncode != 0
    assert said in done.stderr


def variables(source: str) -> set[str]:
    return set(re.findall(r'env(?:_bool|_int)?\(\s*"([A-Z_]+)"', source))


def documented() -> set[str]:
    return set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/operations.md").read_text()))


def test_every_variable_is_documented() -> None:
    asked = variables((ROOT / "healing/settings.py").read_text())
    assert len(asked) > 15
    assert asked <= documented()


def test_an_undocumented_variable_would_be_found() -> None:
    assert variables('X = env("NEVER_HEARD_OF")') - documented() == {"NEVER_HEARD_OF"}


@pytest.mark.parametrize(
    "wrong", [{"LOOP_GUARD_OPENINGS": "-1"}, {"LOOP_GUARD_MINUTES": "61"}], ids=str
)
def test_a_pause_that_would_break_a_promise_stops_the_start(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    done = read(tmp_path, **wrong)
    assert done.returncode != 0
    assert "0 switches it off" in done.stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"MAIL_WEBHOOK": "pigeons"}, "MAIL_WEBHOOK must be brevo, mailersend, mailgun, postmark"),
        ({"MAIL_WEBHOOK": "postmark"}, "MAIL_WEBHOOK_SECRET must be name:password"),
        ({"MAIL_WEBHOOK": "brevo", "MAIL_WEBHOOK_SECRET": "x"}, "must be name:password"),
        ({"MAIL_WEBHOOK": "mailgun"}, "MAIL_WEBHOOK_SECRET must be the signing key"),
        ({"REMINDERS_CONNECTIONS": "0"}, "REMINDERS_CONNECTIONS must be 1 or more"),
        ({"REMINDERS_PER_SECOND": "-1"}, "REMINDERS_PER_SECOND must be 1 or more"),
        ({"REMINDERS_SOFT_BOUNCES": "0"}, "REMINDERS_SOFT_BOUNCES must be 1 or more"),
    ],
    ids=str,
)
def test_mail_that_comes_back_is_heard_from_nobody_without_a_secret(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    done = read(tmp_path, **wrong)
    assert done.returncode != 0
    assert said in done.stderr


def test_each_providers_secret_reaches_what_checks_it(tmp_path: Path) -> None:
    found = values(tmp_path, MAIL_WEBHOOK="Mailgun", MAIL_WEBHOOK_SECRET="key-1")
    assert found["ANYMAIL"] == {"MAILGUN_WEBHOOK_SIGNING_KEY": "key-1"}
    found = values(tmp_path, MAIL_WEBHOOK="postmark", MAIL_WEBHOOK_SECRET="me:secret")
    assert found["ANYMAIL"] == {"WEBHOOK_SECRET": "me:secret"}
    assert values(tmp_path)["ANYMAIL"] == {}


@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL waits for the disk by itself"
)
def test_what_was_called_saved_outlives_a_power_cut(db: None) -> None:
    """SQLite's way to say it; NORMAL would lose the last commits of its log."""
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
