"""Editors change an exercise without writing code, and cannot make a breath fast."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from exercises.blocks import BreathVariant
from exercises.models import Exercise
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf

BREATH = {
    "name": "slow",
    "label": "Slower",
    "note": "",
    "breath_in": 4,
    "top_up": 0,
    "hold_in": 0,
    "out": 8,
    "hold_out": 0,
    "cycles": 5,
}


@pytest.fixture
def editor(ines: User, client_of: ClientOf) -> Client:
    ines.is_superuser = True
    ines.save()
    return client_of(ines)


def form_of(exercise: Exercise, **changed: Any) -> dict[str, Any]:
    plain = {
        field.name: getattr(exercise, field.name)
        for field in Exercise._meta.concrete_fields
        if field.editable and field.name not in {"ways", "id"}
    }
    flags = {name: "on" for name in ("fits_alarm", "fits_calm") if plain.pop(name)}
    plain = {
        name: value for name, value in plain.items() if value is not None and value is not False
    }
    return plain | flags | changed


def test_the_form_shows_every_way_and_its_seconds(editor: Client, breath: Exercise) -> None:
    address = reverse("wagtailsnippets_exercises_exercise:edit", args=[breath.pk])
    html = editor.get(address).content.decode()
    assert breath.purpose in html
    assert "Gentle, two minutes" in html
    assert "Way with a breathing pattern" in html


def test_a_published_change_is_what_readers_get(
    editor: Client, client: Client, breath: Exercise
) -> None:
    address = reverse("wagtailsnippets_exercises_exercise:edit", args=[breath.pk])
    ways = nested_form_data({"ways": streamfield([("breath", BREATH | {"name": "standard"})])})
    data = form_of(breath, purpose="Calms by slow breath.", **ways) | {"action-publish": "1"}
    response = editor.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    html = client.get(breath.get_absolute_url()).content.decode()
    assert "Calms by slow breath." in html
    assert "Breathe out</b> <small>8 seconds</small>" in html
    assert "5 breaths like this" in html


def test_a_fast_breath_is_refused_in_words() -> None:
    block = BreathVariant()
    with pytest.raises(ValidationError) as problem:
        block.clean(block.to_python(BREATH | {"breath_in": 1, "out": 2}))
    assert "six seconds or more" in str(problem.value.as_json_data())


def test_the_preview_shows_the_page(breath: Exercise) -> None:
    answer = breath.make_preview_request()
    html = answer.content.decode()
    assert breath.purpose in html
    assert "18 breaths like this" in html


def test_minutes_keep_one_decimal_so_that_loading_finds_no_difference(breath: Exercise) -> None:
    assert breath.minutes == Decimal("3.0")
    assert breath.seconds == 180
