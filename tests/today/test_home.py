"""The public page says what this is, what it is not, and where else to turn."""

from django.test import Client
from django.urls import reverse


def test_it_says_what_it_is_not_and_where_to_turn(client: Client, db: None) -> None:
    page = client.get(reverse("today:home")).content.decode()
    for words in ("not therapy", "not a diagnosis", "not emergency care", "under 18"):
        assert words in page
    for name in ("account_signup", "account_login", "safety:help", "exercises:steady"):
        assert f'href="{reverse(name)}"' in page


def test_it_needs_no_database(client: Client) -> None:
    """No `db` fixture: pytest-django forbids every query."""
    assert client.get(reverse("today:home")).status_code == 200
