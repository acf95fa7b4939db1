"""Addresses of the room."""

from django.urls import URLPattern

app_name = "locker"
urlpatterns: list[URLPattern] = []
