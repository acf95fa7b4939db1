"""Addresses of the room."""

from django.urls import path

from healing.reminders import letter_views, links, views, webhooks
from healing.reminders.models import Plan

app_name = "reminders"
# Each kind of plan that a person has one of, by its address.
KINDS = {
    "check-in": Plan.Kind.CHECK_IN,
    "look-back": Plan.Kind.LOOK_BACK,
    "practice": Plan.Kind.PRACTICE,
}
urlpatterns = [
    path("reminders/", views.plan_list, name="plan_list"),
    *(
        path(f"reminders/{word}/", views.plan_edit, {"kind": kind.value}, name="plan_edit")
        for word, kind in KINDS.items()
    ),
    *(
        path(f"reminders/{word}/stop/", views.plan_stop, {"kind": kind.value}, name="plan_stop")
        for word, kind in KINDS.items()
    ),
    *(
        path(f"reminders/{word}/pause/", views.plan_pause, {"kind": kind.value}, name="plan_pause")
        for word, kind in KINDS.items()
    ),
    path("reminders/practice/go/", views.practice_go, name="practice_go"),
    path("reminders/mail/", views.mail_edit, name="mail_edit"),
    path("reminders/zone/", views.zone_change, name="zone_change"),
    path("reminders/break/", views.break_take, name="break_take"),
    path("reminders/again/", views.mails_resume, name="mails_resume"),
    path("reminders/address/", views.address_lift, name="address_lift"),
    path("reminders/stop/", views.mails_stop, name="mails_stop"),
    path("reminders/letters/", letter_views.letter_list, name="letter_list"),
    path("reminders/letters/new/", letter_views.letter_create, name="letter_create"),
    path("reminders/letters/restore/", letter_views.letter_restore, name="letter_restore"),
    path("reminders/letters/<uuid:pk>/", letter_views.letter_detail, name="letter_detail"),
    path("reminders/letters/<uuid:pk>/delete/", letter_views.letter_delete, name="letter_delete"),
    path("r/<str:token>/pause/", links.pause, name="pause"),
    path("r/<str:token>/snooze/", links.snooze, name="snooze"),
    path("r/<str:token>/resume/", links.resume, name="resume"),
    path("r/<str:token>/stop/", links.stop, name="stop"),
    path("mail-events/", webhooks.mail_events, name="mail_events"),
]
