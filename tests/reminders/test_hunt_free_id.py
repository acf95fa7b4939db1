"""Going back to the form of a letter again and again overwrites nothing that was saved."""

import re
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from healing.reminders.letterbox import letters_of, words_of
from healing.reminders.models import Plan
from tests.reminders.pages import LETTERS

FORM = UUID(int=42)


def test_a_letter_saved_by_going_back_and_changed_since_stays(client_of, mara, plan_for):
    plan_for(mara, now=timezone.now())
    client = client_of(mara)
    day = (mara.today() + timedelta(days=5)).isoformat()
    said = {"form_id": str(FORM), "on_date": day, "local_time": "10:00"}
    client.post(f"{LETTERS}new/", said | {"words": "One."})
    client.post(f"{LETTERS}new/", said | {"words": "Two."})
    second = Plan.objects.filter(kind="letter").exclude(pk=FORM).get()
    page = client.get(f"{LETTERS}{second.pk}/").content.decode()
    mark = re.findall(r'name="opened_with" value="([^"]*)"', page)[0]
    client.post(
        f"{LETTERS}{second.pk}/", said | {"words": "Two, and much more.", "opened_with": mark}
    )
    for _press in range(2):
        client.post(f"{LETTERS}new/", said | {"words": "Two."})
    kept = sorted(words_of(letter) for letter in letters_of(mara))
    assert kept == ["One.", "Two, and much more.", "Two."]
