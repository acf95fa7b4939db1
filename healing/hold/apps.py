"""Registers the room with Django."""

from django.apps import AppConfig


class HoldConfig(AppConfig):
    name = "healing.hold"
