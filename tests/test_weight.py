"""No page weighs more than a frightened reader's phone should have to fetch.

The budget, for markup, styles and scripts together, as they travel: 14 KB, of which 6 KB script.
"""

import re
from collections.abc import Callable
from pathlib import Path
from random import random

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from healing.accounts.models import User
from healing.storage import smaller
from tests.lessons.conftest import practise
from tests.test_structure import plain_addresses

TOTAL, SCRIPT = 14 * 1024, 6 * 1024
ARGUED = [
    "/lessons/why-we-begin-with-steadiness/",
    "/exercises/long-out-breath/",
    "/exercises/five-sense-orienting/",
    "/exercises/wave-timer/?variant=twenty",
    "/exercises/trigger-chain/",
    "/exercises/alarm-or-answer/",
    "/journal/new/?form=standard",
    "/questionnaires/starting-picture/",
    "/help/?country=IE",
    "/cards/safety-card/",
    "/cards/safety-card/edit/",
    "/cards/therapist-questions/edit/",
    "/sources/attachment-theory-and-its-measurement/",
    "/sources/?q=e",
]


def travels(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def files_of(html: str) -> tuple[list[Path], list[Path]]:
    """The style sheets and scripts a page asks for, modules that scripts import included."""
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
    scripts = re.findall(r'<script[^>]+src="/static/([^"]+)"', html)

    def found(names: list[str]) -> list[Path]:
        return [Path(str(finders.find(name))) for name in names]

    modules = found(scripts)
    for module in modules:
        for name in re.findall(r"""(?:from|import)\s*\(?["']\./([^"']+)""", module.read_text()):
            if (sibling := module.parent / name) not in modules:
                modules.append(sibling)
    return found(styles), modules


def weigh(html: str) -> tuple[int, int]:
    """Bytes in all, and bytes of script."""
    styles, scripts = files_of(html)
    script = sum(travels(smaller(f"js/{file.name}", file.read_text()).encode()) for file in scripts)
    style = sum(travels(smaller(f"css/{file.name}", file.read_text()).encode()) for file in styles)
    return travels(html.encode()) + style + script, script


def test_every_page_keeps_to_the_budget(
    client_of: Callable[[User], Client], mara: User, content: None
) -> None:
    # A person to whom a page has the most to say.
    for _ in range(2):
        practise(mara, "E12", 0, before=4, after=8)
    weighed, heavy = {}, {}
    for client in (client_of(mara), Client()):
        for address in [*plain_addresses(), *ARGUED]:
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                weighed[address] = weigh(answer.content.decode())
    for address, (total, script) in weighed.items():
        if total > TOTAL or script > SCRIPT:
            heavy[address] = (total, script)
    assert len(weighed) > 25
    assert heavy == {}


def test_a_heavy_page_would_be_found() -> None:
    noise = "".join(f"{random():.15f}" for _ in range(2000))
    assert weigh(f"<p>{noise}</p>")[0] > TOTAL


@pytest.mark.parametrize("tag", ['<script type="module" src="/static/js/base.js"></script>'])
def test_a_script_is_weighed(tag: str) -> None:
    total, script = weigh(tag)
    assert total > script > 500
