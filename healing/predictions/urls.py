"""Addresses of the prediction ledger, under /predictions/."""

from django.urls import path

from healing.predictions import views

app_name = "predictions"
urlpatterns = [
    path("", views.prediction_list, name="prediction_list"),
    path("new/", views.prediction_create, name="prediction_create"),
    path("<uuid:pk>/edit/", views.prediction_edit, name="prediction_edit"),
    path("<uuid:pk>/answer/", views.prediction_resolve, name="prediction_resolve"),
    path("<uuid:pk>/later/", views.prediction_postpone, name="prediction_postpone"),
    path("<uuid:pk>/delete/", views.prediction_delete, name="prediction_delete"),
]
