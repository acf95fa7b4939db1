"""/help/: the numbers are there for everybody, and when the database is not."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from healing.cards.actions import keep_card
from healing.cards.kinds import SAFETY
from healing.safety import content as shipped
from healing.safety import directory
from healing.safety.models import CrisisLine
from healing.vault.actions import destroy_key
from tests.factories import record_review

HELP = "/help/"
CARD = "/cards/safety-card/"
OWN = "From your own card"
WORDS = "only she wrote this:"

# Runs in a process of its own, against a database server that does not answer.
ASK = """
import sys
import django
django.setup()
from django.test import Client
client = Client()
client.cookies[django.conf.settings.SESSION_COOKIE_NAME] = "a-session-of-before"
answer = client.get(sys.argv[1])
sys.stdout.write(f"{answer.status_code}\\n{answer.content.decode()}")
"""


@pytest.fixture(autouse=True)
def nothing_read_yet():
    """As in a process that has just started."""
    directory._last_read.clear()
    yield
    directory._last_read.clear()


@pytest.fixture
def card(mara, content):
    """A safety card of hers, with all of it written."""
    said = {name: f"{WORDS} {name}" for name in SAFETY.names} | {"people": "Jonas 0151 2345 6789"}
    keep_card(owner=mara, kind=SAFETY, answers=said, opened_with="")


def down(*args, **kwargs):
    raise OperationalError("the database is away")


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def change(line_id: str, **values) -> None:
    CrisisLine.objects.filter(content_id=line_id).update(**values)


def test_until_a_country_is_picked_every_emergency_number_is_there(client, content):
    page = text_of(client.get(HELP))
    for row in shipped.read():
        if row["kind"] == CrisisLine.Kind.EMERGENCY:
            assert f'<th scope="row">{row["country"]}</th><td><a href="tel:{row["tel"]}">' in page
    assert '<option value="IE">Ireland</option>' in page
    assert "To be confirmed by the operator" in page


def test_a_picked_country_shows_its_emergency_number_first(client, content):
    page = text_of(client.get(HELP, {"country": "GB"}))
    assert page.index("tel:999") < page.index("tel:116123")
    assert "Samaritans" in page
    assert "Anyone who is struggling to cope or thinking of suicide" in page
    assert "tel:911" not in page


def test_a_line_that_takes_texts_says_so(client, content):
    assert 'href="sms:988"' in text_of(client.get(HELP, {"country": "US"}))


@pytest.mark.parametrize("country", ["", "XX", "us", "<b>", "ZZZ"])
def test_whatever_else_is_asked_for_shows_the_list(client, content, country):
    assert "What to do anywhere else" in text_of(client.get(HELP, {"country": country}))


def test_another_country_gets_advice(client, content):
    page = text_of(client.get(HELP, {"country": "ZZ"}))
    assert "call the emergency number of the country you are in" in page
    assert '<option value="ZZ" selected>' in page


def test_it_says_what_to_do_beside_calling(client, content):
    page = text_of(client.get(HELP, {"country": "GB"}))
    assert (
        "If a line does not answer, that is about the line and not about you: "
        "try the next one, or go to the nearest emergency department." in page
    )
    assert "even if you feel all right" in page
    assert "If someone hurts, threatens or controls you" in page
    assert 'href="/steady/"' in page


def test_each_number_is_marked_until_an_editor_records_the_check(client, content):
    mark = "To be confirmed by the operator"
    assert text_of(client.get(HELP, {"country": "IE"})).count(mark) == 2
    line = CrisisLine.objects.get(content_id="IE-samaritans")
    record_review(line, on=date(2026, 11, 3), by="Ines, by telephone")
    page = text_of(client.get(HELP, {"country": "IE"}))
    assert page.count(mark) == 1
    assert "Number checked on 3 November 2026." in page
    assert "by telephone" not in page


def test_a_checked_emergency_number_shows_its_day_in_the_table_too(client, content):
    record_review(CrisisLine.objects.get(content_id="GB-emergency"), on=date(2026, 11, 3))
    assert "checked on 3 Nov 2026" in text_of(client.get(HELP))


@pytest.mark.parametrize("name", ["number", "tel", "text_to", "title"])
def test_a_check_is_about_the_number_it_saw_and_no_other(client, content, name):
    record_review(CrisisLine.objects.get(content_id="IE-samaritans"), on=date(2026, 11, 3))
    assert "Number checked on" in text_of(client.get(HELP, {"country": "IE"}))
    change("IE-samaritans", **{name: "116124"})
    page = text_of(client.get(HELP, {"country": "IE"}))
    assert "Number checked on" not in page
    assert page.count("To be confirmed by the operator") == 2


def test_words_beside_the_number_leave_its_check_alone(client, content):
    record_review(CrisisLine.objects.get(content_id="IE-samaritans"), on=date(2026, 11, 3))
    change("IE-samaritans", for_whom="Anyone at all", order=70)
    assert "Number checked on" in text_of(client.get(HELP, {"country": "IE"}))


def test_an_editors_change_is_shown_and_a_withdrawn_line_is_not(client, content):
    change("GB-samaritans", number="116 124", tel="116124")
    change("GB-emergency", live=False)
    page = text_of(client.get(HELP, {"country": "GB"}))
    assert "tel:116124" in page
    assert "tel:999" not in page


def test_before_anything_is_loaded_the_shipped_numbers_are_shown(client, db):
    assert CrisisLine.objects.count() == 0
    assert "tel:116123" in text_of(client.get(HELP, {"country": "GB"}))


def test_one_query_and_no_session(client, content, django_assert_num_queries, caplog):
    with django_assert_num_queries(1):
        answer = client.get(HELP, {"country": "GB"})
    assert not answer.cookies
    assert caplog.text == ""


def test_a_visitor_with_an_ended_session_sees_what_every_visitor_sees(client, content, mara, card):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session-of-before"
    page = text_of(client.get(HELP))
    assert WORDS not in page
    assert OWN not in page


def test_someone_signed_in_sees_their_own_card_below_the_numbers(client_of, mara, card):
    answer = client_of(mara).get(HELP, {"country": "IE"})
    page = text_of(answer)
    assert page.index("tel:112") < page.index("tel:116123") < page.index(OWN)
    assert page.index(OWN) < page.index("If you might hurt yourself")
    assert 'Jonas <a href="tel:015123456789">0151 2345 6789</a>' in page
    assert f'href="{CARD}"' in page
    assert f'href="{CARD}edit/"' in page
    # In short: the signs that it is getting hard are not for now.
    assert f"{WORDS} alone" in page
    assert f"{WORDS} warning_signs" not in page
    assert mara.email not in page


@pytest.mark.parametrize("query", [{}, {"country": "ZZ"}])
def test_the_card_stands_there_too_while_no_country_is_picked(client_of, mara, card, query):
    page = text_of(client_of(mara).get(HELP, query))
    assert page.index("call the emergency number of the country you are in") < page.index(OWN)


def test_a_page_with_a_card_on_it_is_kept_by_no_cache(client_of, mara, card):
    assert client_of(mara).get(HELP)["Cache-Control"] == "no-store, private"


def test_looking_changes_nothing(client_of, mara, card, django_assert_max_num_queries):
    client = client_of(mara)
    with django_assert_max_num_queries(5) as asked:
        client.get(HELP)
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_without_a_card_there_is_a_quiet_way_to_write_one(client_of, mara, content):
    page = text_of(client_of(mara).get(HELP))
    assert OWN not in page
    assert f'href="{CARD}edit/">Write a card of your own' in page


def test_signed_out_the_page_holds_no_private_word(client, client_of, mara, card):
    before = client_of(mara)
    assert WORDS in text_of(before.get(HELP))
    before.logout()
    for visitor in (client, before):
        page = text_of(visitor.get(HELP))
        assert WORDS not in page
        assert CARD not in page


def test_a_stranger_sees_nothing_of_hers(client_of, theo, card):
    page = text_of(client_of(theo).get(HELP))
    assert WORDS not in page
    assert "Write a card of your own" in page


@pytest.mark.parametrize("table", ["django_session", "accounts_user", "cards_card"])
def test_where_the_card_cannot_be_read_the_numbers_are_there(client_of, mara, card, table):
    client = client_of(mara)

    def partly_down(execute, sql, *args):
        if table in sql:
            raise OperationalError("this table is away")
        return execute(sql, *args)

    with connection.execute_wrapper(partly_down):
        answer = client.get(HELP, {"country": "GB"})
    assert answer.status_code == 200
    assert "tel:999" in text_of(answer)
    assert WORDS not in text_of(answer)


def test_a_card_that_does_not_open_leaves_the_numbers_and_says_nothing_of_it(
    client_of, mara, card, caplog
):
    destroy_key(mara)
    page = text_of(client_of(mara).get(HELP, {"country": "GB"}))
    assert "tel:999" in page
    assert "help shown without the card: ImproperlyConfigured" in caplog.text
    assert WORDS not in caplog.text


def test_with_the_database_away_it_shows_what_was_read_last(client_of, mara, content):
    client = client_of(mara)
    change("GB-samaritans", number="116 124", tel="116124")
    client.get(HELP)
    with connection.execute_wrapper(down):
        answer = client.get(HELP, {"country": "GB"})
    assert answer.status_code == 200
    assert "tel:116124" in text_of(answer)


def test_with_the_database_away_from_the_start_it_shows_what_was_shipped(client_of, mara, content):
    client = client_of(mara)
    change("GB-samaritans", number="116 124", tel="116124")
    with connection.execute_wrapper(down):
        answer = client.get(HELP, {"country": "GB"})
    assert answer.status_code == 200
    assert "tel:116123" in text_of(answer)


def test_it_recovers_with_the_database(client, content):
    with connection.execute_wrapper(down):
        client.get(HELP)
    change("GB-samaritans", number="116 124", tel="116124")
    assert "tel:116124" in text_of(client.get(HELP, {"country": "GB"}))


def test_a_server_without_its_database_still_gives_numbers(unused_port):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgres://nobody:nothing@127.0.0.1:{unused_port}/nowhere",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK, "/help/?country=GB"],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("200\n")
    assert 'href="tel:999"' in done.stdout
    assert 'href="tel:116123"' in done.stdout
    assert "shown from memory: OperationalError" in done.stderr
    assert "nowhere" not in done.stderr


def test_it_needs_no_script(content):
    page = text_of(Client().get(HELP))
    assert '<form method="get" action="/help/"' in page
    assert "<button" in page
    body = page.partition("<body>")[2]
    assert "<script" not in body
