"""What editors fill in for one way of doing an exercise: timed steps, or a breathing pattern."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from exercises.timeline import BREATH, is_gentle

KEY = r"[a-z][a-z0-9-]{1,30}"
# What a rating may count: distress 0-10, belief or likelihood in percent, how true words feel 0-10.
SCALES = ("distress", "percent", "truth")


class Step(blocks.StructBlock):
    """What every step has: words in big letters, and what to do."""

    say = blocks.CharBlock(
        label=_("In short"), max_length=60, help_text=_("Shown large while the step runs.")
    )
    text = blocks.TextBlock(label=_("What to do"), rows=2, max_length=400)


class TextStep(Step):
    """A step that takes as long as it takes."""

    class Meta:
        label = _("Step without a time")
        icon = "pilcrow"


class TimedStep(Step):
    """A step with its seconds."""

    seconds = blocks.IntegerBlock(label=_("Seconds"), min_value=1, max_value=1200)

    class Meta:
        label = _("Step")
        icon = "time"


class AskingStep(Step):
    """A step in which somebody notes something; the name is the one under which it is kept."""

    key = blocks.RegexBlock(
        rf"^{KEY}$",
        label=_("Kept as"),
        help_text=_("Small letters and hyphens. Do not change it: what people noted hangs on it."),
    )
    seconds = blocks.IntegerBlock(
        label=_("Seconds"), min_value=0, max_value=1200, default=0, help_text=_("0 for no time.")
    )


class WritingStep(AskingStep):
    unsent = blocks.BooleanBlock(
        label=_("Kept only if the person says so"),
        required=False,
        help_text=_("For a message that is not to be sent."),
    )

    class Meta:
        label = _("Writing")
        icon = "edit"


class ListStep(AskingStep):
    count = blocks.IntegerBlock(label=_("How many lines"), min_value=1, max_value=20)

    class Meta:
        label = _("List")
        icon = "list-ul"


class RatingStep(AskingStep):
    scale = blocks.ChoiceBlock(choices=[(one, one) for one in SCALES], label=_("Scale"))

    class Meta:
        label = _("Rating")
        icon = "order"


class ChoiceStep(AskingStep):
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Choice"), max_length=80), label=_("Choices"), min_num=2
    )
    many = blocks.BooleanBlock(label=_("More than one may fit"), required=False)

    class Meta:
        label = _("Choice")
        icon = "tick"


class Steps(blocks.StreamBlock):
    """The steps of one way, in order."""

    timed = TimedStep()
    text = TextStep()
    writing = WritingStep()
    list = ListStep()
    rating = RatingStep()
    choice = ChoiceStep()


class Variant(blocks.StructBlock):
    """What every way of doing an exercise has; its name is what addresses refer to."""

    name = blocks.RegexBlock(
        r"^[a-z][a-z-]{1,30}$",
        label=_("Name in the address"),
        help_text=_("Small letters and hyphens. The first way is called “standard”."),
    )
    label = blocks.CharBlock(label=_("Label"), max_length=60)
    note = blocks.TextBlock(label=_("Who it is for"), rows=2, required=False)


class StepsVariant(Variant):
    """Steps one after another.

    An exercise that lasts days is a row of ways with `times`: each is offered that often after the
    one before it. 0 is a way of its own.
    """

    steps = Steps(label=_("Steps"), min_num=1)
    times = blocks.IntegerBlock(
        label=_("How often, in an exercise that lasts days"), min_value=0, max_value=60, default=0
    )

    class Meta:
        label = _("Way with steps")
        icon = "list-ol"


class BreathVariant(Variant):
    """One breath in seconds, and how many of them."""

    breath_in = blocks.IntegerBlock(label=_("In, seconds"), min_value=1, max_value=6)
    top_up = blocks.IntegerBlock(
        label=_("A little more in, seconds"), min_value=0, max_value=2, default=0
    )
    hold_in = blocks.IntegerBlock(label=_("Pause, seconds"), min_value=0, max_value=4, default=0)
    out = blocks.IntegerBlock(label=_("Out, seconds"), min_value=1, max_value=10)
    hold_out = blocks.IntegerBlock(
        label=_("Pause after, seconds"), min_value=0, max_value=4, default=0
    )
    cycles = blocks.IntegerBlock(label=_("How many breaths"), min_value=1, max_value=60)

    class Meta:
        label = _("Way with a breathing pattern")
        icon = "undo"

    def clean(self, value: Any) -> Any:
        """Also refuses a breath that is fast or forced."""
        cleaned = super().clean(value)
        if not is_gentle(pattern_of(cleaned)):
            problem = _("A breath takes six seconds or more, and out is no shorter than in.")
            raise StructBlockValidationError(non_block_errors=[problem])
        return cleaned


class Ways(blocks.StreamBlock):
    """All ways of doing one exercise; the first is the standard one."""

    steps = StepsVariant()
    breath = BreathVariant()

    class Meta:
        required = True


def pattern_of(value: Any) -> dict[str, int]:
    """The breathing pattern of a breath block's value, as shipped files write it."""
    named = {kind.value: value["breath_in" if kind == "in" else kind.value] for kind in BREATH}
    return {**named, "cycles": value["cycles"]}


def variant_of(block: Any) -> dict[str, Any]:
    """One way as shipped files write it: name, label, note, and steps or pattern."""
    value = block.value
    row = {name: value[name] for name in ("name", "label", "note")}
    if block.block_type == "breath":
        return {**row, "pattern": pattern_of(value)}
    return {**row, "times": value["times"], "steps": [step_of(step) for step in value["steps"]]}


def step_of(block: Any) -> dict[str, Any]:
    """One step as shipped files write it: its kind, and what a step of this kind has."""
    value = block.value
    row = {"kind": block.block_type, "seconds": value.get("seconds", 0)}
    names = [name for name in value if name not in {"seconds", "options"}]
    options = {"options": list(value["options"])} if "options" in value else {}
    return {**row, **{name: value[name] for name in names}, **options}
