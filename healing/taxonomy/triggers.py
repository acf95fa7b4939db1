"""What can set the alarm off (programme 6.2), and where people were when it did (6.3)."""

from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import OTHER, Group, Item, SafetyNote, Taxonomy

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
                    weighs=True,
                ),
            ),
            Item(
                "felt_unsafe",
                _("Someone frightened or hurt me"),
                SafetyNote(
                    _("That matters, whoever it was. The help link leads to people who know it."),
                    urgent=True,
                    weighs=True,
                ),
            ),
            Item("promise_broken", _("Promise not kept")),
            Item(
                "dishonesty",
                _("Lie or secret found"),
                SafetyNote(
                    _("Your alarm may be right here. You need not talk yourself out of it."),
                    weighs=True,
                ),
            ),
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

TRIGGERS = Taxonomy(
    (*_TRIGGER_GROUPS, Group("other", "", (OTHER,))),
    first="reply_late seen_no_reply plan_cancelled cold_face quarrel left_out night_alone "
    "no_feedback",
    never_first=frozenset({OTHER.key}),
)


def _one(key: str, first: str, *items: Item) -> Taxonomy:
    """A short list without headings."""
    return Taxonomy((Group(key, "", items),), first=first)


WHO = _one(
    "who",
    "partner dating ex friend parent colleague myself nobody",
    Item("partner", _("partner")),
    Item("dating", _("person I am dating")),
    Item("ex", _("ex")),
    Item("friend", _("friend")),
    Item("group", _("group")),
    Item("parent", _("mother, father or carer")),
    Item("sibling", _("sibling")),
    Item("own_child", _("own child")),
    Item("other_relative", _("other relative")),
    Item("colleague", _("colleague")),
    Item("boss_or_teacher", _("boss or teacher")),
    Item("helper", _("helper")),
    Item("stranger", _("stranger or online")),
    Item("myself", _("myself")),
    Item("nobody", _("nobody in particular")),
)
CHANNELS = _one(
    "channel",
    "",
    Item("in_person", _("in person")),
    Item("call", _("call")),
    Item("message", _("message")),
    Item("social_media", _("social media")),
    Item("heard", _("heard from others")),
    Item("thoughts", _("only in my thoughts")),
)
CERTAINTY = _one(
    "sure",
    "",
    Item("saw_it", _("saw or heard it")),
    Item("partly_guess", _("partly guess")),
    Item("mostly_guess", _("mostly guess")),
    Item("do_not_know", _("do not know")),
)
RESERVES = _one(
    "reserve",
    "",
    Item("rested", _("rested")),
    Item("so_so", _("so-so")),
    Item("low", _("low")),
)
STATES = _one(
    "state",
    "",
    Item("high_alarm", _("high alarm")),
    Item("shut_down", _("shut-down")),
    Item("swinging", _("swinging between")),
    Item("steady_enough", _("steady enough")),
)
# How long until back to steady, the shortest first.
UNTIL_STEADY = _one(
    "until",
    "",
    Item("minutes", _("minutes")),
    Item("an_hour", _("an hour")),
    Item("half_a_day", _("half a day")),
    Item("a_day", _("a day")),
    Item("longer", _("longer")),
    Item("not_yet", _("not yet")),
)
