"""Addresses of the locker, under /locker/."""

from django.urls import path

from healing.locker import views

app_name = "locker"
urlpatterns = [
    path("", views.moment_list, name="moment_list"),
    path("new/", views.moment_create, name="moment_create"),
    path("<uuid:pk>/edit/", views.moment_edit, name="moment_edit"),
    path("<uuid:pk>/delete/", views.moment_delete, name="moment_delete"),
]
