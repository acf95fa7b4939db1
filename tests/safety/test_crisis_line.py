"""What a number may look like, and how it looks before it is published."""

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from healing.safety import content
from healing.safety.models import CrisisLine


@pytest.fixture
def line(db):
    content.load()
    return CrisisLine.objects.get(content_id="GB-samaritans")


def errors_of(line):
    with pytest.raises(ValidationError) as caught:
        line.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize("tel", ["116 123", "call me", "tel:1", "1", "+"])
def test_only_digits_are_dialled(line, tel):
    line.tel = tel
    assert "tel" in errors_of(line)


@pytest.mark.parametrize("kind", CrisisLine.Kind.values)
def test_the_preview_shows_the_number_on_the_help_page(line, kind):
    line.kind = kind
    page = line.make_preview_request(RequestFactory().get("/cms/")).content.decode()
    assert 'href="tel:116123"' in page
    assert "United Kingdom" in page


def test_it_leads_to_its_country(line, client):
    assert 'href="tel:116123"' in client.get(line.get_absolute_url()).content.decode()
