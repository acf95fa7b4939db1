"""What no text may say, and what it may say in order to deny it."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.editorial.text_checks import (
    check_findings,
    check_grade,
    check_words,
    runs,
)


@pytest.mark.parametrize(
    "text",
    [
        "This will cure your fear.",
        "Complete healing is near.",
        "You can heal completely.",
        "The change is permanent.",
        "It helps to rewire old paths.",
        "A toxic friend.",
        "She is needy.",
        "A clingy person.",
        "You are broken.",
        "Feeling damaged is common.",
        "Look at your wound.",
        "You must breathe now.",
        "Just breathe.",
        "It is clinically proven.",
        "We guarantee it.",
        "Release stored trauma.",
        "The trauma stored in the body.",
        "New neural pathways grow.",
        "It works. It is not hard. It can cure you.",
    ],
)
def test_a_word_that_promises_or_labels_is_found(text: str) -> None:
    assert [finding.rule for finding in check_words(text)][:1] == ["word"]


@pytest.mark.parametrize(
    "text",
    [
        "This is not a cure.",
        "No one can promise complete healing.",
        "Nobody heals completely, and nobody needs to.",
        "The change is never permanent.",
        "This programme has not been clinically tested.",
        "We cannot guarantee that it helps.",
        "A judge tries to be fair and to adjust.",
        "The justice of it. An accurate word. Secure ties.",
    ],
)
def test_a_promise_may_be_denied_and_other_words_are_let_be(text: str) -> None:
    assert list(check_words(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "In one survey 68% said so.",
        "About 62 per cent changed.",
        "83 percent felt less fear.",
        "Rebecca Chen writes about it.",
        "as Martin Flores says",
        "Sarah Winters found it",
        "Elena Rodriguez showed it",
        "the Blackwell Institute for Neuroscience",
        "in the Longitudinal Studies Review",
        "Clinical Research Findings 47",
        "the Journal of Developmental Psychology",
    ],
)
def test_numbers_people_and_journals_that_nobody_could_trace_are_found(text: str) -> None:
    assert "untraceable" in {finding.rule for finding in check_words(text)}


def test_real_journals_and_other_numbers_are_let_be() -> None:
    text = "The British Journal of Developmental Psychology. It is 168 % or 6.2 %."
    assert list(check_words(text)) == []


def test_an_expert_is_found_by_the_title() -> None:
    assert [finding.rule for finding in check_words("As Dr Brown says, wait.")] == ["expert"]


def test_what_was_found_is_shown_with_the_words_around_it() -> None:
    (finding,) = check_words("The long way round to it. " * 5 + "Then just wait. " + "So. " * 30)
    assert "Then just wait." in finding.words
    assert finding.words.startswith("…")
    assert finding.words.endswith("…")
    assert "“" in str(finding)


def test_research_without_a_source_is_found_and_one_source_covers_the_next_paragraph() -> None:
    study = "In a small study it helped."
    assert [finding.rule for finding in check_findings([study])] == ["source"]
    assert list(check_findings([f"{study} [B36]", "That study was small."])) == []
    assert len(list(check_findings([f"{study} [B36]", "And then.", study]))) == 1
    assert len(list(check_findings(["It helped 12 per cent of them.", "Trials agree."]))) == 2
    assert list(check_findings(["She walks to work, steady and slow."])) == []


def test_a_text_that_is_too_hard_is_found_with_its_grade() -> None:
    hard = "Interpersonal uncertainty necessitates continual psychological accommodation."
    (finding,) = check_grade(hard)
    assert "Reading grade" in str(finding)
    assert list(check_grade("You wait. She calls.")) == []


def test_runs_of_eight_words_ignore_case_marks_and_sources() -> None:
    one = runs("You may skip a part, pause for a month. [B48]")
    assert one == runs("you may skip a part - pause FOR a month") | one
    assert "you may skip a part pause for a" in one
    assert runs("only seven words stand in this one") == set()


@given(st.text())
def test_any_text_can_be_checked(text: str) -> None:
    for finding in [*check_words(text), *check_findings([text]), *check_grade(text)]:
        assert str(finding)


def test_a_long_list_of_promises_is_checked_in_a_moment() -> None:
    began = process_time()
    assert len(list(check_words("cure " * 20_000))) == 20_000
    assert process_time() - began < 5
