"""Addresses of the room."""

from django.urls import path

from healing.checkins import views

app_name = "checkins"
urlpatterns = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/done/", views.checked_in, name="checked_in"),
    path("check-in/notice/hide/", views.notice_hide, name="notice_hide"),
    path("look-back/safety/", views.safety, name="safety"),
    path("look-back/safety/erase/", views.safety_erase, name="safety_erase"),
    path("look-back/safety/<uuid:pk>/", views.safety_answered, name="safety_answered"),
    path("c/<str:token>/", views.from_mail, name="from_mail"),
]
