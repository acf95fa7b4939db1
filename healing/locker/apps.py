"""Registers the room with Django."""

from django.apps import AppConfig


class LockerConfig(AppConfig):
    name = "healing.locker"
