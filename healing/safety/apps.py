"""Registers the room with Django."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "healing.safety"
