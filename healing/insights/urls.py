"""Addresses of the room."""

from django.urls import path

from healing.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.insight_list, name="insight_list"),
    path("triggers/", views.triggers, name="triggers"),
    path("course/", views.course, name="course"),
    path("choices/", views.choices, name="choices"),
    path("practice/", views.practice, name="practice"),
    path("works/", views.works, name="works"),
    path("people/", views.people, name="people"),
    path("people/<uuid:pk>/", views.person, name="person"),
]
