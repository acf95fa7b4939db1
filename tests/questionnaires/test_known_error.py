"""An operator's instrument of known reliability: its ring, its verdicts, and their source."""

import re
from datetime import timedelta
from math import sqrt

import pytest
import yaml
from django.utils import timezone

from healing.questionnaires import instrument_folder
from healing.questionnaires.models import Submission

RESULTS = "/questionnaires/ours/results/"
# The standard errors are 0.24 and 0.242, and so the thresholds 0.6652 and 0.6708.
WORRY = {"kind": "retest", "r": 0.84, "sd": 0.6, "source": "Test, table 1"}
UNEASE = {"kind": "alpha", "r": 0.84, "sd": 0.605, "source": "Test, table 2"}


@pytest.fixture
def ours(tmp_path, settings):
    """Makes the operator's file, of two scales with six items each, from 0 to 4."""

    def make(*, times: int = 1, is_known: bool = True) -> None:
        data = yaml.safe_load((instrument_folder.FOLDER / "attachment-map.yaml").read_text())
        data["id"] = "ours"
        for item in data["items"]:
            item["text"] = f"Made-up line {item['id']}."
        for scale, known in zip(data["subscales"], (WORRY, UNEASE), strict=True):
            if is_known:
                scale["reliability"] = {**known, "sd": known["sd"] * times}
            scale["reversed"] = []
            scale["method"] = "sum" if times > 1 else "mean"
        (tmp_path / "ours.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
        settings.INSTRUMENTS_DIR = tmp_path

    return make


def submit(owner, worry: list[int | None], unease: list[int | None], days_ago=0, **said):
    steps = [step for pair in zip(worry, unease, strict=True) for step in pair]
    answers = {f"q{number:02}": step for number, step in enumerate(steps, 1) if step is not None}
    return Submission.objects.create(
        owner=owner,
        instrument="ours",
        version=1,
        local_date=owner.today() - timedelta(days=days_ago),
        created=timezone.now() - timedelta(days=days_ago),
        said={"answers": answers, "choices": {}, "target": "partner", "range": [0, 4], **said},
    )


def page_of(client):
    return re.sub(r"\s+", " ", client.get(RESULTS).content.decode())


def changes_in(page):
    return re.findall(r"Since [^:<]+: ([^<]+)</p>", page)


def ring_in(page):
    (ring,) = re.findall(r'<ellipse cx="(\d+)" cy="(\d+)" rx="(\d+)" ry="(\d+)"/>', page)
    return tuple(int(number) for number in ring)


def test_the_ring_has_the_declared_error_around_the_dot(client_of, mara, ours):
    ours()
    submit(mara, [1] * 6, [3] * 6)
    page = page_of(client_of(mara))
    (dot,) = re.findall(r'class="now" cx="(\d+)" cy="(\d+)"', page)
    # One step is a quarter of 320 - 2 * 24 units; 95 % of both at once lie within 2.4477 errors.
    step, both = (320 - 2 * 24) / 4, sqrt(5.991)
    across, up = both * 0.6 * sqrt(1 - 0.84) * step, both * 0.605 * sqrt(1 - 0.84) * step
    assert ring_in(page) == (int(dot[0]), int(dot[1]), round(across), round(up))
    assert (round(across), round(up)) == (40, 40)
    assert "The ring is the error" in page
    assert "no ring is drawn" not in page


@pytest.mark.parametrize("times", [1, 6], ids=["mean", "sum"])
def test_the_same_step_passes_one_error_and_not_the_other(client_of, mara, ours, times):
    ours(times=times)
    submit(mara, [1] * 6, [1] * 6, days_ago=50)
    # Four sixths of a step each: 0.6667 lies between the two thresholds.
    submit(mara, [2, 2, 2, 2, 1, 1], [2, 2, 2, 2, 1, 1])
    page = page_of(client_of(mara))
    up, cannot_tell = changes_in(page)
    assert up == "higher, by more than chance would explain."
    assert cannot_tell == "nobody can tell whether it has changed."
    # A sum is drawn and told as the mean of its items, and so is its error.
    assert ring_in(page)[2:] == (40, 40)
    assert "Now: Worry about being left 1.7, Unease with closeness 1.7." in page
    assert "moved from" not in page


def test_down_it_is_the_same(client_of, mara, ours):
    ours()
    submit(mara, [2, 2, 2, 2, 1, 1], [2, 2, 2, 2, 1, 1], days_ago=50)
    submit(mara, [1] * 6, [1] * 6)
    down, cannot_tell = changes_in(page_of(client_of(mara)))
    assert down == "lower, by more than chance would explain."
    assert cannot_tell == "nobody can tell whether it has changed."


def test_the_numbers_behind_it_are_said_with_their_source(client_of, mara, ours):
    ours()
    submit(mara, [1] * 6, [3] * 6)
    page = page_of(client_of(mara))
    assert (
        "Worry about being left: retest reliability 0.84, SD 0.6 (Test, table 1). So the error of "
        "one result (SEM) is 0.24, and a change counts beyond 0.67."
    ) in page
    assert "Cronbach&#x27;s alpha 0.84, SD 0.605 (Test, table 2)." in page


def test_a_sum_without_a_known_error_moves_on_the_line_that_is_drawn(client_of, mara, ours):
    ours(times=6, is_known=False)
    submit(mara, [1] * 6, [1] * 6, days_ago=50)
    submit(mara, [3] * 6, [1] * 6)
    page = page_of(client_of(mara))
    assert "your answers moved from 1.0 to 3.0." in page
    assert "Your answers average 3.0 on a line from 0 to 4." in page
    assert "<ellipse" not in page


@pytest.mark.parametrize(
    ("worry", "said", "version"),
    [
        ([1, 1, 1, 1, 1, None], {}, 1),
        ([1] * 6, {"range": [1, 5]}, 1),
        ([1] * 6, {}, 2),
    ],
    ids=["items", "range", "version"],
)
def test_what_was_asked_or_answered_otherwise_is_not_compared_nor_joined(
    client_of, mara, ours, worry, said, version
):
    ours()
    older = submit(mara, worry, [1] * 6, days_ago=50, **said)
    Submission.objects.filter(pk=older.pk).update(version=version)
    submit(mara, [4] * 6, [4] * 6)
    page = page_of(client_of(mara))
    assert "Not compared with" in page
    assert "beyond" not in " ".join(changes_in(page))
    assert 'class="now"' in page
    assert 'class="then"' not in page
    assert 'class="way"' not in page
    assert "Earlier times that were asked or answered in another way are not on the map." in page


def test_it_says_where_people_start_and_claims_nothing(client_of, mara, ours):
    ours()
    submit(mara, [3] * 6, [3] * 6, days_ago=50)
    submit(mara, [1] * 6, [1] * 6)
    page = page_of(client_of(mara))
    assert page.count("People often start at a low point and drift back") == 1
