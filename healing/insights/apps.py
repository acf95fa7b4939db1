"""Registers the room with Django."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "healing.insights"
