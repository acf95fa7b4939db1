"""Addresses of the room."""

from django.urls import path

from healing.reminders import views, webhooks

app_name = "reminders"
urlpatterns = [
    path("mail-events/", webhooks.mail_events, name="mail_events"),
    path("reminders/", views.plan_edit, name="plan_edit"),
    path("reminders/pause/", views.plan_pause, name="plan_pause"),
    path("reminders/resume/", views.plan_resume, name="plan_resume"),
    path("r/<str:token>/pause/", views.pause, name="pause"),
    path("r/<str:token>/snooze/", views.snooze, name="snooze"),
    path("r/<str:token>/stop/", views.stop, name="stop"),
]
