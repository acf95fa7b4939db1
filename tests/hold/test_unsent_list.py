"""All unsent words in one place, and no way to send them from there."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from healing.accounts.models import User
from healing.privacy.export import export_person
from tests.hold.conftest import WORDS, answer, at, begin, close, kept_with_exercise

LIST = reverse("hold:unsent_list")


def test_kept_left_and_from_the_wave_timer_stand_together_newest_first(
    hers: Client, mara: User, his: Client, django_assert_num_queries: Any
) -> None:
    assert "Nothing is kept" in hers.get(LIST).content.decode()
    session = kept_with_exercise(mara)
    session.created -= timedelta(days=2)
    session.save(update_fields=["created"])
    kept, _left, gone = (begin(hers, message=f"the {n} one") for n in ("kept", "left", "gone"))
    for hold in (kept, gone):
        answer(hers, hold)
        close(hers, hold, words="keep" if hold == kept else "delete")
    hers.get(LIST)
    # session, person, holds, key, sessions, exercise
    with django_assert_num_queries(6):
        page = hers.get(LIST).content.decode()
    order = [page.index(words) for words in ("the left one", "the kept one", "kept with the timer")]
    assert order == sorted(order)
    assert "the gone one" not in page
    assert page.count("left in the middle") == 1
    assert "Nothing is kept" in his.get(LIST).content.decode()


def test_there_is_no_way_out_for_them(hers: Client) -> None:
    hold = begin(hers, message="call me at 0151 2345 or mara@example.org https://example.org")
    for address in (LIST, at("unsent_detail", hold.pk), at("unsent_delete", hold.pk)):
        main = hers.get(address).content.decode().split("<main")[1].partition("</main>")[0]
        for way in ("mailto:", "sms:", "tel:", 'https://example.org"', "share"):
            assert way not in main, (address, way)
        assert "Send" not in main


def test_twenty_stand_on_a_page(hers: Client, mara: User) -> None:
    for number in range(21):
        kept_with_exercise(mara, f"number {number} of them")
    first, second = hers.get(LIST).content.decode(), hers.get(LIST + "?page=2").content.decode()
    assert first.count("of them</b>") == 20
    assert second.count("of them</b>") == 1
    assert hers.get(LIST + "?page=nonsense").status_code == 200


def test_a_session_of_another_exercise_is_none_of_them(hers: Client, mara: User) -> None:
    kept_with_exercise(mara, exercise="E16")
    assert "Nothing is kept" in hers.get(LIST).content.decode()


def test_an_export_shows_them_in_clear(hers: Client, mara: User) -> None:
    begin(hers)
    rows = export_person(owner=mara)["records"]["hold.hold"]
    assert rows[0]["said"]["message"] == WORDS
    assert rows[0]["local_date"] == mara.today()
    assert json.dumps(rows, default=str)
