"""Addresses of the room."""

from django.urls import path

from healing.reminders import views

app_name = "reminders"
urlpatterns = [
    path("reminders/", views.plan_edit, name="plan_edit"),
    path("r/<str:token>/stop/", views.stop, name="stop"),
]
