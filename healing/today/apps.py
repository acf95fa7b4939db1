"""Registers the room with Django."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "healing.today"
