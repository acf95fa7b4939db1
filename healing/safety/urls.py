"""Addresses of the room."""

from django.urls import path

from healing.safety import views

app_name = "safety"
urlpatterns = [path("help/", views.help, name="help")]
