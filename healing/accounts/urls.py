"""Addresses of the room; allauth's own stand beside them under /accounts/."""

from django.urls import path

from healing.accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/time-zone/", views.time_zone, name="time_zone"),
    path("accounts/consent/", views.consent, name="consent"),
]
