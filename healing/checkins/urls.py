"""Addresses of the room."""

from django.urls import path

from healing.checkins import views

app_name = "checkins"
urlpatterns = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/done/", views.checked_in, name="checked_in"),
    path("c/<str:token>/", views.from_mail, name="from_mail"),
]
