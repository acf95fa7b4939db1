"""/questionnaires/<slug>/results/: pictures with words, and no type, total or percentile."""

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from exercises.actions import gentler_path, on_gentler_path
from healing.accounts.models import User
from healing.questionnaires import instruments
from healing.questionnaires.instrument_folder import FOLDER
from healing.questionnaires.models import Submission

ADDRESS = "/questionnaires/starting-picture/"
RESULTS = ADDRESS + "results/"
KEYS = [f"q{number:02}" for number in range(1, 16)]


def submit(owner: User, steps: list[int | None], days_ago: int = 0, **choices: Any) -> Submission:
    then = timezone.now() - timedelta(days=days_ago)
    answers = {key: step for key, step in zip(KEYS, steps, strict=False) if step is not None}
    return Submission.objects.create(
        owner=owner,
        instrument="starting-picture",
        version=1,
        local_date=owner.today() - timedelta(days=days_ago),
        created=then,
        said={"answers": answers, "choices": choices},
    )


def page_of(client: Any) -> str:
    return re.sub(r"\s+", " ", client.get(RESULTS).content.decode())


def test_before_the_first_time_it_says_what_will_be_here(client_of, mara):
    page = page_of(client_of(mara))
    assert "Here you will see what you answered" in page
    assert f'href="{ADDRESS}"' in page
    assert '<svg class="slider"' not in page


def test_each_scale_is_a_picture_a_sentence_and_a_row_of_numbers(client_of, mara):
    submit(mara, [4, 3, 1, 0, 0, 1, 2, 2, 2, 3, 3, 1, 1, 4, 4])
    page = page_of(client_of(mara))
    for scale in instruments.find("starting-picture").subscales:
        assert page.count(scale.title) == 2
    assert page.count('<svg class="slider"') == 6
    assert "Lately, silences and goodbyes have often brought worry about being left." in page
    assert "Your answers average 2.7 on a line from 0 to 4." in page
    assert "somewhere between 1.7 and 3.7" in page
    assert "<td>2.7</td><td>1.7 to 3.7</td><td>3 of 3</td>" in page


def test_the_picture_shows_the_same_as_the_sentence(client_of, mara):
    submit(mara, [0, 1, 0, 2, 2, 2])
    low, middle = re.findall(r'<svg class="slider".*?</svg>', page_of(client_of(mara)))
    # 1/3 of a step from the left end, and the band is cut off there.
    assert '<rect class="band" x="16" y="6" width="123"' in low
    assert 'class="dot" cx="47"' in low
    assert '<rect class="band" x="108" y="6" width="184"' in middle
    assert 'class="dot" cx="200"' in middle


def test_too_few_answers_give_no_number_and_no_picture(client_of, mara):
    submit(mara, [4, None, None, 2, 2])
    page = page_of(client_of(mara))
    assert page.count('<svg class="slider"') == 1
    assert "Not enough answers to show anything here: 1 given, and it takes at least 2." in page
    assert '<td colspan="2">not enough answers</td><td>1 of 3</td>' in page
    assert "<td>4.0</td>" not in page


def test_it_says_that_it_is_not_tested_and_names_no_kind_of_person(client_of, mara):
    submit(mara, [4] * 15)
    page = page_of(client_of(mara)).lower()
    assert "they have not been tested" in page
    assert "it is not a diagnosis" in page
    for word in ("anxious", "avoidant", "percent", "total", "attachment style", "type"):
        assert word not in re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize(
    ("steps", "choices", "said"),
    [
        ([2] * 15, {}, "start at the beginning, with steadying"),
        ([1, 1, 1, 4, 4, 4], {}, "an order that starts with room and support"),
        ([1, 1, 1, 4, 4, 4], {"recent_loss": "within_3_months"}, "You have lost someone"),
    ],
)
def test_one_next_step_with_its_reason(client_of, mara, steps, choices, said):
    submit(mara, steps, **choices)
    page = page_of(client_of(mara))
    assert said in page
    assert page.count('class="btn"') == 1
    assert 'class="btn" href="/lessons/"' in page


def test_the_time_before_is_compared_in_whole_steps(client_of, mara):
    first = submit(mara, [4, 4, 4, 2, 2, 2, 1, 1, 1], days_ago=50)
    submit(mara, [2, 2, 2, 2, 3, 2, 2, 2, 2])
    page = page_of(client_of(mara))
    since = date_format(first.local_date)
    assert f"Since {since}: lower by 2.0." in page
    assert f"Since {since}: about the same." in page
    assert f"Since {since}: higher by 1.0." in page
    assert page.count("Since ") == 3


def test_another_version_is_not_compared(client_of, mara):
    old = submit(mara, [4, 4, 4], days_ago=50)
    Submission.objects.filter(pk=old.pk).update(version=2)
    submit(mara, [1, 1, 1])
    assert "Since " not in page_of(client_of(mara))


def test_other_items_answered_are_not_compared(client_of, mara):
    submit(mara, [4, 4, 4], days_ago=50)
    submit(mara, [1, 1, None])
    assert "Since " not in page_of(client_of(mara))


@pytest.fixture
def ours(tmp_path, settings):
    """Puts an instrument of the operator's own beside the shipped ones; changed by a function."""

    def make(change: Any) -> str:
        data = yaml.safe_load((FOLDER / "starting-picture.yaml").read_text())
        data["id"] = "our-own"
        for scale in data["subscales"]:
            del scale["band"], scale["about_the_same_below"]
            change(scale)
        (tmp_path / "our-own.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
        settings.INSTRUMENTS_DIR = tmp_path
        return "/questionnaires/our-own/results/"

    return make


def twice(owner: User, first: list[int | None], second: list[int | None]) -> str:
    """Two submissions to it; gives the day of the first as it is written."""
    earlier, _later = submit(owner, first, days_ago=50), submit(owner, second)
    Submission.objects.of(owner).update(instrument="our-own")
    return str(date_format(earlier.local_date))


def test_without_a_caution_or_a_reliability_two_numbers_are_all_that_is_said(client_of, mara, ours):
    address = ours(lambda scale: None)
    day = twice(mara, [4, 4, 4], [1, 1, 1])
    page = client_of(mara).get(address).content.decode()
    assert f"Since {day}, your answers moved from 4.0 to 1.0." in page
    assert "<td>1.0</td><td>3 of 3</td>" in page
    assert "With room" not in page
    assert "With room on both sides" not in page


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (1, 3, "higher, by more than chance would explain."),
        (3, 1, "lower, by more than chance would explain."),
        (1, 2, "nobody can tell whether it has changed."),
    ],
)
def test_with_a_declared_reliability_its_error_decides(client_of, mara, ours, first, second, said):
    # SEM is 1 * sqrt(1 - 0.84) = 0.4, so 1.96 * sqrt(2) * 0.4 = 1.11 steps must be passed.
    known = {"kind": "retest", "r": 0.84, "sd": 1.0, "source": "made up for the tests"}
    address = ours(lambda scale: scale.update(reliability=known))
    day = twice(mara, [first] * 3, [second] * 3)
    assert f"Since {day}: {said}" in client_of(mara).get(address).content.decode()


def test_the_newest_is_shown(client_of, mara):
    submit(mara, [4, 4, 4], days_ago=50)
    submit(mara, [1, 1, 1])
    assert "Your answers average 1.0" in page_of(client_of(mara))


def test_a_stranger_never_sees_them(client_of, mara, theo):
    submit(mara, [4, 4, 4])
    page = page_of(client_of(theo))
    assert "Here you will see what you answered" in page
    assert "Your answers average" not in page


def test_without_sign_in_it_is_not_shown(db, client):
    assert client.get(RESULTS)["Location"].startswith("/accounts/login/")


def test_an_unknown_questionnaire_is_not_found(client_of, mara):
    assert client_of(mara).get("/questionnaires/nope/results/").status_code == 404


def test_after_a_recent_loss_the_gentler_path_is_on_and_can_be_ended_here(client_of, mara, posted):
    client = client_of(mara)
    answer = client.post(ADDRESS, {**posted, "recent_loss": "within_3_months"}, follow=True)
    page = answer.content.decode()
    assert "The gentler path is on until" in page
    assert gentler_path(owner=mara).until == mara.today() + timedelta(days=90)
    client.post(reverse("exercises:gentler_path"), {"as": "off", "back": RESULTS})
    assert not on_gentler_path(owner=mara)
    assert "Switch it on" in page_of(client)
    client.post(ADDRESS, {**posted, "recent_loss": "within_3_months"})
    assert not on_gentler_path(owner=mara)  # sent again, it changes nothing


@pytest.mark.parametrize(("said", "days_ago"), [("longer_ago", 0), ("within_3_months", 90)])
def test_without_a_fresh_loss_it_does_not_speak_of_it(client_of, mara, said, days_ago):
    submit(mara, [1, 1, 1], days_ago, recent_loss=said)
    assert "entler path" not in page_of(client_of(mara))
    assert not on_gentler_path(owner=mara)


def test_it_asks_the_database_little(client_of, mara, django_assert_num_queries):
    submit(mara, [4, 4, 4], days_ago=50)
    submit(mara, [1, 1, 1])
    client = client_of(mara)
    client.get(RESULTS)
    with django_assert_num_queries(7):  # session, person, submissions, key; three keep the opening
        client.get(RESULTS)
