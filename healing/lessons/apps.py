"""Registers the room with Django."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "healing.lessons"
