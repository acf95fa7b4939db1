"""The check-in link's token: one person, one date, a day and a half."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.checkins.tokens import BadToken, ExpiredToken, make_token, read_token
from healing.reminders import tokens as stop_tokens
from healing.reminders.models import Plan

DATE = date(2026, 11, 23)


def later(monkeypatch, **span: float) -> None:
    moment = time.time() + timedelta(**span).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: moment)


@given(st.integers(1, 2**63), st.dates())
def test_the_token_names_person_and_date(user_id, local_date):
    assert read_token(make_token(user_id, local_date)) == (user_id, local_date)


def test_it_lasts_a_day_and_a_half(monkeypatch):
    token = make_token(7, DATE)

    later(monkeypatch, hours=35, minutes=59)
    assert read_token(token) == (7, DATE)
    later(monkeypatch, minutes=2)
    with pytest.raises(ExpiredToken):
        read_token(token)


def test_it_survives_a_change_of_the_secret_key(settings):
    token = make_token(7, DATE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    assert read_token(token) == (7, DATE)


@given(st.text())
def test_anything_else_is_refused_and_is_not_called_old(text):
    with pytest.raises(BadToken) as caught:
        read_token(text)
    assert not isinstance(caught.value, ExpiredToken)


def test_a_stop_link_opens_no_check_in():
    with pytest.raises(BadToken):
        read_token(stop_tokens.make_token(Plan()))


def test_a_check_in_link_stops_nothing():
    with pytest.raises(stop_tokens.BadToken):
        stop_tokens.read_token(make_token(7, DATE))


def test_it_goes_into_an_address_as_it_is():
    signs = set(make_token(7, DATE).replace(".", "").replace("-", "").replace("_", "").rstrip("="))

    assert all(sign.isalnum() for sign in signs)
