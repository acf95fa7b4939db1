"""The lists of the journal: whole, unique, and with keys that never change."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.taxonomy.feelings import BODY, FEELINGS
from healing.taxonomy.meaning import HELPED, NEEDS, SENTENCES
from healing.taxonomy.shape import OTHER, SHOWN_FIRST, Taxonomy
from healing.taxonomy.triggers import (
    CERTAINTY,
    CHANNELS,
    RESERVES,
    STATES,
    TRIGGERS,
    UNTIL_STEADY,
    WHO,
)
from healing.taxonomy.urges import DANGER_SIGNS, LEFT_MYSELF, URGES

LONG = [TRIGGERS, FEELINGS, URGES, BODY, LEFT_MYSELF, NEEDS, WHO, HELPED]
EVERY = [*LONG, SENTENCES, CHANNELS, CERTAINTY, RESERVES, STATES, UNTIL_STEADY]

# Stored in people's entries: add to these, never take away.
TRIGGER_KEYS = """
reply_late seen_no_reply tone_shorter unreachable vanished silence_after_closeness asks_space
routine_broken distracted plan_cancelled kept_waiting goodbye travel_separation night_alone
return_cool quarrel criticism cold_face silent_treatment threat_to_leave felt_unsafe promise_broken
dishonesty rival ex_mention social_media left_out replaced favouritism getting_closer opened_up
asked_for_help going_well too_close break_up friend_drifting death_or_illness move_or_role_change
helper_away pet_loss no_feedback excluded_work authority_cool group_shift parent_contact
parent_no_contact old_role anniversary memory_dream body_low empty_time other
"""
FEELING_KEYS = """
afraid panicky uneasy insecure on_guard sad lonely homesick_for_someone disappointed hopeless angry
irritated betrayed resentful jealous ashamed too_much not_enough foolish guilty numb empty far_away
tired_of_it indifferent longing tender relieved calm hopeful
"""
URGE_KEYS = """
send_many call_again check_on_them ask_reassurance test_them accuse hold_on over_help
promise_anything turn_up argue_on ask_others go_silent cancel_first end_it block act_indifferent
withdraw_affection stay_busy numb_out hide_away flirt_elsewhere leave_without_word disappear wait
steady_body ask_once say_feeling contact_other set_limit take_space do_what_matters rest play repair
let_pass hurt_myself say_hurt_myself hurt_someone
"""
BODY_KEYS = """
racing_heart tight_chest lump_in_throat knot_in_stomach nausea no_appetite urge_to_eat hot_face
cold_hands sweating trembling restless_legs clenched_jaw tight_shoulders shallow_breath
holding_breath headache tears heavy_limbs numb_patches foggy awake_at_night
"""
LEFT_MYSELF_KEYS = """
said_yes hid_opinion joked_hurt_away skipped_care dropped_own_plan waited_by_phone gave_too_much
did_their_task explained_away unwanted_touch apologised changed_looks overworked contempt
broke_own_promise ignored_no
"""
NEED_KEYS = """
safety where_i_stand steadiness closeness touch to_be_heard taken_seriously to_matter comfort
honesty loyalty to_belong appreciation room_of_my_own rest play help to_mourn
"""
SENTENCE_KEYS = """
people_go easy_to_replace too_much not_enough once_seen earn_love needs_cost cannot_be_alone
choose_wrongly closeness_dangerous trust_for_fools needed_or_nothing my_fault others_first
something_wrong good_does_not_last
"""
HELPED_KEYS = """
exercise moved outdoors music pet a_person clear_ask time food_or_sleep work_or_hobby
prayer_or_ritual humour professional nothing_yet
"""
WHO_KEYS = """
partner dating ex friend group parent sibling own_child other_relative colleague boss_or_teacher
helper stranger myself nobody
"""


@pytest.mark.parametrize(
    ("taxonomy", "keys"),
    [
        (TRIGGERS, TRIGGER_KEYS),
        (FEELINGS, FEELING_KEYS),
        (URGES, URGE_KEYS),
        (BODY, BODY_KEYS),
        (LEFT_MYSELF, LEFT_MYSELF_KEYS),
        (NEEDS, NEED_KEYS),
        (SENTENCES, SENTENCE_KEYS),
        (HELPED, HELPED_KEYS),
        (WHO, WHO_KEYS),
        (CHANNELS, "in_person call message social_media heard thoughts"),
        (CERTAINTY, "saw_it partly_guess mostly_guess do_not_know"),
        (RESERVES, "rested so_so low"),
        (STATES, "high_alarm shut_down swinging steady_enough"),
        (UNTIL_STEADY, "minutes an_hour half_a_day a_day longer not_yet"),
    ],
)
def test_keys_stay_as_they_are(taxonomy: Taxonomy, keys: str) -> None:
    assert [item.key for item in taxonomy] == keys.split()


def test_the_lists_are_whole() -> None:
    assert len(list(TRIGGERS)) == 51 + 1
    assert len(TRIGGERS.groups) == 9 + 1
    assert [len(group.items) for group in FEELINGS.groups] == [5] * 6
    assert [len(group.items) for group in URGES.groups] == [12, 12, 12, 3]


@pytest.mark.parametrize("taxonomy", EVERY)
def test_keys_and_labels_are_unique_and_named(taxonomy: Taxonomy) -> None:
    items = list(taxonomy)
    assert len({item.key for item in items}) == len(items)
    assert len({str(item.label) for item in items}) == len(items)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", item.key) for item in items)
    assert all(str(item.label).strip() for item in items)
    assert len({group.key for group in taxonomy.groups}) == len(taxonomy.groups)


def test_danger_signs_are_a_group_of_their_own_and_last() -> None:
    assert URGES.groups[-1] is DANGER_SIGNS
    assert all(item.note and item.note.urgent for item in DANGER_SIGNS.items)


def test_only_these_items_speak_of_safety() -> None:
    noted = {item.key: item.note.urgent for one in EVERY for item in one if item.note}
    assert noted == {
        "threat_to_leave": False,
        "felt_unsafe": True,
        "dishonesty": False,
        "hopeless": False,
        "hurt_myself": True,
        "say_hurt_myself": True,
        "hurt_someone": True,
        "tight_chest": False,
        "shallow_breath": False,
        "numb_patches": False,
        "unwanted_touch": True,
    }


def test_what_may_be_an_answer_and_no_echo_offers_to_weigh_it() -> None:
    weighing = {item.key for one in EVERY for item in one if item.note and item.note.weighs}
    assert weighing == {"threat_to_leave", "felt_unsafe", "dishonesty"}


def test_someone_new_sees_the_usual_eight() -> None:
    for taxonomy in LONG:
        assert [item.key for item in taxonomy.shown_first([])] == taxonomy.first.split()
        assert len(taxonomy.first.split()) == SHOWN_FIRST


def test_the_most_used_come_first_and_a_tie_goes_to_the_newer() -> None:
    used = ["quarrel", "goodbye", "old_role", "goodbye"]
    first = [item.key for item in TRIGGERS.shown_first(used)]
    assert first[:3] == ["goodbye", "quarrel", "old_role"]
    assert len(first) == SHOWN_FIRST


def test_danger_signs_and_something_else_never_move_to_the_front() -> None:
    urges = [item.key for item in DANGER_SIGNS.items] * 50
    assert URGES.shown_first(urges) == URGES.shown_first([])
    assert TRIGGERS.shown_first([OTHER.key] * 50) == TRIGGERS.shown_first([])


@settings(deadline=None)
@given(st.lists(st.sampled_from(URGE_KEYS.split()) | st.text(max_size=5)))
def test_whatever_was_used_eight_different_items_stand_first(used: list[str]) -> None:
    first = URGES.shown_first(used)
    assert len({item.key for item in first}) == SHOWN_FIRST
