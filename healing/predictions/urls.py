"""Addresses of the room."""

from django.urls import URLPattern

app_name = "predictions"
urlpatterns: list[URLPattern] = []
