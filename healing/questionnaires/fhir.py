"""Holds FHIR files against the published structure of their release, with fhir.resources.

Only commands import this: the library takes a third of a second to load.
"""

import json
from decimal import Decimal
from typing import Any

from fhir.resources.bundle import Bundle
from fhir.resources.questionnaire import Questionnaire
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.bundle import Bundle as BundleR4B
from fhir.resources.R4B.questionnaire import Questionnaire as QuestionnaireR4B
from fhir.resources.R4B.questionnaireresponse import (
    QuestionnaireResponse as QuestionnaireResponseR4B,
)
from pydantic import ValidationError

from healing.questionnaires.fhir_form import BadFhir

# The library has no R4; R4B changed nothing in these resources, so R4 files read as R4B.
MODELS: dict[str, dict[str, Any]] = {
    "R4B": {
        "Questionnaire": QuestionnaireR4B,
        "QuestionnaireResponse": QuestionnaireResponseR4B,
        "Bundle": BundleR4B,
    },
    "R5": {
        "Questionnaire": Questionnaire,
        "QuestionnaireResponse": QuestionnaireResponse,
        "Bundle": Bundle,
    },
}


def read(text: str) -> tuple[dict[str, Any], str]:
    """The resource in `text` and the release it fits, R4B before R5.

    Raises BadFhir naming the element that fits neither.
    """
    try:
        data = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise BadFhir("the file", f"is not JSON ({problem})") from None
    kind = data.get("resourceType") if isinstance(data, dict) else None
    if kind not in ("Questionnaire", "QuestionnaireResponse"):
        raise BadFhir(
            "resourceType", f"{kind!r} is neither Questionnaire nor QuestionnaireResponse"
        )
    faults = {release: fault_of(data, release) for release in MODELS}
    for release, fault in faults.items():
        if fault is None:
            return data, release
    raise faults["R4B"] or BadFhir("the file", "cannot be read")


def fault_of(data: dict[str, Any], release: str) -> BadFhir | None:
    """What does not fit the release's structure, the first of it; None if all does."""
    try:
        MODELS[release][data["resourceType"]].model_validate(data)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        return BadFhir(_element(first["loc"]), str(first["msg"]))
    except (TypeError, KeyError) as problem:
        # The library looks a contained resource up by its kind before it knows that there is one.
        return BadFhir("contained.resourceType", f"names no kind of resource ({problem})")
    except RecursionError:
        return BadFhir("item", "stands too deep within other items")
    return None


def _element(places: tuple[int | str, ...]) -> str:
    """`item[0].answerOption[2].valueCoding` of the places pydantic names."""
    text = ""
    for place in places:
        if isinstance(place, int):
            text += f"[{place}]"
        elif place != "root":
            text += f".{place}"
    return text.lstrip(".") or "the file"
