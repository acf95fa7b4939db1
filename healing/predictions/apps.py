"""Registers the room with Django."""

from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    name = "healing.predictions"
