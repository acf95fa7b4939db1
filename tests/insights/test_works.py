"""What works after what: exercises with five ratings and more, by kind of trigger."""

from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from healing.accounts.models import User
from tests.insights.conftest import practise, seen, write


def tie(owner: User, trigger: str, exercise: str, times: int) -> None:
    for _ in range(times):
        session = practise(owner, exercise, before=7, after=4)
        write(owner, trigger=trigger, sessions=[{"session": str(session), "exercise": exercise}])


def test_five_ratings_under_one_kind_of_trigger_are_named_and_four_are_not(
    hers: Client, mara: User, content: None
) -> None:
    tie(mara, "quarrel", "E08", 3)
    tie(mara, "cold_face", "E08", 2)
    tie(mara, "reply_late", "E08", 4)
    page = seen(hers, "works")
    conflict = page.split("Conflict and tone")[1]
    silence = page.split("Silence and distance")[1].split("Conflict and tone")[0]
    assert Exercise.objects.get(content_id="E08").title in conflict
    assert "usually fell by 3" in conflict
    assert "1 exercise has too few ratings" in silence
    assert "usually fell" not in silence


def test_one_session_in_two_entries_counts_once(hers: Client, mara: User, content: None) -> None:
    tie(mara, "quarrel", "E08", 4)
    session = practise(mara, "E08")
    for _ in range(2):
        write(mara, trigger="quarrel", sessions=[{"session": str(session), "exercise": "E08"}])
    assert "<td>5</td>" in seen(hers, "works")


def test_another_persons_session_is_none_of_hers(
    hers: Client, mara: User, theo: User, content: None
) -> None:
    for _ in range(6):
        session = practise(theo, "E08")
        write(mara, trigger="quarrel", sessions=[{"session": str(session), "exercise": "E08"}])
    assert "usually fell" not in seen(hers, "works")


def test_what_was_practised_leads_here(hers: Client, mara: User, content: None) -> None:
    practise(mara, "E08")
    assert reverse("insights:works") in hers.get(reverse("exercises:session_list")).content.decode()
