"""Addresses of the room, under /hold/."""

from django.urls import path

from healing.hold import views

app_name = "hold"
urlpatterns = [
    path("", views.hold_create, name="hold_create"),
    path("earlier/", views.hold_list, name="hold_list"),
    path("unsent/", views.unsent_list, name="unsent_list"),
    path("unsent/<uuid:pk>/", views.unsent_detail, name="unsent_detail"),
    path("unsent/<uuid:pk>/keep/", views.unsent_keep, name="unsent_keep"),
    path("unsent/<uuid:pk>/delete/", views.unsent_delete, name="unsent_delete"),
    path("<uuid:pk>/", views.hold_wait, name="hold_wait"),
    path("<uuid:pk>/end/", views.hold_end, name="hold_end"),
    path("<uuid:pk>/delete/", views.hold_delete, name="hold_delete"),
]
