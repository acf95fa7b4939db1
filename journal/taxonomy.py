"""What a journal entry can name: triggers, feelings and urges, by keys that never change.

A key is stored in people's entries, so it may be added but never renamed or taken away.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise
SHOWN_FIRST = 8


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """Shown at once when its item is chosen, beside the help link; it never stops saving.

    `urgent` also brings the steadying and help panel onto the screen.
    """

    text: Label
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose: its stable key, what the person reads, and what to say with it."""

    key: str
    label: Label
    note: SafetyNote | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Items under one heading."""

    key: str
    label: Label
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Taxonomy:
    """One list of the journal.

    `first` are the keys shown to someone who has not used it yet, between spaces; `never_first`
    those that stay in their group however often they are chosen.
    """

    groups: tuple[Group, ...]
    first: str
    never_first: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Item]:
        return (item for group in self.groups for item in group.items)

    @cached_property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self}

    def shown_first(self, used: Iterable[str]) -> list[Item]:
        """Eight items: the most used of `used` (on a tie the earlier), then those of `first`."""
        counts = Counter(key for key in used if key in self.by_key and key not in self.never_first)
        keys = dict.fromkeys([*(key for key, _count in counts.most_common()), *self.first.split()])
        return [self.by_key[key] for key in keys][:SHOWN_FIRST]


_TRIGGER_GROUPS = (
    Group(
        "silence_and_distance",
        _("Silence and distance"),
        (
            Item("reply_late", _("Reply took longer than I hoped")),
            Item("seen_no_reply", _("Message seen, no answer")),
            Item("tone_shorter", _("Messages got shorter or cooler")),
            Item("unreachable", _("Could not reach someone")),
            Item("vanished", _("Someone stopped answering for good")),
            Item("silence_after_closeness", _("Quiet after a close time")),
            Item("asks_space", _("Someone asked for space or time alone")),
            Item("routine_broken", _("A usual call, text or ritual did not happen")),
            Item("distracted", _("Person with me but absent (phone, thoughts)")),
        ),
    ),
    Group(
        "plans_and_partings",
        _("Plans and partings"),
        (
            Item("plan_cancelled", _("Plan cancelled or moved")),
            Item("kept_waiting", _("Kept waiting, late")),
            Item("goodbye", _("Goodbye or leaving after a visit")),
            Item("travel_separation", _("Trip, shift or time apart")),
            Item("night_alone", _("Evening or night alone")),
            Item("return_cool", _("Reunion felt cool")),
        ),
    ),
    Group(
        "conflict_and_tone",
        _("Conflict and tone"),
        (
            Item("quarrel", _("Quarrel")),
            Item("criticism", _("Criticism or correction")),
            Item("cold_face", _("Cold look, flat voice, sigh")),
            Item("silent_treatment", _("Being ignored on purpose")),
            Item(
                "threat_to_leave",
                _("Someone said they might leave"),
                SafetyNote(
                    _(
                        "Doubt said aloud hurts. If it is used to frighten or control you, look at "
                        "the help link."
                    ),
                ),
            ),
            Item(
                "felt_unsafe",
                _("Someone frightened or hurt me"),
                SafetyNote(
                    _("That matters, whoever it was. The help link leads to people who know it."),
                    urgent=True,
                ),
            ),
            Item("promise_broken", _("Promise not kept")),
            Item("dishonesty", _("Lie or secret found")),
        ),
    ),
    Group(
        "others_and_comparison",
        _("Others and comparison"),
        (
            Item("rival", _("Someone new gets attention")),
            Item("ex_mention", _("An ex was mentioned or seen")),
            Item("social_media", _("Something I saw online")),
            Item("left_out", _("Left out, not invited")),
            Item("replaced", _("Felt replaceable or replaced")),
            Item("favouritism", _("Another person favoured")),
        ),
    ),
    Group(
        "closeness_itself",
        _("Closeness itself"),
        (
            Item("getting_closer", _("Getting closer, becoming serious")),
            Item("opened_up", _("After showing a tender side")),
            Item("asked_for_help", _("Had to ask for something")),
            Item("going_well", _("Things going well: waiting for the fall")),
            Item("too_close", _("Felt crowded or trapped")),
        ),
    ),
    Group(
        "endings_and_change",
        _("Endings and change"),
        (
            Item("break_up", _("Break-up or divorce")),
            Item("friend_drifting", _("Friend drifting away")),
            Item("death_or_illness", _("Death or illness of someone close")),
            Item("move_or_role_change", _("Move, new job, child leaving, retirement")),
            Item("helper_away", _("Therapist, doctor or helper away or ending")),
            Item("pet_loss", _("Loss of an animal")),
        ),
    ),
    Group(
        "work_and_groups",
        _("Work and groups"),
        (
            Item("no_feedback", _("No answer or feedback at work")),
            Item("excluded_work", _("Left off a meeting, mail, project")),
            Item("authority_cool", _("Boss or teacher seemed distant")),
            Item("group_shift", _("Group changed, felt outside")),
        ),
    ),
    Group(
        "family",
        _("Family"),
        (
            Item("parent_contact", _("Contact with a parent or carer")),
            Item("parent_no_contact", _("Parent did not call or show interest")),
            Item("old_role", _("Slipped into an old family role")),
        ),
    ),
    Group(
        "inside_and_calendar",
        _("Inside and calendar"),
        (
            Item("anniversary", _("Anniversary, holiday, birthday")),
            Item("memory_dream", _("Memory or dream")),
            Item("body_low", _("Tired, ill, hungry, hormonal, hungover")),
            Item("empty_time", _("Empty time, boredom, nothing planned")),
        ),
    ),
)

_FEELING_GROUPS = (
    Group(
        "fear",
        _("Fear family"),
        (
            Item("afraid", _("afraid")),
            Item("panicky", _("panicky")),
            Item("uneasy", _("uneasy")),
            Item("insecure", _("insecure")),
            Item("on_guard", _("on guard")),
        ),
    ),
    Group(
        "sadness",
        _("Sad family"),
        (
            Item("sad", _("sad")),
            Item("lonely", _("lonely")),
            Item("homesick_for_someone", _("homesick for someone")),
            Item("disappointed", _("disappointed")),
            Item(
                "hopeless",
                _("hopeless"),
                SafetyNote(
                    _("That is heavy to carry alone. The help link leads to people who listen."),
                ),
            ),
        ),
    ),
    Group(
        "anger",
        _("Anger family"),
        (
            Item("angry", _("angry")),
            Item("irritated", _("irritated")),
            Item("betrayed", _("betrayed")),
            Item("resentful", _("resentful")),
            Item("jealous", _("jealous")),
        ),
    ),
    Group(
        "shame",
        _("Shame family"),
        (
            Item("ashamed", _("ashamed")),
            Item("too_much", _("too much")),
            Item("not_enough", _("not enough")),
            Item("foolish", _("foolish")),
            Item("guilty", _("guilty")),
        ),
    ),
    Group(
        "shut_down",
        _("Shut-down family"),
        (
            Item("numb", _("numb")),
            Item("empty", _("empty")),
            Item("far_away", _("far away")),
            Item("tired_of_it", _("tired of it")),
            Item("indifferent", _("indifferent")),
        ),
    ),
    Group(
        "softer",
        _("Softer and hopeful"),
        (
            Item("longing", _("longing")),
            Item("tender", _("tender")),
            Item("relieved", _("relieved")),
            Item("calm", _("calm")),
            Item("hopeful", _("hopeful")),
        ),
    ),
)

# Not a way of reaching: shown last, never among the most used, never counted or charted as one.
DANGER_SIGNS = Group(
    "danger_signs",
    _("Danger signs"),
    (
        Item(
            "hurt_myself",
            _("hurt myself"),
            SafetyNote(
                _(
                    "Thank you for writing it down. Please do not stay alone with it. If you are "
                    "injured or have taken something, get medical help now, even if you feel all "
                    "right."
                ),
                urgent=True,
            ),
        ),
        Item(
            "say_hurt_myself",
            _("say that I would hurt myself"),
            SafetyNote(
                _(
                    "Thank you for writing it down. It shows how much this hurts. There are people "
                    "you can say it to today."
                ),
                urgent=True,
            ),
        ),
        Item(
            "hurt_someone",
            _("hurt or frighten someone, or stop them from leaving"),
            SafetyNote(
                _(
                    "Thank you for writing it down. Step away first, so that everyone is safe. "
                    "There are services for people who worry about what they might do."
                ),
                urgent=True,
            ),
        ),
    ),
)

_URGE_GROUPS = (
    Group(
        "chases",
        _("Reaching that chases"),
        (
            Item("send_many", _("send many messages")),
            Item("call_again", _("call again and again")),
            Item("check_on_them", _("check last-seen, location, profile")),
            Item("ask_reassurance", _("ask for reassurance repeatedly")),
            Item("test_them", _("test them (hint, provoke, make jealous)")),
            Item("accuse", _("accuse or question")),
            Item("hold_on", _("hold on tight, plead with them to stay")),
            Item("over_help", _("give gifts, over-help")),
            Item("promise_anything", _("promise anything, apologise for everything")),
            Item("turn_up", _("turn up unannounced")),
            Item("argue_on", _("argue until they answer")),
            Item("ask_others", _("ask others to find out about them")),
        ),
    ),
    Group(
        "hides",
        _("Reaching that hides"),
        (
            Item("go_silent", _("go silent on purpose")),
            Item("cancel_first", _("cancel first")),
            Item("end_it", _("end it or threaten to")),
            Item("block", _("block or delete")),
            Item("act_indifferent", _("act as if I do not care")),
            Item("withdraw_affection", _("withdraw affection")),
            Item("stay_busy", _("stay busy, overwork")),
            Item("numb_out", _("numb out (screen, food, drink, shopping)")),
            Item("hide_away", _("sleep or hide away")),
            Item("flirt_elsewhere", _("flirt elsewhere")),
            Item("leave_without_word", _("leave the room without a word")),
            Item("disappear", _("disappear for days")),
        ),
    ),
    Group(
        "steady",
        _("Steady reaching"),
        (
            Item("wait", _("wait before acting")),
            Item("steady_body", _("steady my body")),
            Item("ask_once", _("ask once, clearly")),
            Item("say_feeling", _("say how I feel")),
            Item("contact_other", _("contact someone else")),
            Item("set_limit", _("set a limit")),
            Item("take_space", _("take agreed space")),
            Item("do_what_matters", _("do something that matters")),
            Item("rest", _("rest")),
            Item("play", _("laugh, play, move")),
            Item("repair", _("repair, own my part")),
            Item("let_pass", _("do nothing, let the wave pass")),
        ),
    ),
    DANGER_SIGNS,
)

OTHER = Item("other", _("Something else"))

TRIGGERS = Taxonomy(
    (*_TRIGGER_GROUPS, Group("other", "", (OTHER,))),
    first="reply_late seen_no_reply plan_cancelled cold_face quarrel left_out night_alone "
    "no_feedback",
    never_first=frozenset({OTHER.key}),
)
FEELINGS = Taxonomy(
    _FEELING_GROUPS,
    first="afraid uneasy sad lonely angry not_enough numb longing",
)
URGES = Taxonomy(
    _URGE_GROUPS,
    first="send_many check_on_them ask_reassurance go_silent act_indifferent wait ask_once "
    "let_pass",
    never_first=frozenset(item.key for item in DANGER_SIGNS.items),
)
