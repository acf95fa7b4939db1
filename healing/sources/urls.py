"""Addresses of the room."""

from django.urls import path

from healing.sources import views

app_name = "sources"
urlpatterns = [
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:group>/", views.source_group, name="source_group"),
]
