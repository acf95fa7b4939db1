"""The stop link's token never ends, and nobody else can make one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st

from healing.reminders.models import Plan
from healing.reminders.tokens import BadToken, make_token, owner_of, read_token


def test_the_token_names_its_plan():
    plan = Plan(id=uuid4(), owner_id=7)

    assert read_token(make_token(plan)) == plan.pk


def test_the_token_names_its_person_even_once_the_plan_is_gone():
    assert owner_of(make_token(Plan(id=uuid4(), owner_id=7))) == 7


def test_a_token_of_an_older_mail_names_the_person_while_the_plan_stands(mara, plan_for):
    plan = plan_for(mara)
    older = Signer(salt="healing.reminders.stop", sep=".").sign(plan.pk.hex)

    assert (read_token(older), owner_of(older)) == (plan.pk, mara.pk)
    plan.delete()
    assert owner_of(older) is None


def test_it_survives_a_change_of_the_secret_key(settings):
    plan = Plan(id=uuid4(), owner_id=7)
    old = settings.SECRET_KEY
    token = make_token(plan)

    settings.SECRET_KEY = "a new one"
    with pytest.raises(BadToken):
        read_token(token)
    settings.SECRET_KEY_FALLBACKS = [old]

    assert read_token(token) == plan.pk


def test_it_never_ends(monkeypatch):
    plan = Plan(id=uuid4(), owner_id=7)
    token = make_token(plan)
    monkeypatch.setattr("time.time", lambda: timedelta(days=9999).total_seconds() + 2e9)

    assert read_token(token) == plan.pk


def test_it_goes_into_an_address_as_it_is():
    assert (
        make_token(Plan(id=uuid4(), owner_id=7))
        .replace(".", "")
        .replace("-", "")
        .replace("_", "")
        .isalnum()
    )


@given(st.text() | st.uuids().map(lambda found: f"{found.hex}.{'A' * 43}"))
def test_anything_else_is_refused(text):
    with pytest.raises(BadToken):
        read_token(text)


@given(st.integers(0, 77), st.characters(codec="ascii"))
def test_one_changed_sign_is_refused(place, sign):
    token = make_token(Plan(id=uuid4(), owner_id=7))
    changed = token[:place] + sign + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            read_token(changed)
