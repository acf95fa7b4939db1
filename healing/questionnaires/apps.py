"""Registers the room with Django."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "healing.questionnaires"
