"""Addresses of the room."""

from django.urls import URLPattern

app_name = "hold"
urlpatterns: list[URLPattern] = []
