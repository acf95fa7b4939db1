"""Addresses of the room."""

from django.urls import path

from exercises import views

app_name = "exercises"
urlpatterns = [
    path("steady/", views.steady, name="steady"),
    path("exercises/", views.exercise_list, name="exercise_list"),
    path("exercises/done/", views.session_list, name="session_list"),
    path("exercises/done/<uuid:pk>/delete/", views.session_delete, name="session_delete"),
    path("exercises/done/<uuid:pk>/", views.session_detail, name="session_detail"),
    path("exercises/done/<uuid:pk>/aftercare/", views.aftercare, name="aftercare"),
    path("exercises/gentler/", views.gentler_path, name="gentler_path"),
    path("exercises/<slug:slug>/", views.exercise_detail, name="exercise_detail"),
    path("exercises/<slug:slug>/choose/", views.exercise_choose, name="exercise_choose"),
    path("exercises/<slug:slug>/person/", views.person_screen, name="person_screen"),
    path("exercises/<slug:slug>/safety/", views.alarm_screen, name="alarm_screen"),
    path("exercises/<slug:slug>/whom/", views.about_whom, name="about_whom"),
    path("exercises/<slug:slug>/day/", views.day_check, name="day_check"),
    path("exercises/<slug:slug>/session/", views.session_save, name="session_save"),
]
