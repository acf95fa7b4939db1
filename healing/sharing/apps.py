"""Registers the room with Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "healing.sharing"
