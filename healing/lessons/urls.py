"""Addresses of the room."""

from django.urls import path

from healing.lessons import views

app_name = "lessons"
urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("programme/notes/", views.note_list, name="note_list"),
    path("programme/readiness/", views.readiness, name="readiness"),
    path("lessons/", views.lesson_list, name="lesson_list"),
    path("lessons/<slug:slug>/", views.lesson_detail, name="lesson_detail"),
    path("lessons/<slug:slug>/note/", views.lesson_note, name="lesson_note"),
]
