"""Urges and what was done, and ways of leaving oneself (programme 6.6)."""

from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import Group, Item, SafetyNote, Taxonomy

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

URGES = Taxonomy(
    _URGE_GROUPS,
    first="send_many check_on_them ask_reassurance go_silent act_indifferent wait ask_once "
    "let_pass",
    never_first=frozenset(item.key for item in DANGER_SIGNS.items),
)

# Where somebody gave themselves up for the sake of a tie (self-abandonment).
LEFT_MYSELF = Taxonomy(
    (
        Group(
            "left_myself",
            "",
            (
                Item("said_yes", _("said yes against my will")),
                Item("hid_opinion", _("hid my opinion")),
                Item("joked_hurt_away", _("hid my hurt with a joke")),
                Item("skipped_care", _("skipped food, sleep or medicine")),
                Item("dropped_own_plan", _("dropped my plan or friends")),
                Item("waited_by_phone", _("waited by the phone")),
                Item("gave_too_much", _("gave money or time I lack")),
                Item("did_their_task", _("did their task")),
                Item("explained_away", _("explained away what hurt me")),
                Item(
                    "unwanted_touch",
                    _("went along with sex or touch I did not want"),
                    SafetyNote(
                        _(
                            "If you felt pressed or afraid, this was done to you. It was not you "
                            "leaving yourself."
                        ),
                        urgent=True,
                    ),
                ),
                Item("apologised", _("apologised though I had done nothing wrong")),
                Item("changed_looks", _("changed looks or tastes to be liked")),
                Item("overworked", _("overworked for praise")),
                Item("contempt", _("spoke to myself with contempt")),
                Item("broke_own_promise", _("broke a promise to myself")),
                Item("ignored_no", _("ignored my body’s no")),
            ),
        ),
    ),
    first="said_yes hid_opinion joked_hurt_away skipped_care dropped_own_plan waited_by_phone "
    "explained_away contempt",
    never_first=frozenset({"unwanted_touch"}),
)
