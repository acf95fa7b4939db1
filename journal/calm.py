"""When the deep form is offered: only to someone calm, by day, and not soon after a loss."""

from enum import StrEnum

from healing.accounts.clock import is_night

# From this number on it is still a wave (programme, E16), and an entry offers steadying first.
STRONG = 8


class Why(StrEnum):
    """Why the deep form waits."""

    LOSS = "loss"
    STRONG = "strong"
    NIGHT = "night"


def why_not_deep(
    *, strength: int | None, after: int | None, hour: int, gentler: bool
) -> Why | None:
    """What speaks against the deep form, or None.

    `strength` and `after`: 0 to 10; `hour`: of the person's clock, 0 to 23; `gentler`: whether they
    are on the gentler path after a loss.
    """
    if gentler:
        return Why.LOSS
    if (latest := strength if after is None else after) is not None and latest >= STRONG:
        return Why.STRONG
    return Why.NIGHT if is_night(hour) else None
