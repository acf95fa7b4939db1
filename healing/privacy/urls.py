"""Addresses of the room."""

from django.urls import path

from healing.privacy import views

app_name = "privacy"
urlpatterns = [
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("my-data/", views.my_data, name="my_data"),
    path("my-data/export/", views.export, name="export"),
    path("my-data/erase/", views.erase, name="erase"),
    path("my-data/erased/", views.erased, name="erased"),
]
