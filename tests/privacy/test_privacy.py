"""/privacy/ is open to everybody, and asks neither session nor database."""

from django.test import Client

from healing.accounts.models import User


def test_a_visitor_reads_it(client: Client) -> None:
    answer = client.get("/privacy/")
    assert answer.status_code == 200
    assert not answer.cookies


def test_someone_signed_in_is_not_looked_up(
    client_of, mara: User, django_assert_num_queries
) -> None:
    client = client_of(mara)
    with django_assert_num_queries(0):
        page = client.get("/privacy/").content.decode()
    assert mara.email not in page
