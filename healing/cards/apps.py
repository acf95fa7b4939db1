"""Registers the room with Django."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "healing.cards"
