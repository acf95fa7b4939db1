"""Reads a FHIR Questionnaire and the answers to it as plain data (no Django).

Only what is needed to score is read: choice items whose options carry a weight. Expressions in a
file are never run; a total it states is compared with our own sum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from healing.questionnaires.instrument import Instrument, Item, Scale, Source, Subscale
from healing.questionnaires.scoring import Score, score

HL7 = "http://hl7.org/fhir/StructureDefinition/"
# R5's, R4's and the older name.
WEIGHTS = {HL7 + name for name in ("itemWeight", "ordinalValue", "questionnaire-ordinalValue")}
CALCULATED = "calculatedExpression"
CHOICES = {"choice", "open-choice", "coding", "question"}
NUMBERS = {"decimal", "integer", "quantity"}
Fields = Mapping[str, Any]


class BadFhir(ValueError):
    """A file that cannot be used; the message names the element."""

    def __init__(self, element: str, why: str) -> None:
        super().__init__(f"{element}: {why}")


@dataclass(frozen=True)
class Option:
    """One answer to choose; `weight` is None where the file gives none."""

    system: str
    code: str
    display: str
    weight: Fraction | None


@dataclass(frozen=True)
class Question:
    """One line that counts."""

    link_id: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Form:
    """What a Questionnaire asks: lines that count, link ids of stated totals, all link ids."""

    url: str
    title: str
    copyright: str
    questions: tuple[Question, ...]
    totals: tuple[str, ...]
    link_ids: frozenset[str]


@dataclass
class Filled:
    """What a QuestionnaireResponse answers, by link id: options chosen, and totals it states."""

    chosen: dict[str, Option] = field(default_factory=dict)
    stated: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """One scale recomputed; `agrees` is None where the file states nothing about it."""

    score: Score
    stated: Decimal | None
    agrees: bool | None


def read_form(data: Fields) -> Form:
    """The form in a Questionnaire; raises BadFhir naming the element."""
    questions, totals, seen = [], [], set()
    for element, item in walk(data, "item"):
        link_id = item.get("linkId")
        if not isinstance(link_id, str) or not link_id:
            raise BadFhir(f"{element}.linkId", "is missing")
        if link_id in seen:
            raise BadFhir(f"{element}.linkId", f"{link_id!r} stands twice")
        seen.add(link_id)
        if item.get("type") in CHOICES:
            options = _options(data, element, item)
            if options:
                questions.append(Question(link_id, str(item.get("text", "")), options))
        elif item.get("type") in NUMBERS and _states_a_total(item):
            totals.append(link_id)
    if not questions:
        raise BadFhir("Questionnaire.item", "no choice item has options with a weight")
    title = str(data.get("title") or data.get("name") or data.get("id") or "Questionnaire")
    return Form(
        str(data.get("url", "")),
        title,
        str(data.get("copyright", "")),
        tuple(questions),
        tuple(totals),
        frozenset(seen),
    )


def walk(data: Fields, element: str) -> Iterator[tuple[str, Fields]]:
    """Every item below `data` with the place it stands at, like `item[0].item[3]`."""
    for number, item in enumerate(data.get("item") or ()):
        place = f"{element}[{number}]"
        yield place, item
        yield from walk(item, f"{place}.item")
        for answer_number, answer in enumerate(item.get("answer") or ()):
            yield from walk(answer, f"{place}.answer[{answer_number}].item")


def _states_a_total(item: Fields) -> bool:
    """A number that is worked out rather than asked."""
    calculated = any(
        str(one.get("url", "")).endswith(CALCULATED) for one in item.get("extension") or ()
    )
    return calculated or bool(item.get("readOnly")) or "score" in str(item.get("text", "")).lower()


def _options(data: Fields, element: str, item: Fields) -> tuple[Option, ...]:
    """The item's options; empty if none of them has a weight."""
    if item.get("answerOption"):
        place, found = f"{element}.answerOption", item["answerOption"]
        options = [_option(f"{place}[{n}]", one) for n, one in enumerate(found)]
    elif item.get("answerValueSet"):
        place = f"{element}.answerValueSet"
        options = list(_value_set(data, place, str(item["answerValueSet"])))
    else:
        return ()
    weighted = [one for one in options if one.weight is not None]
    if weighted and len(weighted) < len(options):
        raise BadFhir(place, "some options have a weight and some have none")
    return tuple(weighted)


def _option(place: str, option: Fields) -> Option:
    for name in ("valueString", "valueInteger"):
        if name in option:
            text = str(option[name])
            return Option("", text, text, _weight(place, option))
    coding = option.get("valueCoding")
    if not isinstance(coding, Mapping):
        raise BadFhir(place, "is neither a coding, a text nor a whole number")
    weight = _weight(place, option)
    return _coding(coding, _weight(place, coding) if weight is None else weight)


def _coding(coding: Fields, weight: Fraction | None) -> Option:
    system, code, display = (str(coding.get(name, "")) for name in ("system", "code", "display"))
    return Option(system, code or display, display, weight)


def _value_set(data: Fields, place: str, name: str) -> Iterator[Option]:
    """The options of a value set that the file itself holds; others are not fetched."""
    held = {f"#{one.get('id')}": one for one in data.get("contained") or ()}
    if name not in held:
        if name.startswith("#"):
            raise BadFhir(place, f"{name} is not contained in the file")
        return
    for group in held[name].get("compose", {}).get("include") or ():
        for concept in group.get("concept") or ():
            coding = {"system": group.get("system", ""), **concept}
            yield _coding(coding, _weight(place, concept))
    for concept in held[name].get("expansion", {}).get("contains") or ():
        yield _coding(concept, _weight(place, concept))


def _weight(place: str, holder: Fields) -> Fraction | None:
    for extension in holder.get("extension") or ():
        if extension.get("url") in WEIGHTS:
            value = _decimal(f"{place}.extension.valueDecimal", extension.get("valueDecimal"))
            return Fraction(value)
    return None


def _decimal(place: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise BadFhir(place, f"{value!r} is not a number") from None
    if not number.is_finite() or abs(number) > 1_000_000:
        raise BadFhir(place, f"{value!r} is not a usable number")
    return number


def read_answers(form: Form, data: Fields) -> Filled:
    """What a QuestionnaireResponse says to `form`; raises BadFhir naming the element."""
    asked = {one.link_id: one for one in form.questions}
    filled = Filled()
    for element, item in walk(data, "item"):
        link_id = str(item.get("linkId", ""))
        answers = item.get("answer") or ()
        if link_id not in form.link_ids:
            raise BadFhir(f"{element}.linkId", f"the questionnaire has no item {link_id!r}")
        if link_id in filled.chosen or link_id in filled.stated:
            raise BadFhir(f"{element}.linkId", f"{link_id!r} stands twice")
        if link_id not in asked and link_id not in form.totals:
            continue
        if len(answers) > 1:
            raise BadFhir(f"{element}.answer", "holds several answers where one counts")
        for answer in answers:
            place = f"{element}.answer[0]"
            if link_id in asked:
                filled.chosen[link_id] = _chosen(place, asked[link_id], answer)
            else:
                filled.stated[link_id] = _stated(place, answer)
    return filled


def _chosen(place: str, question: Question, answer: Fields) -> Option:
    for name in ("valueString", "valueInteger"):
        if name in answer:
            said = Option("", str(answer[name]), "", None)
            break
    else:
        name = "valueCoding"
        said = _coding(answer.get(name) or {}, None)
    for option in question.options:
        # A file may leave the system out, as HL7's own example does.
        if said.code == option.code and said.system in ("", option.system):
            return option
    raise BadFhir(f"{place}.{name}", f"{said.code!r} is no option of {question.link_id}")


def _stated(place: str, answer: Fields) -> Decimal:
    for name in ("valueDecimal", "valueInteger"):
        if name in answer:
            return _decimal(f"{place}.{name}", answer[name])
    quantity = answer.get("valueQuantity")
    if not isinstance(quantity, Mapping):
        raise BadFhir(place, "is not a number")
    return _decimal(f"{place}.valueQuantity.value", quantity.get("value"))


def instrument_of(form: Form, name: str) -> Instrument:
    """`form` as an instrument called `name`, with one sum over all its lines.

    It scores and is not shown to people. Raises BadFhir if a weight is not a whole number.
    """
    weights = [option.weight for one in form.questions for option in one.options]
    steps = [int(weight) for weight in weights if weight is not None]
    if any(weight != int(weight) for weight in weights if weight is not None):
        raise BadFhir("Questionnaire.item", "a weight is not a whole number")
    scale = Scale(min(steps), max(steps))
    items = tuple(
        Item(number, f"q{number:02}", one.text, _anchors(one, scale))
        for number, one in enumerate(form.questions, start=1)
    )
    return Instrument(
        id=name,
        version=1,
        title=form.title[:120],
        introduction="Read from a FHIR file.",
        instruction="As the publication asks.",
        time_frame="as the publication asks",
        source=Source(
            citation=(form.url or form.title)[:2000],
            licence=(form.copyright or "not stated")[:500],
            address="",
            unvalidated=False,
            note="Read from a FHIR file. The total is our own sum; no expression was run.",
        ),
        scale=_shared_words(scale, items),
        items=items,
        low_below=0,
        high_from=0,
        subscales=(_total(items),),
        targets=(("general", "In general"),),
        choices=(),
        result_note="This shows what was answered and nothing more. It is not a diagnosis.",
        retake_weeks=6,
        retake_text="You can do this again after six weeks.",
        rules=(),
        for_people=False,
    )


def _shared_words(scale: Scale, items: tuple[Item, ...]) -> Scale:
    """The scale with the words most of its lines share."""
    every = [item.anchors for item in items]
    return Scale(scale.lowest, scale.highest, max(every, key=every.count))


def _anchors(question: Question, scale: Scale) -> tuple[str, ...]:
    words = {int(one.weight or 0): one.display or one.code for one in question.options}
    return tuple(words.get(step, "") for step in range(scale.lowest, scale.highest + 1))


def _total(items: tuple[Item, ...]) -> Subscale:
    return Subscale(
        key="total",
        title="Total",
        items=tuple(item.key for item in items),
        reversed=frozenset(),
        summed=True,
        minimum_answered=-(-len(items) * 4 // 5),
        more_is_support=False,
        reliability=None,
        caution=None,
        words=None,
    )


def recompute(form: Form, instrument: Instrument, filled: Filled, *, own: bool) -> list[Checked]:
    """Each scale from the answers, and whether a stated total agrees.

    `own` is a form that we exported: its codes are the steps and its totals bear the scales' names;
    weights there are turned already where an item is reversed.
    """
    answers = {}
    for item, question in zip(instrument.items, form.questions, strict=True):
        if option := filled.chosen.get(question.link_id):
            answers[item.key] = int(option.code) if own else int(option.weight or 0)
    checked = []
    for one in score(instrument, answers):
        names = [f"score-{one.subscale.key}"] if own else form.totals
        stated = [filled.stated[name] for name in names if name in filled.stated]
        checked += [_compare(one, value) for value in stated] or [Checked(one, None, None)]
    return checked


def _compare(one: Score, stated: Decimal) -> Checked:
    """Rounding is no disagreement: up to half of the last digit stated, and 0.05 at most."""
    if one.value is None:
        return Checked(one, stated, False)
    exponent = stated.as_tuple().exponent
    digit = Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(0)
    room = min(digit / 2, Fraction(1, 20))
    return Checked(one, stated, abs(Fraction(stated) - one.value) <= room)
