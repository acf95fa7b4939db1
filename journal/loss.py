"""Whether an entry is a reason to ask, once, about the gentler path after a loss."""

from exercises.actions import AFTER_LOSS, GentlerPath, gentler_path
from healing.accounts.clock import local_today
from healing.accounts.models import User
from journal.models import Entry

LOSSES = ("break_up", "death_or_illness")


def asks_after(entry: Entry, *, owner: User) -> GentlerPath | None:
    """The path to offer beside this entry, None for nothing to ask (1 query, or none).

    Asked is on the day of writing, about a loss that is fresh, and no more after an answer.
    """
    today = owner.today()
    is_fresh = today - entry.local_date < AFTER_LOSS
    written_today = local_today(owner.time_zone, entry.created) == today
    if entry.said("trigger") not in LOSSES or not is_fresh or not written_today:
        return None
    path = gentler_path(owner=owner)
    return None if path.asked else path
