"""Needs, core sentences and what helped (programme 6.7 to 6.9)."""

from django.utils.translation import gettext_lazy as _

from healing.taxonomy.shape import Group, Item, Taxonomy

NEEDS = Taxonomy(
    (
        Group(
            "needs",
            "",
            (
                Item("safety", _("safety")),
                Item("where_i_stand", _("to know where I stand")),
                Item("steadiness", _("steadiness over time")),
                Item("closeness", _("closeness")),
                Item("touch", _("touch")),
                Item("to_be_heard", _("to be heard")),
                Item("taken_seriously", _("to be taken seriously")),
                Item("to_matter", _("to matter")),
                Item("comfort", _("comfort")),
                Item("honesty", _("honesty")),
                Item("loyalty", _("loyalty")),
                Item("to_belong", _("to belong")),
                Item("appreciation", _("appreciation")),
                Item("room_of_my_own", _("room of my own")),
                Item("rest", _("rest")),
                Item("play", _("play")),
                Item("help", _("help with a task")),
                Item("to_mourn", _("to mourn")),
            ),
        ),
    ),
    first="safety where_i_stand steadiness closeness to_be_heard to_matter comfort rest",
)

# Shown after an empty field for own words, and only behind “show examples”.
SENTENCES = Taxonomy(
    (
        Group(
            "sentences",
            "",
            (
                Item("people_go", _("people go in the end")),
                Item("easy_to_replace", _("I am easy to replace")),
                Item("too_much", _("I am too much")),
                Item("not_enough", _("I am not enough")),
                Item("once_seen", _("once they see all of me it is over")),
                Item("earn_love", _("I must earn love")),
                Item("needs_cost", _("my needs cost me people")),
                Item("cannot_be_alone", _("I cannot bear being alone")),
                Item("choose_wrongly", _("I always choose wrongly")),
                Item("closeness_dangerous", _("closeness is dangerous")),
                Item("trust_for_fools", _("trust is for fools")),
                Item("needed_or_nothing", _("if I am not needed I am nothing")),
                Item("my_fault", _("it was my fault")),
                Item("others_first", _("others come first")),
                Item("something_wrong", _("something is wrong with me")),
                Item("good_does_not_last", _("good things do not last for me")),
            ),
        ),
    ),
    first="",
)

# An exercise of the library is chosen beside this list, from those done.
HELPED = Taxonomy(
    (
        Group(
            "helped",
            "",
            (
                Item("exercise", _("an exercise from here")),
                Item("moved", _("moved my body")),
                Item("outdoors", _("outdoors")),
                Item("music", _("music")),
                Item("pet", _("pet")),
                Item("a_person", _("a person")),
                Item("clear_ask", _("clear ask")),
                Item("time", _("time")),
                Item("food_or_sleep", _("food or sleep")),
                Item("work_or_hobby", _("work or hobby")),
                Item("prayer_or_ritual", _("prayer or ritual")),
                Item("humour", _("humour")),
                Item("professional", _("professional or helpline")),
                Item("nothing_yet", _("nothing yet")),
            ),
        ),
    ),
    first="exercise moved outdoors music a_person clear_ask time nothing_yet",
    never_first=frozenset({"nothing_yet"}),
)
