"""Addresses of the room."""

from django.urls import path

from healing.questionnaires import views

app_name = "questionnaires"
urlpatterns = [
    path("questionnaires/<slug:slug>/", views.questionnaire, name="questionnaire"),
    path("questionnaires/<slug:slug>/<int:number>/", views.question, name="question"),
    path("questionnaires/<slug:slug>/answers/", views.answers_save, name="answers_save"),
    path("questionnaires/<slug:slug>/afresh/", views.afresh, name="afresh"),
    path("questionnaires/<slug:slug>/results/", views.results, name="results"),
]
