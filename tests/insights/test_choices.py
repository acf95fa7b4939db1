"""Urges not acted on, guesses against outcomes, needs, leaving and staying."""

from django.test import Client

from healing.accounts.models import User
from healing.hold.models import Hold
from healing.predictions.models import Prediction
from tests.insights.conftest import seen, write


def test_an_urge_counts_only_where_the_entry_says_what_was_done(hers: Client, mara: User) -> None:
    write(mara, trigger="quarrel", urges=["send_many", "go_silent"], did=["go_silent", "wait"])
    write(mara, trigger="quarrel", urges=["send_many"], did_own="made tea")
    write(mara, trigger="quarrel", urges=["send_many"])
    write(mara, trigger="quarrel", urges=["wait"], did=["rest"])
    write(mara, trigger="quarrel", urges=["hurt_myself"], did=["rest"])
    page = seen(hers, "choices")
    assert "You noted 3 urges to chase or hide together with what you did." in page
    assert "You did not act on 2 of them." in page
    assert '<th scope="row">send many messages</th><td>2</td><td>2</td>' in page
    assert '<th scope="row">go silent on purpose</th><td>1</td><td>0</td>' in page
    assert "In 2 entries you felt an urge and did not act on it." in page


def test_guesses_are_told_with_how_many_there_are(hers: Client, mara: User) -> None:
    for proved in ("yes", "no", "no", "cannot_know", None):
        write(mara, trigger="quarrel", guess="gone", **({"proved": proved} if proved else {}))
    page = seen(hers, "choices")
    assert "You marked 4 guesses. They proved true in 1 and not true in 2." in page
    assert '<th scope="row">cannot be known</th><td>1</td><td>0</td>' in page


def test_needs_and_both_leaving_and_staying(hers: Client, mara: User) -> None:
    for said in (
        {"needs": ["rest", "comfort"], "left_myself": ["said_yes"]},
        {"needs": ["rest"], "left_myself_own": "laughed it off", "stayed_by": "going home"},
        {"stayed_by": "saying no"},
        {"left_myself": ["unwanted_touch"]},
        {},
    ):
        write(mara, trigger="quarrel", **said)
    page = seen(hers, "choices")
    assert "Named most often: rest, 2 times" in page
    assert "In 2 of your last 5 entries you noted where you left yourself, and in 2" in page


def test_held_urges_and_predictions_stand_beside_them(hers: Client, mara: User) -> None:
    for _ in range(5):
        write(mara, trigger="quarrel")
    for chosen in ("let_go", "clear_sentence", "someone_else", "wait", "did_it", None):
        said = {"urges": [], "own": "", "before": 7, "minutes": 5, "message": "", "after": 3,
                "chosen": chosen, "entry": None}  # fmt: skip
        state = Hold.State.CLOSED if chosen else Hold.State.OPEN
        Hold.objects.create(owner=mara, local_date=mara.today(), state=state, said=said)
    for outcome, unsafe in (
        ("happened", False),
        ("happened", True),
        ("did_not", False),
        (None, False),
    ):
        said = {"fear": "gone", "likelihood": 80, "outcome": outcome, "told": "", "answered": None,
                "entry": None, "unsafe": unsafe, "uneasy": False}  # fmt: skip
        Prediction.objects.create(owner=mara, local_date=mara.today(), due=mara.today(), said=said)
    page = seen(hers, "choices")
    assert "You held an urge on the hold page 5 times. You did not act on 4 of them." in page
    # The one with a lie or a threat is in no number.
    assert "Of 2 predictions with an answer, 1 happened as feared." in page
    assert '<th scope="row">proved true</th><td>0</td><td>1</td>' in page
    assert '<th scope="row">did not prove true</th><td>0</td><td>1</td>' in page
