"""The tables of the room: plans and their mails, the engine's own rows, the words of the mails."""

from healing.reminders.models.engine import Bucket, Engine, Suppression
from healing.reminders.models.mail_text import SUBJECT_LENGTH, MailText
from healing.reminders.models.plans import (
    STANDING,
    Delivery,
    DeliveryQuerySet,
    Enclosure,
    Plan,
    PlanQuerySet,
    grace,
    too_late,
)

__all__ = [
    "STANDING",
    "SUBJECT_LENGTH",
    "Bucket",
    "Delivery",
    "DeliveryQuerySet",
    "Enclosure",
    "Engine",
    "MailText",
    "Plan",
    "PlanQuerySet",
    "Suppression",
    "grace",
    "too_late",
]
