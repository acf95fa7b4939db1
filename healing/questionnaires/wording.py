"""The words an operator adds to a key that ships without: what they must hold, and what they make.

Files in INSTRUMENTS_DIR and the editing screens are held to the rules here, and to no others.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from healing.questionnaires.instrument import Instrument, Scale, with_range

LICENCE_NEEDED = "licence needed"
LONG = 2000
HIGHEST = 100
# The item's number in the publication, with or without a full stop, and its words.
NUMBERED = re.compile(r"(\d{1,3})[.):]?(?:\s+(.*))?")
# A mark of 48 bits: two wordings of one questionnaire never meet by chance.
MARK_LENGTH = 12


@dataclass(frozen=True)
class Wording:
    """What an operator adds; `texts` holds the items' words by their number in the publication.

    An empty introduction or instruction leaves the key's own.
    """

    permission: str
    lowest: int
    highest: int
    anchors: tuple[str, ...]
    texts: Mapping[int, str]
    introduction: str = ""
    instruction: str = ""


def faults(key: Instrument, wording: Wording) -> Iterator[tuple[str, str]]:
    """Why `wording` cannot be shown as the words of `key`: the field, and a sentence."""
    if not wording.permission:
        yield "permission", _("Say who gave the permission, and when.")
    yield from _scale_faults(wording)
    numbers = {item.number for item in key.items}
    for number in sorted(numbers | wording.texts.keys()):
        text = wording.texts.get(number, "")
        if number not in numbers:
            yield "items", _("The key has no item {number}.").format(number=number)
        elif not text or text == LICENCE_NEEDED:
            yield "items", _("Item {number} has no words.").format(number=number)
        elif len(text) > LONG:
            said = _("Item {number} has {count} characters, at most {most} fit.")
            yield "items", said.format(number=number, count=len(text), most=LONG)
    for name in ("introduction", "instruction"):
        if len(getattr(wording, name)) > LONG:
            yield name, _("At most {most} characters fit.").format(most=LONG)


def _scale_faults(wording: Wording) -> Iterator[tuple[str, str]]:
    steps = wording.highest - wording.lowest + 1
    if not 0 <= wording.lowest < wording.highest <= HIGHEST:
        yield "scale", _("The steps go from a lower to a higher number, within 0 and 100.")
    elif len(wording.anchors) != steps:
        given = ngettext("{n} step has words.", "{n} steps have words.", len(wording.anchors))
        said = _("There are {steps} steps, from {lowest} to {highest}, and each needs its words.")
        ends = {"lowest": wording.lowest, "highest": wording.highest}
        asked = said.format(steps=steps, **ends)
        yield "anchors", f"{asked} {given.format(n=len(wording.anchors))}"
    elif not all(wording.anchors):
        yield "anchors", _("A step has no words.")


def worded(key: Instrument, wording: Wording) -> Instrument:
    """`key` with its words and on their range, which reversal follows; `wording` has no fault."""
    ranged = with_range(key, wording.lowest, wording.highest)
    instrument = replace(
        ranged,
        scale=Scale(wording.lowest, wording.highest, wording.anchors),
        items=tuple(replace(item, text=wording.texts[item.number]) for item in ranged.items),
        source=replace(key.source, licence=wording.permission),
        introduction=wording.introduction or key.introduction,
        instruction=wording.instruction or key.instruction,
    )
    return replace(instrument, wording=_mark(instrument))


def _mark(instrument: Instrument) -> str:
    """Other words, other steps or another instruction are another questionnaire to answer."""
    scale = instrument.scale
    asked = [instrument.instruction, scale.lowest, scale.anchors]
    texts = [(item.number, item.text, item.anchors) for item in instrument.items]
    written = json.dumps([*asked, texts], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:MARK_LENGTH]


def read_lines(text: str) -> tuple[dict[int, str], list[str]]:
    """Items typed one a line, each after its number, and what is wrong with how they stand."""
    texts: dict[int, str] = {}
    wrong = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = NUMBERED.fullmatch(line)
        if found is None:
            said = _("This line does not begin with an item's number: “{line}”")
            wrong.append(said.format(line=line if len(line) <= 40 else f"{line[:39]}…"))
        elif int(found[1]) in texts:
            wrong.append(_("Item {number} stands twice.").format(number=found[1]))
        else:
            texts[int(found[1])] = (found[2] or "").strip()
    return texts, wrong
