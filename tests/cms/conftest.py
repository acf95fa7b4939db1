"""Editors of each role, and a lesson to edit."""

from collections.abc import Callable

import pytest
from django.test import Client

from healing.accounts.models import User
from healing.cms.actions import Role, make_editor
from healing.lessons.models import Lesson


@pytest.fixture
def as_role(ines: User, client_of: Callable[[User], Client]) -> Callable[[Role], Client]:
    """Ines, signed in, with this role."""

    def signed_in(role: Role) -> Client:
        make_editor(email=ines.email, role=role)
        return client_of(ines)

    return signed_in


@pytest.fixture
def admin(as_role: Callable[[Role], Client]) -> Client:
    return as_role(Role.ADMIN)


@pytest.fixture
def lesson(content: None) -> Lesson:
    found: Lesson = Lesson.objects.get(content_id="M1.1")
    return found
