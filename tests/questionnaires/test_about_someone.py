"""A questionnaire about one person at a time: asked first, kept apart, and drawn as a map."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.questionnaires import instruments
from healing.questionnaires.instrument import Reliability
from healing.questionnaires.map import EDGE, SIZE, draw
from healing.questionnaires.models import Submission, Taking

ADDRESS = "/questionnaires/attachment-map/"
RESULTS = ADDRESS + "results/"
KEYS = [f"q{number:02}" for number in range(1, 13)]


def post(client, target="", step="3", **more):
    answers = dict.fromkeys(KEYS, step)
    return client.post(ADDRESS, {"row": str(uuid.uuid4()), "target": target, **answers, **more})


def age(submission, **ago):
    step = timedelta(**ago)
    Submission.objects.filter(pk=submission.pk).update(
        created=submission.created - step, local_date=submission.local_date - step
    )


def test_whom_it_is_about_is_asked_first_and_kept(client_of, mara):
    client = client_of(mara)
    page = client.get(ADDRESS).content.decode()
    assert page.index("Whom do you think of?") < page.index("Between two meetings")
    assert post(client, "partner")["Location"] == RESULTS
    assert Submission.objects.get().target == "partner"
    assert "A partner" in client.get(RESULTS).content.decode()


def test_left_open_it_is_about_people_in_general(client_of, mara):
    post(client_of(mara))
    assert Submission.objects.get().target == "general"


def test_the_six_weeks_count_for_each_alone(client_of, mara):
    client = client_of(mara)
    post(client, "partner")
    page = post(client, "partner", step="0").content.decode()
    assert "You answered about them lately." in page
    assert page.count('value="0" checked') == len(KEYS)
    assert post(client, "friend")["Location"] == RESULTS
    age(Submission.objects.of(mara).order_by("created").first(), weeks=6)
    assert post(client, "partner")["Location"] == RESULTS
    assert Submission.objects.count() == 3


def test_with_everybody_answered_about_it_rests(client_of, mara):
    client = client_of(mara)
    for target in instruments.find("attachment-map").about:
        post(client, target)
    assert "nothing is due" in client.get(ADDRESS).content.decode()
    assert post(client, "friend")["Location"] == RESULTS
    assert Submission.objects.count() == 5


def test_one_by_one_it_is_the_first_question(client_of, mara):
    client = client_of(mara)
    post(client, "friend")
    first = client.post(ADDRESS + "1/", {"target": "friend", "go": "on"})
    assert "You answered about them lately." in first.content.decode()
    client.post(ADDRESS + "1/", {"target": "parent", "go": "on"})
    assert Taking.objects.get().said["target"] == "parent"
    client.post(ADDRESS + "13/", {"q12": "1", "go": "on"})
    assert {row.target for row in Submission.objects.of(mara)} == {"friend", "parent"}


def test_a_later_question_is_no_way_round_the_six_weeks(client_of, mara):
    client = client_of(mara)
    post(client)
    assert client.post(ADDRESS + "13/", {"q12": "1", "go": "on"})["Location"] == ADDRESS
    assert Submission.objects.count() == 1


def test_results_about_one_are_never_compared_with_another(client_of, mara):
    client = client_of(mara)
    post(client, "partner", step="0")
    post(client, "friend", step="4")
    page = client.get(RESULTS).content.decode()
    assert "moved from" not in page
    numbers = re.findall(r'href="\?about=(\d)">([^<]+)<', page)
    assert numbers == [("1", "A partner")]
    assert "A partner" in client.get(RESULTS + "?about=1").content.decode()
    # A number nobody has is the newest.
    assert client.get(RESULTS + "?about=9").content == client.get(RESULTS).content


# The map ----------------------------------------------------------------------------------------


def points(page):
    drawn = re.search(r'<svg class="map".*?</svg>', page, re.DOTALL)[0]
    return re.findall(r'<circle class="(then|now)" cx="(\d+)" cy="(\d+)"', drawn), drawn


def test_the_map_shows_the_same_as_its_sentence_and_its_table(client_of, mara):
    client = client_of(mara)
    # All lines with the lowest step; the two turned lines then count as the highest.
    post(client, "partner", step="0")
    age(Submission.objects.get(), weeks=7)
    post(client, "partner", step="4")
    page = client.get(RESULTS).content.decode()
    dots, drawn = points(page)
    # Five lines of 0 and one turned to 4: 0.67 of 4; and the other way round 3.33.
    room = SIZE - 2 * EDGE
    low, high = round(EDGE + room / 6), round(EDGE + room * 5 / 6)
    assert dots == [("then", str(low), str(SIZE - low)), ("now", str(high), str(SIZE - high))]
    assert f"M{low} {SIZE - low}L{high} {SIZE - high}" in drawn
    assert "Now: Worry about being left 3.3, Unease with closeness 3.3." in page
    assert re.search(r"On [^<]+ it was 0\.7 and 0\.7\.", page)
    cells = re.findall(r"<td>(\d\.\d)</td><td>(\d\.\d)</td></tr>", page)
    assert cells == [("0.7", "0.7"), ("3.3", "3.3")]


def test_all_earlier_times_are_told_and_joined(client_of, mara):
    client = client_of(mara)
    for step in ("0", "4", "3"):
        for row in Submission.objects.all():
            age(row, weeks=7)
        post(client, "partner", step=step)
    page = client.get(RESULTS).content.decode()
    dots, drawn = points(page)
    told = re.findall(r"On [^<]+? it was (\d\.\d) and (\d\.\d)\.", page)
    assert told == [("0.7", "0.7"), ("3.3", "3.3")]
    joined = "L".join(f"{x} {y}" for _kind, x, y in dots)
    assert (len(dots), f'd="M{joined}"' in drawn) == (3, True)


def test_each_step_is_marked_where_a_dot_of_it_would_stand(client_of, mara):
    client = client_of(mara)
    post(client, "partner", step="2")
    ((_now, x, y),), drawn = points(client.get(RESULTS).content.decode())
    places = [24, 92, 160, 228, 296]
    marks = "".join(f"M{place} 308v-7M12 {SIZE - place}h7" for place in places)
    assert f'<path d="{marks}"/>' in drawn
    assert (int(x), int(y)) == (places[2], SIZE - places[2])


def test_without_a_known_error_there_is_no_ring_and_no_verdict(client_of, mara):
    client = client_of(mara)
    post(client)
    page = client.get(RESULTS).content.decode()
    assert "<ellipse" not in page
    assert "no ring is drawn and no change is judged" in page


def test_with_too_few_answers_there_is_no_map(client_of, mara):
    client = client_of(mara)
    answers = dict.fromkeys(KEYS, "") | {"q01": "1", "q03": "1"}
    client.post(ADDRESS, {"row": str(uuid.uuid4()), **answers})
    assert '<svg class="map"' not in client.get(RESULTS).content.decode()


def test_the_ring_is_as_wide_as_the_error(with_error):
    drawn = draw(with_error, [(Fraction(2), Fraction(2))])
    # SEM = 0.8 * sqrt(1 - 0.84) = 0.32, times 2.4477 = 0.7833 of 4 steps on 272 units.
    assert (drawn.half_width, drawn.half_height) == (53, 53)
    assert drawn.has_error


@pytest.fixture
def with_error():
    instrument = instruments.find("attachment-map")
    known = Reliability("alpha", 0.84, 0.8, "a made-up source, for this test")
    scales = tuple(replace(one, reliability=known) for one in instrument.subscales)
    return replace(instrument, subscales=scales)


STEPS = st.fractions(0, 4)


@given(st.lists(st.tuples(STEPS | st.none(), STEPS | st.none()), min_size=1))
def test_every_dot_stays_on_the_paper_and_grows_with_the_score(times):
    drawn = draw(instruments.find("attachment-map"), times)
    whole = [(x, y) for x, y in times if x is not None and y is not None]
    if None in times[-1]:
        assert drawn is None
        return
    assert len(drawn.dots) == len(whole)
    for (x, y), dot in zip(whole, drawn.dots, strict=True):
        assert EDGE <= dot.x <= SIZE - EDGE
        assert EDGE <= dot.y <= SIZE - EDGE
        assert abs(dot.x - (EDGE + float(x) * 68)) <= 1
        assert abs(dot.y - (SIZE - EDGE - float(y) * 68)) <= 1


def test_an_instrument_with_more_scales_has_no_map():
    assert draw(instruments.find("starting-picture"), [(Fraction(1), Fraction(1))]) is None
