"""The earlier times, newest first."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.hold.conftest import answer, at, begin, close

LIST = reverse("hold:hold_list")


def test_each_time_stands_there_and_leads_to_its_page(
    hers: Client, his: Client, django_assert_num_queries: Any
) -> None:
    assert "Nothing yet" in hers.get(LIST).content.decode()
    first = begin(hers, urges=["send_many"])
    answer(hers, first)
    close(hers, first)
    second = begin(hers, urges=[])
    # session, person, key, number, rows
    with django_assert_num_queries(5):
        page = hers.get(LIST).content.decode()
    assert page.index(at("hold_end", second.pk)) < page.index(at("hold_end", first.pk))
    assert "Send many messages" in page
    assert "8 before, 5 after" in page
    assert page.count("left in the middle") == 1
    assert "Nothing yet" in his.get(LIST).content.decode()
