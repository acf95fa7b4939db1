"""Addresses of the journal, under /journal/."""

from django.urls import path

from journal import views

app_name = "journal"
urlpatterns = [
    path("", views.entry_list, name="entry_list"),
    path("new/", views.entry_create, name="entry_create"),
    path("draft/", views.draft_save, name="draft_save"),
    path("draft/<uuid:pk>/delete/", views.draft_delete, name="draft_delete"),
    path("restore/", views.entry_restore, name="entry_restore"),
    path("<uuid:pk>/", views.entry_detail, name="entry_detail"),
    path("<uuid:pk>/edit/", views.entry_edit, name="entry_edit"),
    path("<uuid:pk>/delete/", views.entry_delete, name="entry_delete"),
]
