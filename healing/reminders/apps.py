"""Registers the room with Django."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "healing.reminders"
