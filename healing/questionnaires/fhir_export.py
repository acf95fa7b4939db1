"""A questionnaire and what was answered to it as FHIR resources, R5 or R4B (no Django)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from healing.questionnaires.fhir_form import HL7
from healing.questionnaires.instrument import Choice, Instrument, Item
from healing.questionnaires.scoring import score

RELEASES = ("R5", "R4B")
# The names of what changed between the two: the type of a choice, and the weight of an option.
CHOICE = {"R5": "coding", "R4B": "choice"}
WEIGHT = {"R5": HL7 + "itemWeight", "R4B": HL7 + "ordinalValue"}
Resource = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """One submission as it is exported; `when` has a time zone."""

    id: str
    when: datetime
    target: str
    answers: Mapping[str, int]
    choices: Mapping[str, str | list[str]]


def questionnaire(instrument: Instrument, release: str, url: str) -> Resource:
    """The Questionnaire at `url`; texts that need a licence are left out."""
    items = [_question(instrument, item, release, url) for item in instrument.items]
    if len(instrument.targets) > 1:
        items.insert(0, _choice("about", "About", instrument.targets, release, url))
    items += [_extra(one, release, url) for one in instrument.choices]
    items += [
        {"linkId": f"score-{one.key}", "text": one.title, "type": "decimal", "readOnly": True}
        for one in instrument.subscales
    ]
    return {
        "resourceType": "Questionnaire",
        "id": instrument.id,
        "url": url,
        "version": instrument.edition,
        "title": instrument.title,
        "status": "active",
        "subjectType": ["Patient"],
        "description": instrument.source.note,
        "copyright": f"{instrument.source.citation} {instrument.source.licence}",
        "item": items,
    }


def response(instrument: Instrument, one: Answered, url: str) -> Resource:
    """The QuestionnaireResponse; it is the same in both releases and names no person."""
    items = []
    if len(instrument.targets) > 1:
        items.append(_picked("about", [one.target], instrument.targets, url))
    for item in instrument.items:
        if item.key in one.answers:
            coding = _step(instrument, item, one.answers[item.key], url)
            items.append({"linkId": item.key, "answer": [{"valueCoding": coding}]})
    for choice in instrument.choices:
        if picked := one.choices.get(choice.key):
            keys = picked if isinstance(picked, list) else [picked]
            items.append(_picked(choice.key, keys, choice.options, url))
    for found in score(instrument, one.answers):
        if found.value is not None:
            value = {"valueDecimal": round(float(found.value), 6)}
            items.append({"linkId": f"score-{found.subscale.key}", "answer": [value]})
    filled: Resource = {
        "resourceType": "QuestionnaireResponse",
        "id": one.id,
        "questionnaire": f"{url}|{instrument.edition}",
        "status": "completed",
        "authored": one.when.isoformat(timespec="seconds"),
    }
    return filled | {"item": items} if items else filled


def bundle(resources: Iterable[Resource]) -> Resource:
    """Several resources in one file."""
    # FHIR knows no empty list.
    entries = [{"resource": one} for one in resources]
    empty: Resource = {"resourceType": "Bundle", "type": "collection"}
    return empty | {"entry": entries} if entries else empty


def _question(instrument: Instrument, item: Item, release: str, url: str) -> Resource:
    scale = instrument.scale
    turned = any(item.key in one.reversed for one in instrument.subscales)
    options = [
        {
            "extension": [
                {
                    "url": WEIGHT[release],
                    "valueDecimal": scale.lowest + scale.highest - step if turned else step,
                }
            ],
            "valueCoding": _step(instrument, item, step, url),
        }
        for step in range(scale.lowest, scale.highest + 1)
    ]
    text = {"text": item.text} if item.text else {}
    return {
        "linkId": item.key,
        "prefix": str(item.number),
        **text,
        "type": CHOICE[release],
        "answerOption": options,
    }


def _step(instrument: Instrument, item: Item, step: int, url: str) -> Resource:
    words = dict(instrument.steps(item)).get(step)
    display = {"display": words} if words else {}
    return {"system": f"{url}#steps", "code": str(step), **display}


def _extra(choice: Choice, release: str, url: str) -> Resource:
    item = _choice(choice.key, choice.text, choice.options, release, url)
    return item | {"repeats": True} if choice.multi else item


def _choice(
    key: str, text: str, options: Iterable[tuple[str, str]], release: str, url: str
) -> Resource:
    return {
        "linkId": key,
        "text": text,
        "type": CHOICE[release],
        "answerOption": [{"valueCoding": _named(key, option, url)} for option in options],
    }


def _named(key: str, option: tuple[str, str], url: str) -> Resource:
    return {"system": f"{url}#{key}", "code": option[0], "display": option[1]}


def _picked(
    key: str, picked: Iterable[str], options: Iterable[tuple[str, str]], url: str
) -> Resource:
    words = dict(options)
    codings = [_named(key, (one, words.get(one, one)), url) for one in picked]
    return {"linkId": key, "answer": [{"valueCoding": coding} for coding in codings]}
