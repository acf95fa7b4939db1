"""Addresses of the room."""

from django.urls import path

from healing.questionnaires import views

app_name = "questionnaires"
urlpatterns = [
    path("questionnaires/<slug:slug>/", views.questionnaire, name="questionnaire"),
    path("questionnaires/<slug:slug>/results/", views.results, name="results"),
]
