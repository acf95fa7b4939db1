"""Words for a key in the editing screens: what is asked for, who may publish, and who sees it."""

import io
import random
import re
from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse

from healing.cms.actions import Role, make_editor
from healing.questionnaires import instruments
from healing.questionnaires.actions import keep_answers, resting, submit, under_way
from healing.questionnaires.change import changes
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.models import AddedWording, Submission, Taking
from healing.questionnaires.results import results
from healing.sharing.kinds import rows_between
from tests.test_weight import SCRIPT, TOTAL, weigh

PAGE = "/questionnaires/ecr/"
PUBLISH = {"action-publish": "1"}


def lines(numbers=range(1, 37), say="Moon {n} is made of cheese."):
    """Made-up words, one line for each item; no published scale asks about the moon."""
    return "\r\n".join(f"{n}. {say.format(n=n)}" for n in numbers)


def form(**changes):
    steps = changes.pop("steps", 7)
    data = {
        "instrument": "ecr",
        "permission": "Letter of the Moon Press",
        "permitted_on": "2026-05-03",
        "introduction": "Lines about the moon.",
        "instruction": "Think of the last full moon.",
        "lowest": "",
        "highest": "",
        "anchors": "\r\n".join(f"cheese {n}" for n in range(1, steps + 1)),
        "items": lines(),
        "go_live_at": "",
        "expire_at": "",
    }
    return data | changes


def address(screen, *args):
    return reverse(AddedWording.snippet_viewset.get_url_name(screen), args=args)


def words(response):
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


@pytest.fixture
def client_as(ines, client_of):
    def signed_in(role):
        make_editor(email=ines.email, role=role)
        return client_of(ines)

    return signed_in


@pytest.fixture
def reviewer(client_as):
    return client_as(Role.REVIEWER)


@pytest.fixture
def person(mara, client_of):
    return client_of(mara)


def add(client, **changes):
    """Publish words; the row, and never an answer other than success."""
    assert client.post(address("add"), form(**changes) | PUBLISH).status_code == 302
    return AddedWording.objects.get(instrument=changes.get("instrument", "ecr"))


def edit(client, row, **changes):
    assert client.post(address("edit", row.pk), form(**changes) | PUBLISH).status_code == 302


def answered(owner, steps, **more):
    """A submission to the ECR as it is worded now."""
    instrument = instruments.find("ecr")
    answers = {item.key: steps for item in instrument.items}
    return submit(
        owner=owner,
        instrument=instrument,
        row=Submission().id,
        answers=answers,
        choices={},
        **more,
    )


def packet(owner):
    """What a packet for a therapist holds of the one questionnaire: label -> text."""
    day = owner.today()
    (row,) = rows_between(owner=owner, kinds=["questionnaires"], first=day, last=day)
    return {line.label: line.text for line in row.lines}


# What people see ----------------------------------------------------------------------------------


def test_people_see_it_while_it_is_published_and_no_longer(reviewer, person):
    assert person.get(PAGE).status_code == 404
    row = add(reviewer)
    shown = person.get(PAGE)
    assert "Moon 36 is made of cheese." in words(shown)
    assert "Think of the last full moon." in words(shown)
    assert "licence needed" not in words(shown)
    reviewer.post(address("unpublish", row.pk))
    for page in (PAGE, f"{PAGE}results/", f"{PAGE}1/"):
        assert person.get(page).status_code == 404
    edit(reviewer, row)
    assert person.get(PAGE).status_code == 200


def test_a_draft_over_published_words_stays_with_the_editors(reviewer, person):
    row = add(reviewer)
    draft = form(items=lines(say="Draft {n}."))
    assert reviewer.post(address("edit", row.pk), draft).status_code == 302
    assert "Draft" not in words(person.get(PAGE))
    assert "Moon 1 is" in words(person.get(PAGE))


def test_it_can_be_answered_and_ecr_on_one_to_five_reverses_by_that_range(reviewer, person, mara):
    add(reviewer, lowest="1", highest="5", steps=5)
    posted = {f"q{n:02}": "5" if n % 2 else "2" for n in range(1, 37)}
    row = Submission().id
    assert person.post(PAGE, {**posted, "row": str(row)}).status_code == 302
    # Avoidance: nine fives and nine turned to one, 54 by 18. Anxiety: seventeen twos and item 22
    # turned to four, 38 by 18.
    shown = words(person.get(f"{PAGE}results/"))
    assert "Your answers average 3.0 on a line from 1 to 5." in shown
    assert "Your answers average 2.1 on a line from 1 to 5." in shown
    assert Submission.objects.of(mara).get().said["range"] == [1, 5]
    assert person.post(PAGE, {"q01": "6", "row": str(Submission().id)}).status_code != 500


def test_every_request_asks_the_database_once_and_nothing_is_kept(
    reviewer, db, django_assert_num_queries
):
    row = add(reviewer)
    with django_assert_num_queries(1):
        assert instruments.find("ecr").has_wording
    with django_assert_num_queries(1):
        assert instruments.every()["ecr"].has_wording
    # As if by another process.
    AddedWording.objects.filter(pk=row.pk).update(items=lines(say="Sun {n}."))
    assert instruments.find("ecr").items[0].text == "Sun 1."
    AddedWording.objects.filter(pk=row.pk).update(live=False)
    assert instruments.find("ecr") is None
    assert not instruments.every()["ecr"].has_wording
    # Our own words are in files alone.
    with django_assert_num_queries(0):
        assert instruments.find("starting-picture")


def test_words_that_no_longer_fit_the_key_are_not_shown(reviewer, person):
    row = add(reviewer)
    AddedWording.objects.filter(pk=row.pk).update(items=lines(range(1, 36)))
    assert person.get(PAGE).status_code == 404
    assert not instruments.every()["ecr"].has_wording


def test_thirty_six_lines_of_seven_steps_keep_to_the_weight_of_a_page(reviewer, person):
    chance = random.Random(1)
    letters = "etaoinshrdlucmfwygpbv"

    def line():
        return " ".join("".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(14))

    add(reviewer, items="\n".join(f"{number}. {line()}." for number in range(1, 37)))
    total, script = weigh(person.get(PAGE).content.decode())
    assert total <= TOTAL
    assert script <= SCRIPT


# Other words, another questionnaire ---------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"items": lines(say="Moon {n} is made of ice.")},
        {"lowest": "1", "highest": "5", "steps": 5},
        {"instruction": "Think of the last new moon."},
    ],
    ids=["words", "range", "time"],
)
def test_nothing_is_compared_across_words_or_range(reviewer, mara, person, change):
    row = add(reviewer)
    before = answered(mara, 6)
    edit(reviewer, row, **change)
    now = answered(mara, 5)
    ecr = instruments.find("ecr")
    assert changes(ecr, before.taken(ecr), now.taken(ecr)) == [None, None]
    assert [before.fits(ecr), now.fits(ecr)] == [False, True]
    unlike = [one.change for one in results(ecr, now, before)]
    assert [said.partition(" ")[0] for said in unlike] == ["Not", "Not"]
    # Back to the old words: what was said to them can be read beside it again.
    edit(reviewer, row)
    ecr = instruments.find("ecr")
    assert before.fits(ecr)
    assert all(changes(ecr, before.taken(ecr), answered(mara, 4).taken(ecr)))


def test_another_permission_or_introduction_changes_nothing(reviewer, mara):
    row = add(reviewer)
    before = answered(mara, 6)
    edit(reviewer, row, permission="A second letter", introduction="On the moon.")
    ecr = instruments.find("ecr")
    assert all(changes(ecr, before.taken(ecr), answered(mara, 5).taken(ecr)))


def test_old_answers_are_read_on_the_range_they_were_given_on(reviewer, mara, person):
    row = add(reviewer)
    answered(mara, 7)
    edit(reviewer, row, lowest="1", highest="5", steps=5)
    shown = person.get(f"{PAGE}results/")
    # Nine sevens and nine turned to one; then seventeen sevens and a one.
    assert "Your answers average 4.0 on a line from 1 to 7." in words(shown)
    assert "Your answers average 6.7 on a line from 1 to 7." in words(shown)


def test_the_packet_shows_no_words_beside_answers_to_other_words(reviewer, mara):
    row = add(reviewer)
    answered(mara, 7)
    assert packet(mara)["Moon 1 is made of cheese."] == "cheese 7"
    edit(reviewer, row, items=lines(say="Sun {n}."))
    read = packet(mara)
    assert "Sun 1." not in read
    assert "cheese 7" not in read.values()
    assert read["Avoidance"] == "4.0"


def test_what_is_under_way_begins_anew_when_the_words_change(reviewer, mara):
    row = add(reviewer)
    ecr = instruments.find("ecr")
    keep_answers(owner=mara, instrument=ecr, asked={"q01"}, answers={"q01": 3}, choices={})
    assert under_way(owner=mara, instrument=ecr)
    edit(reviewer, row, items=lines(say="Sun {n}."))
    ecr = instruments.find("ecr")
    assert under_way(owner=mara, instrument=ecr) is None
    kept = keep_answers(owner=mara, instrument=ecr, asked={"q02"}, answers={"q02": 1}, choices={})
    assert kept.said["answers"] == {"q02": 1}
    assert resting(owner=mara, instrument=ecr) == {}


CHANGED = "These questions changed while you had them open. Please read them once more."


def test_answers_to_words_that_changed_meanwhile_are_shown_again_and_not_stored(
    reviewer, person, mara
):
    row = add(reviewer)
    opened = person.get(PAGE).context["form"]
    posted = {"q01": "7", "row": opened["row"].value(), "edition": opened["edition"].value()}
    edit(reviewer, row, items=lines(say="Sun {n}."))
    assert person.post(f"{PAGE}answers/", posted).status_code == 400
    assert not Taking.objects.exists()
    shown = person.post(PAGE, posted)
    assert shown.status_code == 200
    assert CHANGED in words(shown)
    assert "Sun 1." in words(shown)
    assert not Submission.objects.exists()
    # What was chosen stands there still, and what the page sends now is of today.
    form = shown.context["form"]
    assert form["q01"].value() == "7"
    posted["edition"] = form["edition"].value()
    assert f'value="{posted["edition"]}"' in shown.content.decode()
    assert person.post(PAGE, posted).status_code == 302
    assert Submission.objects.of(mara).get().fits(instruments.find("ecr"))


def test_one_question_alone_is_asked_again_too(reviewer, person):
    row = add(reviewer)
    posted = {"q01": "7", "edition": person.get(f"{PAGE}1/").context["form"]["edition"].value()}
    edit(reviewer, row, items=lines(say="Sun {n}."))
    assert CHANGED in words(person.post(f"{PAGE}1/", posted))
    assert not Taking.objects.exists()
    assert person.post(f"{PAGE}1/", {**posted, "edition": instruments.find("ecr").edition}).url


# The form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"items": lines([n for n in range(1, 37) if n != 17])}, ["Item 17 has no words."]),
        (
            {"items": lines([n for n in range(1, 37) if n not in (3, 22)])},
            ["Item 3 has no words.", "Item 22 has no words."],
        ),
        ({"items": lines(range(1, 38))}, ["The key has no item 37."]),
        ({"items": lines() + "\r\n5. Once more."}, ["Item 5 stands twice."]),
        ({"items": lines().replace("9. Moon 9 is made of cheese.", "9.")}, ["Item 9 has no"]),
        ({"items": "The moon\r\n" + lines()}, ["does not begin with an item's number: “The moon”"]),
        ({"items": lines(say="licence needed")}, ["Item 1 has no words."]),
        ({"items": lines(say="x" * 2001)}, ["Item 1 has 2001 characters, at most 2000 fit."]),
        ({"items": ""}, ["This field is required."]),
        ({"steps": 6}, ["There are 7 steps, from 1 to 7, and each needs its words. 6 steps have"]),
        ({"lowest": "1", "highest": "5"}, ["There are 5 steps, from 1 to 5", "7 steps have words"]),
        ({"lowest": "5", "highest": "1"}, ["The steps go from a lower to a higher number"]),
        ({"permission": ""}, ["This field is required."]),
        ({"permission": "   "}, ["This field is required."]),
        ({"permitted_on": ""}, ["This field is required."]),
        ({"instrument": ""}, ["This field is required."]),
        ({"instrument": "starting-picture"}, ["starting-picture is not one of the available"]),
        ({"introduction": "x" * 2001}, ["At most 2000 characters fit."]),
    ],
)
def test_what_people_could_not_answer_is_not_published_and_each_fault_is_named(
    reviewer, changes, sentences
):
    response = reviewer.post(address("add"), form(**changes) | PUBLISH)
    assert response.status_code == 200
    for sentence in sentences:
        assert sentence in words(response)
    assert not AddedWording.objects.exists()
    assert instruments.find("ecr") is None


def test_a_draft_may_be_half_typed_and_the_screen_says_what_is_missing(reviewer):
    draft = form(items=lines(range(1, 36)), permitted_on="")
    assert reviewer.post(address("add"), draft).status_code == 302
    row = AddedWording.objects.get()
    assert not row.live
    shown = words(reviewer.get(address("edit", row.pk)))
    assert "Item 36 has no words." in shown
    assert "Say on which day the permission was given." in shown
    refused = reviewer.post(address("edit", row.pk), draft | PUBLISH)
    assert "Item 36 has no words." in words(refused)
    assert instruments.find("ecr") is None


def test_two_rows_for_one_questionnaire_are_refused(reviewer):
    add(reviewer)
    response = reviewer.post(address("add"), form() | PUBLISH)
    assert "Words for this one are here already. Edit those." in words(response)


def test_the_twelve_keep_their_numbers_among_the_thirty_six(reviewer, person):
    numbers = (2, 6, 8, 9, 14, 15, 18, 24, 25, 27, 29, 31)
    wrong = reviewer.post(address("add"), form(instrument="ecr-12", items=lines(range(1, 13))))
    assert wrong.status_code == 302  # a draft
    row = AddedWording.objects.get()
    edit(reviewer, row, instrument="ecr-12", items=lines(numbers))
    assert "Moon 31 is" in words(person.get("/questionnaires/ecr-12/"))


def test_the_preview_shows_the_questions_or_what_is_missing(reviewer):
    row = add(reviewer)
    reviewer.post(address("preview_on_edit", row.pk), form())
    preview = reviewer.get(address("preview_on_edit", row.pk))
    assert "Moon 36 is made of cheese." in words(preview)
    assert "Letter of the Moon Press, 3 May 2026" in words(preview)
    reviewer.post(address("preview_on_edit", row.pk), form(items=lines(range(1, 36))))
    preview = reviewer.get(address("preview_on_edit", row.pk))
    assert "Item 36 has no words." in words(preview)
    assert "Moon 1 is" not in words(preview)


# A file of the same name --------------------------------------------------------------------------


def test_a_file_wins_and_the_screen_refuses_to_publish_beside_it(
    reviewer, person, wording, settings
):
    row = add(reviewer)
    settings.INSTRUMENTS_DIR = wording("ecr", numbers=range(1, 37), steps=5)
    assert "Agreed wording 1." in words(person.get(PAGE))
    assert instruments.every()["ecr"].scale.highest == 5
    refused = reviewer.post(address("edit", row.pk), form() | PUBLISH)
    assert "A file on the server has this questionnaire's words already" in words(refused)
    settings.INSTRUMENTS_DIR = None
    assert "Moon 1 is" in words(person.get(PAGE))


# Who may ------------------------------------------------------------------------------------------


def test_a_writer_drafts_and_only_a_reviewer_or_an_admin_publishes(client_as, person):
    writer = client_as(Role.WRITER)
    writer.post(address("add"), form() | PUBLISH)
    row = AddedWording.objects.get()
    assert not row.live
    assert person.get(PAGE).status_code == 404
    edit(client_as(Role.REVIEWER), row)
    assert person.get(PAGE).status_code == 200
    client_as(Role.REVIEWER).post(address("unpublish", row.pk))
    edit(client_as(Role.ADMIN), row)
    assert person.get(PAGE).status_code == 200


def test_nobody_else_finds_the_screens(person, client):
    for page in (address("list"), address("add")):
        assert person.get(page).status_code == 404
        assert client.get(page).status_code in (302, 404)


# Licensed words stay here -------------------------------------------------------------------------


def test_dump_and_load_never_write_licensed_words(reviewer, content, tmp_path):
    add(reviewer)
    folder, said = tmp_path / "dump", io.StringIO()
    call_command("dump_content", folder, stdout=said)
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 50
    assert not any("made of cheese" in file.read_text() for file in files)
    assert "cheese" not in said.getvalue()
    call_command("load_content", verbosity=0)
    assert "Moon 1 is" in instruments.find("ecr").items[0].text


def test_every_key_without_words_can_be_chosen_and_no_questionnaire_of_ours(db):
    offered = {value for value, _title in AddedWording._meta.get_field("instrument").choices}
    assert offered == {"ecr", "ecr-12", "ecr-r", "ecr-rs", "ecr-s", "scs-sf"}
    assert {name for name, one in from_files().items() if not one.has_wording} == offered
