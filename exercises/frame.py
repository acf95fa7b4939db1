"""What stands around the steps of an exercise with a frame: arriving before, returning after.

Programme 5.9. The seconds are fixed: neither part gets longer or shorter with the steps between.
"""

from django.utils.translation import gettext_lazy as _

from exercises.timeline import Kind, Phase

ARRIVE = (
    Phase(
        Kind.STEP,
        40,
        _("Feet and seat"),
        _("Feel what carries you: the floor, the chair, the bed. Let your weight go into it."),
    ),
    Phase(
        Kind.STEP,
        20,
        _("Date, age, place"),
        _("Say today's date, how old you are and where you are, aloud if you can."),
    ),
)
RETURN = (
    Phase(
        Kind.BACK,
        15,
        _("Thank the younger one"),
        _("One word of thanks is enough, or a nod. Silence is fine, too."),
    ),
    Phase(
        Kind.BACK,
        25,
        _("A place to rest"),
        _("Picture a comfortable place where they can stay for now, or put the photo away."),
    ),
    Phase(
        Kind.BACK,
        15,
        _("I am here"),
        _("Say how old you are, which year it is, and where you are."),
    ),
    Phase(
        Kind.BACK,
        25,
        _("Back in the room"),
        _("Stand or sit up. Look at three colours. Drink some water if it is there."),
    ),
    Phase(
        Kind.BACK,
        10,
        _("How strong is it now?"),
        _("Find your number, 0 to 10. You can note it in a moment."),
    ),
)
