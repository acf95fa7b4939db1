"""Registers the room with Django."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "healing.editorial"
