"""Registers the room with Django, and refuses to start with an instrument file that is wrong."""

from typing import Any

from django.apps import AppConfig
from django.core import checks

from healing.editorial.shipped import BadContent
from healing.questionnaires.instrument_folder import from_files


class QuestionnairesConfig(AppConfig):
    name = "healing.questionnaires"

    def ready(self) -> None:
        checks.register(instruments_are_whole)


def instruments_are_whole(**_asked: Any) -> list[checks.CheckMessage]:
    """The first fault in a questionnaire file, as an error that stops every command."""
    try:
        from_files()
    except BadContent as problem:
        return [checks.Error(str(problem), id="questionnaires.E001")]
    return []
