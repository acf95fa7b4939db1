"""Registers the room with Django."""

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    name = "exercises"
