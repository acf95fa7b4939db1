"""What sets it off: how often, at which hour and weekday, and what goes together."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from journal.models import Entry
from tests.insights.conftest import seen, write


def test_fewer_than_five_entries_are_not_counted_out(hers: Client, mara: User) -> None:
    for _ in range(4):
        write(mara, trigger="reply_late")
    assert "From 5 entries on" in seen(hers, "triggers")
    assert "appeared 4 times" not in seen(hers, "triggers")
    write(mara, trigger="quarrel")
    page = seen(hers, "triggers")
    assert "In your last 5 entries, “Reply took longer than I hoped” appeared 4 times" in page
    assert "From 5 entries on" not in page


def test_the_time_looked_at_ends_today_and_begins_so_many_days_ago(
    hers: Client, mara: User
) -> None:
    for back in (0, 0, 0, 0, 27):
        write(mara, back=back, trigger="reply_late")
    write(mara, back=28, trigger="quarrel")
    write(mara, back=365, trigger="pet_loss")
    assert "Quarrel" not in seen(hers, "triggers", "28-days")
    assert "Quarrel" in seen(hers, "triggers", "3-months")
    assert "Loss of an animal" not in seen(hers, "triggers", "12-months")
    assert "Loss of an animal" in seen(hers, "triggers", "all")
    assert "Quarrel" in seen(hers, "triggers", "whatever a link says")


def test_the_hour_is_that_of_her_own_clock_and_a_late_entry_has_none(
    hers: Client, mara: User
) -> None:
    for back in range(1, 5):
        # Half past eight in the evening of UTC is later in Berlin, but the same day.
        entry = write(mara, back=back, hour=20, trigger="reply_late")
    written = mara.now().tzinfo
    hour = entry.created.astimezone(written).hour
    late = write(mara, back=9, trigger="quarrel")
    Entry.objects.filter(pk=late.pk).update(created=late.created + timedelta(hours=1))
    page = seen(hers, "triggers")
    assert f"between {hour}:00 and {hour + 1}:00: 4 of the 4 entries with a known hour" in page
    assert '<th scope="row">later</th>' in page


def test_what_went_together_needs_ten_entries_and_more_than_chance(
    hers: Client, mara: User
) -> None:
    for _ in range(4):
        write(mara, trigger="quarrel", feelings=["ashamed"])
    for _ in range(5):
        write(mara, trigger="reply_late", feelings=["sad"])
    assert "From 10 entries on" in seen(hers, "triggers")
    write(mara, trigger="left_out")
    page = seen(hers, "triggers")
    assert "“Quarrel” appeared together with “ashamed” 4 times. By chance it would be" in page
    assert "because" not in page.lower()


def test_danger_signs_are_in_no_count(hers: Client, mara: User) -> None:
    for _ in range(12):
        write(mara, trigger="quarrel", urges=["hurt_myself"], did=["hurt_someone"])
    for name in ("triggers", "choices", "course", "insight_list"):
        assert "hurt myself" not in seen(hers, name)
        assert "frighten someone" not in seen(hers, name)


def test_who_was_frightened_sees_the_way_to_help_first(hers: Client, mara: User) -> None:
    for _ in range(12):
        write(mara, trigger="felt_unsafe", feelings=["afraid"])
    page = seen(hers, "triggers")
    assert "That is no pattern of yours" in page
    assert reverse("safety:help") in page
    assert "appeared together with" not in page


def test_no_page_of_hers_shows_him_anything(
    hers: Client, mara: User, theo: User, client_of: Any
) -> None:
    for _ in range(6):
        write(mara, trigger="quarrel", person="Jo")
    for name in ("triggers", "course", "choices", "works", "people", "insight_list"):
        page = seen(client_of(theo), name)
        assert "Quarrel" not in page
        assert "Nothing is written down" in page
        assert "Jo<" not in page


def test_it_asks_the_database_seven_times_however_much_there_is(
    hers: Client, mara: User, django_assert_num_queries: Any
) -> None:
    for _ in range(30):
        write(mara, trigger="quarrel", feelings=["sad"])
    hers.get(reverse("insights:triggers"))
    with django_assert_num_queries(
        7
    ):  # session (read, and three for the openings), person, key, rows
        hers.get(reverse("insights:triggers"))


def test_looking_stores_nothing_and_no_cache_keeps_it(hers: Client, mara: User) -> None:
    write(mara, trigger="quarrel", trigger_own="secretword")
    before = list(Entry.objects.values_list("pk", "created"))
    answer = hers.get(reverse("insights:triggers"))
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert list(Entry.objects.values_list("pk", "created")) == before
