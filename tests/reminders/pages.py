"""Reads a page as a person would, and fills in the form of a plan."""

import re
from typing import Any

from healing.reminders.models import Plan

PAGE = "/reminders/"
CHECK_IN, LOOK_BACK, PRACTICE = f"{PAGE}check-in/", f"{PAGE}look-back/", f"{PAGE}practice/"
BREAK, AGAIN, LETTERS = f"{PAGE}break/", f"{PAGE}again/", f"{PAGE}letters/"
WANTED = {
    "days": ["0", "2", "4"],
    "local_time": "20:30",
    "time_zone": "Europe/Berlin",
    "consent": "on",
}


def text(response: Any) -> str:
    """The words of the page's main part, in one line."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


class OtherTab:
    """Changes the plans in the moment in which an action begins: at its savepoint."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and self.changes:
            changes, self.changes = self.changes, {}
            Plan.objects.update(**changes)
        return execute(sql, *rest)
