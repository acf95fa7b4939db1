"""Export and erasure reach every private kind, and a kind they forgot would be found."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from healing.privacy import export
from healing.privacy.actions import erase_person
from healing.privacy.records import hanging_models, private_models
from healing.questionnaires.models import Submission
from healing.reminders.models import Delivery, Plan
from healing.vault.models import PrivateRecord
from tests.privacy.walk import SAID, every_kind, fill_everything, forgotten, left_behind


@pytest.fixture
def diary() -> Iterator[type[PrivateRecord]]:
    """A private kind that nobody told export and erasure about."""

    class Diary(PrivateRecord):
        class Meta:
            app_label = "privacy"

    yield Diary
    apps.all_models["privacy"].pop("diary")
    apps.clear_cache()


def test_the_export_holds_every_kind(mara, theo):
    fill_everything(mara, private_models())
    data = export.export_person(owner=mara)
    kinds = every_kind(apps.get_models())
    assert len(kinds) >= 7
    assert forgotten(data, kinds) == set()
    assert str(data).count(SAID) >= 5


def test_a_kind_the_export_forgot_would_be_found(mara, monkeypatch):
    fill_everything(mara, private_models())
    known = [model for model in private_models() if model is not Submission]
    monkeypatch.setattr(export, "private_models", lambda: known)
    data = export.export_person(owner=mara)
    assert forgotten(data, every_kind(apps.get_models())) == {"questionnaires.submission"}


def test_erasing_leaves_no_row_of_any_kind(mara):
    fill_everything(mara, private_models())
    kinds = every_kind(apps.get_models())
    assert left_behind(kinds) == {kind._meta.label_lower for kind in kinds}
    erase_person(owner=mara)
    assert left_behind(kinds) == set()


def test_a_row_left_behind_would_be_found(mara, theo):
    fill_everything(theo, [Submission])
    erase_person(owner=mara)
    kinds = every_kind(apps.get_models())
    assert left_behind(kinds) == {"accounts.consent", "questionnaires.submission"}


def test_a_new_kind_is_walked_without_being_told(diary):
    assert diary in private_models()
    assert diary in every_kind(apps.get_models())


def test_what_hangs_on_a_private_row_is_walked_with_it():
    assert (Delivery, "plan") in hanging_models(Plan)


def test_nothing_private_can_hold_up_an_erasure():
    """Every link between private kinds, and to a person, goes when the other end goes."""
    kinds = every_kind(apps.get_models())
    for kind in kinds:
        for field in kind._meta.concrete_fields:
            if field.is_relation and (field.related_model in kinds or field.name == "owner"):
                assert field.remote_field.on_delete in (models.CASCADE, models.SET_NULL), field
