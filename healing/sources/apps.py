"""Registers the room with Django."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "healing.sources"
