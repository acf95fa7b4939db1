"""How the sending stands, under /cms/: for admins alone, in numbers, and with what to do."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.reminders.models import Delivery, Plan

ADDRESS = "/cms/reminders/"


@pytest.fixture
def as_role(ines: User, client_of: Callable[[User], Client]) -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        make_editor(email=ines.email, role=role)
        return client_of(ines)

    return signed_in


@pytest.fixture
def words(as_role: Callable[[Role], Client]) -> Callable[[], str]:
    """What an admin reads on the page, from its heading on."""

    def read() -> str:
        page = as_role(Role.ADMIN).get(ADDRESS).content.decode().partition("<main")[2]
        said = " ".join(unescape(strip_tags(page.replace("<", " <"))).split())
        return said.replace(" :", ":")

    return read


@pytest.fixture
def mails(mara: User, plan_for: Any) -> Callable[..., None]:
    """Writes down so many mails of hers, due that long ago."""
    plan = plan_for(mara, now=timezone.now())

    def write(number: int, state: str, *, ago: timedelta, **fields: Any) -> None:
        moment = timezone.now() - ago
        for _ in range(number):
            Delivery.objects.create(
                plan=plan, person=plan.owner_id, local_date=moment.date(),
                seq=Delivery.objects.count() + 1, due_at=moment, send_before=moment,
                next_attempt_at=moment, state=state, **fields,
            )  # fmt: skip

    return write


HOUR = timedelta(hours=1)


def test_an_admin_sees_the_numbers_of_the_rows(mails, words):
    mails(3, "sent", ago=HOUR, sent_at=timezone.now())
    mails(2, "pending", ago=timedelta(minutes=3))
    mails(1, "skipped", ago=HOUR, reason="paused")
    mails(1, "uncertain", ago=HOUR, reason="worker_lost")
    mails(1, "pending", ago=timedelta(minutes=2), attempts=1, server_reply="451 4.3.0 mara is busy")
    said = words()

    assert "Due and not sent 3 The oldest of them is due since 3 minutes" in said
    assert "Sent in the last hour 3" in said
    assert "pending: waits for its turn - 3" in said
    assert "sent: the mail server took it - 3" in said
    assert "skipped: not sent, for this reason paused 1" in said
    assert "uncertain: may have arrived; never sent again worker lost 1" in said
    assert "Code Mails 451 4.3.0 1" in said
    assert "Nothing is wrong that these numbers would show." in said


def test_states_stand_in_the_order_of_a_mails_life(mails, words):
    for state in ("uncertain", "skipped", "sent", "failed", "pending"):
        mails(1, state, ago=HOUR)
    found = re.findall(r"\b(pending|sent|failed|skipped|uncertain):", words())
    assert found == ["pending", "sent", "failed", "skipped", "uncertain"]


def test_with_no_mail_at_all_it_says_so(db, words):
    said = words()
    assert "No mail is due, and none was in the last 24 hours." in said
    assert "Mails due in the last 24 hours" not in said
    assert "What the mail server answered" not in said


def test_no_name_no_address_and_no_word_of_a_reply_is_on_it(
    mara: User, mails: Any, as_role: Callable[[Role], Client]
) -> None:
    reply = f"550 5.1.1 <{mara.email}>: Recipient unknown"
    mails(9, "failed", ago=HOUR, reason="refused", server_reply=reply, message_id="<id@host>")
    page = as_role(Role.ADMIN).get(ADDRESS).content.decode()
    assert "550 5.1.1" in page
    for private in (mara.email, "mara", "Recipient", "id@host", str(Plan.objects.get().pk)):
        assert private not in page


@pytest.mark.parametrize("role", [Role.WRITER, Role.REVIEWER])
def test_an_editor_who_is_no_admin_neither_finds_it_nor_sees_it_in_the_menu(as_role, role):
    client = as_role(role)
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get("/cms/").content.decode()


def test_it_stands_in_an_admins_menu(as_role):
    assert f'"url": "{ADDRESS}"' in as_role(Role.ADMIN).get("/cms/").content.decode()


def test_a_person_and_a_stranger_do_not_find_it(mara, client_of):
    assert client_of(mara).get(ADDRESS).status_code == 404
    assert Client().get(ADDRESS).status_code == 302


def test_its_cost_does_not_grow_with_the_mails(mails, as_role, django_assert_num_queries):
    admin = as_role(Role.ADMIN)
    mails(5, "failed", ago=HOUR, server_reply="550 no")
    admin.get(ADDRESS)
    with django_assert_num_queries(QUERIES):
        admin.get(ADDRESS)
    mails(20, "failed", ago=HOUR, server_reply="551 no")
    with django_assert_num_queries(QUERIES):
        admin.get(ADDRESS)


# The session, the editor and Wagtail's menu; seven are the status.
QUERIES = 13


# What to do ---------------------------------------------------------------------------------------

NO_TICK = "no tick has taken them up"
TOO_OLD = "later than a mail may be"
STUCK = "none went out in the last hour"
REFUSALS = "The mail server refused 5 mails for good in 24 hours."
SKIPPED = "1 mail was skipped because it would have come too late"


def test_plans_that_no_tick_takes_up_are_named(mails, words):
    Plan.objects.update(next_due_at=timezone.now() - timedelta(minutes=4))
    assert NO_TICK not in words()
    Plan.objects.update(next_due_at=timezone.now() - timedelta(minutes=6))
    assert NO_TICK in words()
    assert "Look whether beat, a worker" in words()


def test_a_slow_tick_has_longer(mails, words, settings):
    settings.REMINDERS_TICK_SECONDS = 60
    Plan.objects.update(next_due_at=timezone.now() - timedelta(minutes=6))
    assert NO_TICK not in words()


def test_what_is_older_than_the_grace_is_named(mails, words, settings):
    settings.REMINDERS_GRACE_SECONDS = 7200
    mails(1, "pending", ago=timedelta(minutes=119))
    assert TOO_OLD not in words()
    mails(1, "pending", ago=timedelta(minutes=121))
    assert TOO_OLD in words()


def test_mails_that_wait_while_none_goes_out_are_named(mails, words):
    mails(1, "pending", ago=timedelta(minutes=10))
    assert STUCK in words()
    mails(1, "sent", ago=HOUR, sent_at=timezone.now())
    assert STUCK not in words()


def test_many_refusals_for_good_are_named_and_a_few_among_many_are_not(mails, words):
    mails(4, "failed", ago=HOUR, server_reply="550 5.7.1 not you")
    assert "refused" not in words().partition("Now")[0]
    mails(1, "failed", ago=HOUR, server_reply="554 no")
    assert REFUSALS in words()
    assert "SPF and DKIM" in words()
    mails(95, "sent", ago=HOUR)
    assert REFUSALS not in words()


def test_what_came_too_late_is_named(mails, words):
    mails(1, "skipped", ago=HOUR, reason="paused")
    assert SKIPPED not in words()
    mails(1, "skipped", ago=HOUR, reason="late")
    assert SKIPPED in words()
