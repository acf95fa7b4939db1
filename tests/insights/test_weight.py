"""The pages of the room keep to the budget of bytes with a year of things to show."""

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.taxonomy.feelings import FEELINGS
from healing.taxonomy.meaning import NEEDS
from healing.taxonomy.triggers import TRIGGERS, UNTIL_STEADY
from healing.taxonomy.urges import URGES
from tests.insights.conftest import check_in, practise, write
from tests.test_weight import SCRIPT, TOTAL, weigh


def test_full_pages_keep_to_the_budget(hers: Client, mara: User, content: None) -> None:
    lists = [list(one.by_key) for one in (TRIGGERS, FEELINGS, URGES, NEEDS, UNTIL_STEADY)]
    for back in range(0, 364, 2):
        trigger, feeling, urge, need, until = (keys[back // 2 % len(keys)] for keys in lists)
        session = practise(mara, "E08", back=back, before=6, after=back % 7)
        write(mara, back=back, hour=back // 2 % 20 + 1, trigger=trigger, feelings=[feeling],
              urges=[urge], did=["wait"], needs=[need], until=until, strength=back % 11,
              after=back % 7, person=f"person {back % 30}",
              sessions=[{"session": str(session), "exercise": "E08"}])  # fmt: skip
        check_in(mara, back=back, steady=back % 5, left_worry=back % 3, practice=back % 2)
    for back in range(1, 29, 2):
        check_in(mara, back=back, steady=0, left_worry=4, urge_pull=4)
    weighed = {}
    for name in ("insight_list", "triggers", "course", "choices", "practice", "works", "people"):
        for time in ("28-days", "12-months"):
            for _ in range(2):  # the third opening holds the pause as well
                hers.get(reverse(f"insights:{name}"), {"time": time})
            page = hers.get(reverse(f"insights:{name}"), {"time": time}).content.decode()
            weighed[name, time] = weigh(page)
    heavy = {page: found for page, found in weighed.items() if found[0] > TOTAL}
    assert heavy == {}
    assert max(script for _total, script in weighed.values()) <= SCRIPT
