"""Writes an instrument that only scores as a file that `instrument_file` reads (no Django)."""

from typing import Any

import yaml

from healing.questionnaires.instrument import Instrument, Item, Subscale

NOTE = """\
# Written from a FHIR file. It scores, and is not shown to people: read its licence and its lines
# first, and think of what a person needs beside them. Then write `for_people: true`.
"""


def dump(instrument: Instrument) -> str:
    """The text of the file; raises ValueError where a step has no words."""
    steps = range(instrument.scale.lowest, instrument.scale.highest + 1)
    for item in instrument.items:
        if not all(item.anchors):
            missing = [step for step in steps if not item.anchors[step - steps[0]]]
            raise ValueError(f"item {item.number} has no words for step {missing[0]}")
    source = instrument.source
    data = {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "for_people": instrument.for_people,
        "introduction": instrument.introduction,
        "instruction": instrument.instruction,
        "time_frame": instrument.time_frame,
        "source": {
            "citation": source.citation,
            "licence": source.licence,
            "unvalidated": source.unvalidated,
            "note": source.note,
        },
        "scale": {
            "min": instrument.scale.lowest,
            "max": instrument.scale.highest,
            "anchors": list(instrument.scale.anchors),
        },
        "items": [_item(item, instrument.scale.anchors) for item in instrument.items],
        "subscales": [_subscale(instrument, one) for one in instrument.subscales],
        "targets": [{"key": key, "title": title} for key, title in instrument.targets],
        "result_note": instrument.result_note,
        "retake": {"every_weeks": instrument.retake_weeks, "text": instrument.retake_text},
        "next_step": [
            {"key": "default", "when": {}, "text": "We suggest to begin with steadying."}
        ],
    }
    return NOTE + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=96)


def _item(item: Item, shared: tuple[str, ...]) -> dict[str, Any]:
    fields = {"id": item.number, "key": item.key, "text": item.text or "licence needed"}
    return fields if item.anchors == shared else {**fields, "anchors": list(item.anchors)}


def _subscale(instrument: Instrument, one: Subscale) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "items": [item.number for item in instrument.items if item.key in one.items],
        "method": "sum" if one.summed else "mean",
        "minimum_answered": one.minimum_answered,
        "direction": "more_is_support" if one.more_is_support else "less_is_calmer",
    }
