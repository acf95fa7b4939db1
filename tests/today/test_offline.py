"""The page a browser shows without a network needs neither database nor account."""

from django.test import Client
from django.urls import reverse


def test_it_opens_without_a_database(client: Client) -> None:
    page = client.get(reverse("today:offline")).content.decode()
    assert "Nothing was lost" in page


def test_the_link_to_a_copy_on_this_device_waits_for_the_script(client: Client) -> None:
    page = client.get(reverse("today:offline")).content.decode()
    assert f'<li hidden><a href="{reverse("cards:card_copy")}" data-own-card>' in page
