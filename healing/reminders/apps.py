"""Registers the room with Django, and with what anymail hears from mail providers."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "healing.reminders"

    def ready(self) -> None:
        from anymail.signals import tracking  # noqa: PLC0415

        from healing.reminders import webhooks  # noqa: PLC0415

        tracking.connect(webhooks.hear, dispatch_uid="healing.reminders")
