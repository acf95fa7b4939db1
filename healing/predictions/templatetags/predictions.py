"""Puts the question of a prediction whose day has come onto any page."""

from typing import Any

from django import template

from healing.predictions.forms import OutcomeForm
from healing.predictions.models import Prediction

register = template.Library()


@register.inclusion_tag("predictions/_asked.html")
def ask_outcome(prediction: Prediction) -> dict[str, Any]:
    """The fear, the day it was to be known by, and a small form of its own for the answer."""
    return {"prediction": prediction, "form": OutcomeForm(prediction=prediction)}
