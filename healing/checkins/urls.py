"""Addresses of the room."""

from django.urls import path

from healing.checkins import views

app_name = "checkins"
urlpatterns = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/done/", views.checked_in, name="checked_in"),
    path("check-in/notice/hide/", views.notice_hide, name="notice_hide"),
    path("check-in/days/", views.day_list, name="day_list"),
    path("check-in/<uuid:pk>/", views.check_in_detail, name="check_in_detail"),
    path("check-in/<uuid:pk>/delete/", views.check_in_delete, name="check_in_delete"),
    path("check-in/questions/", views.questions, name="questions"),
    path("look-back/", views.look_back, name="look_back"),
    path("look-back/done/", views.looked_back, name="looked_back"),
    path("look-back/<uuid:pk>/", views.look_back_detail, name="look_back_detail"),
    path("look-back/<uuid:pk>/delete/", views.look_back_delete, name="look_back_delete"),
    path("look-back/safety/", views.safety, name="safety"),
    path("look-back/safety/erase/", views.safety_erase, name="safety_erase"),
    path("look-back/safety/<uuid:pk>/", views.safety_answered, name="safety_answered"),
    path("c/<str:token>/", views.from_mail, name="from_mail"),
]
