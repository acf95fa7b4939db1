"""The stop link of every mail: one click for mail programs, one button for people."""

import re
from datetime import time
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healing.accounts.actions import has_consent
from healing.accounts.models import Consent, User
from healing.reminders import claim, dispatch, mail
from healing.reminders.actions import start_plan
from healing.reminders.models import Delivery, Plan
from healing.reminders.tokens import make_token
from healing.reminders.transport import SmtpTransport

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara)


@pytest.fixture
def outside() -> Client:
    """A mail program: no cookie, no session, and cross-site checks as in production."""
    return Client(enforce_csrf_checks=True)


def address(plan: Plan) -> str:
    return reverse("reminders:stop", args=[make_token(plan)])


def is_running(plan: Plan) -> bool:
    return Plan.objects.get(pk=plan.pk).is_running


def test_one_click_from_a_mail_program_stops(outside, plan):
    response = outside.post(address(plan), ONE_CLICK)

    assert response.status_code == 200
    assert not is_running(plan)
    assert "All mails are stopped" in response.content.decode()


def test_one_click_as_a_plain_form_stops_too(outside, plan):
    response = outside.post(
        address(plan),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 200
    assert not is_running(plan)


def test_one_click_in_several_parts_stops_too(outside, plan):
    """RFC 8058, section 3.1: a client may send either kind of form."""
    border = "border"
    body = (
        f'--{border}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
        f"One-Click\r\n--{border}--\r\n"
    )
    response = outside.post(
        address(plan), body, content_type=f"multipart/form-data; boundary={border}"
    )

    assert response.status_code == 200
    assert not is_running(plan)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
)
@pytest.mark.parametrize("known", [True, False])
def test_one_click_gets_an_answer_at_once_without_redirect_or_cookie(outside, plan, kind, known):
    """RFC 8058, section 3.1: no redirect; no cookie, no sign-in and no other context."""
    link = address(plan if known else Plan(id=uuid4(), owner_id=0))
    body = "List-Unsubscribe=One-Click" if "urlencoded" in kind else "--b--\r\n"
    response = outside.post(link, body, content_type=kind, secure=True)

    assert response.status_code == 200
    assert "Location" not in response.headers
    assert not response.cookies
    assert not outside.cookies


def test_what_the_header_of_a_built_mail_names_is_what_stops(outside, plan, mara, due, plan_for):
    """As a mail program does it: the address from the header, the body from the other one."""
    plan_for(mara, kind=Plan.Kind.LOOK_BACK)
    claim.claim(due)
    row = Delivery.objects.select_related("plan__owner").exclude(state="skipped").get()
    message = message_from_bytes(mail.build(row, now=due).content, policy=default)
    link = re.fullmatch(r"<(.+)>", message["List-Unsubscribe"])[1]
    assert link.startswith("http://testserver/")
    response = outside.post(
        link.removeprefix("http://testserver"),
        message["List-Unsubscribe-Post"],
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    assert not Plan.objects.filter(owner=mara).running().exists()
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)


def test_opening_the_link_shows_a_button_and_changes_nothing(outside, plan):
    """Mail scanners open every link."""
    response = outside.get(address(plan))
    outside.head(address(plan))

    assert response.status_code == 200
    assert is_running(plan)
    page = response.content.decode()
    assert page.count("<form") == 1
    assert re.search(r'<form method="post">', page)
    assert "csrfmiddlewaretoken" not in page


def test_the_button_does_what_the_mail_program_does(outside, plan):
    shown = outside.get(address(plan)).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', shown))

    assert outside.post(address(plan), fields).status_code == 200
    assert fields == ONE_CLICK
    assert not is_running(plan)


def test_it_takes_back_the_consent_to_mail_and_no_other(outside, plan, mara):
    outside.post(address(plan), ONE_CLICK)

    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)
    assert has_consent(owner=mara, kind=Consent.Kind.STORING)


def test_every_mail_stops_and_the_page_says_so(outside, plan, mara):
    start_plan(
        owner=mara, kind=Plan.Kind.LOOK_BACK, weekdays=frozenset([6]), local_time=time(18),
        time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip
    page = outside.post(address(plan), ONE_CLICK).content.decode()

    assert "That is every kind you had." in page
    assert not Plan.objects.standing().exists()


def test_pressing_twice_is_as_good_as_once(outside, plan):
    for _ in range(2):
        assert outside.post(address(plan), ONE_CLICK).status_code == 200

    assert not is_running(plan)


def test_no_mail_follows(outside, plan, due, smtp_server):
    claim.claim(due)
    outside.post(address(plan), ONE_CLICK)
    dispatch.tick(due)

    assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {}
    assert smtp_server.accepted == []


def test_a_mail_already_past_the_gate_is_named(outside, plan, due):
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)

    assert "already on its way" in outside.post(address(plan), ONE_CLICK).content.decode()


def test_without_one_nothing_of_the_kind_is_said(outside, plan):
    assert "already on its way" not in outside.post(address(plan), ONE_CLICK).content.decode()


def test_it_says_how_to_start_again(outside, plan):
    page = outside.post(address(plan), ONE_CLICK).content.decode()

    assert reverse("reminders:plan_list") in page
    assert "nothing you wrote is lost" in page


def test_after_the_person_was_erased_the_link_answers_as_before(outside, plan, mara):
    link = address(plan)
    User.objects.filter(pk=mara.pk).delete()

    assert outside.get(link).status_code == 200
    response = outside.post(link, ONE_CLICK)
    assert response.status_code == 200
    assert "All mails are stopped" in response.content.decode()


def test_the_link_outlives_a_change_of_the_secret_key(outside, plan, settings):
    link = address(plan)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    assert outside.post(link, ONE_CLICK).status_code == 200
    assert not is_running(plan)


def test_it_stops_this_plan_and_no_other(outside, plan, theo, plan_for):
    other = plan_for(theo)
    outside.post(address(plan), ONE_CLICK)

    assert is_running(other)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_token_is_told_so_with_a_way_on(outside, plan, method):
    link = reverse("reminders:stop", args=[make_token(plan)[:-1]])
    response = getattr(outside, method)(link)

    assert response.status_code == 404
    assert reverse("reminders:plan_list") in response.content.decode()
    assert is_running(plan)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(outside, plan, method):
    assert getattr(outside, method)(address(plan)).status_code == 405
    assert is_running(plan)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("known", [True, False])
def test_the_address_leaks_into_no_cache_no_cookie_and_no_other_site(outside, plan, method, known):
    link = address(plan if known else Plan(id=uuid4()))
    response = getattr(outside, method)(link)

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    token = link.split("/")[2]
    assert token not in response.content.decode()


def test_it_touches_no_session_and_asks_the_database_little(
    outside, plan, django_assert_num_queries
):
    with django_assert_num_queries(0):
        outside.get(address(plan))
    with django_assert_num_queries(10):
        outside.post(address(plan), ONE_CLICK)


def test_a_delivery_sent_before_stays_sent(outside, plan, due):
    claim.claim(due)
    Delivery.objects.update(state=Delivery.State.SENT)
    outside.post(address(plan), ONE_CLICK)

    assert Delivery.objects.get().state == Delivery.State.SENT
