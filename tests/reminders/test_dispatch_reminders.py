"""One look by hand: the command an operator types."""

import email
from datetime import timedelta
from email.policy import default
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from healing.reminders.models import Plan


def look() -> list[str]:
    out = StringIO()
    call_command("dispatch_reminders", stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def due_now(mara, plan_for) -> Plan:
    """Mara's plan, due a minute ago."""
    plan = plan_for(mara, now=timezone.now())
    plan.next_due_at = timezone.now() - timedelta(minutes=1)
    plan.next_local_date = plan.next_due_at.date()
    plan.save()
    return plan


@pytest.mark.usefixtures("db")
def test_without_anything_due_it_says_so():
    assert look() == ["this time: nothing", "altogether: nothing"]


def test_without_a_mail_server_the_mail_becomes_a_file(due_now, settings, tmp_path):
    settings.EMAIL_URL, settings.MAIL_DIR = "", tmp_path

    assert look() == ["this time: sent 1", "altogether: sent 1"]
    assert look() == ["this time: nothing", "altogether: sent 1"]

    (path,) = tmp_path.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == "mara@example.org"
    assert path.name.startswith(due_now.pk.hex)


def test_with_a_mail_server_it_is_sent(due_now, smtp_server):
    assert look() == ["this time: sent 1", "altogether: sent 1"]
    assert smtp_server.recipients == ["mara@example.org"]


def test_a_refusal_is_counted(due_now, smtp_server):
    smtp_server.replies["rcpt"] = "550 unknown"

    assert look() == ["this time: failed 1", "altogether: failed 1"]
