"""Addresses of the cards, under /cards/."""

from django.urls import path

from healing.cards import views

app_name = "cards"
urlpatterns = [
    path("", views.card_list, name="card_list"),
    path("safety-card/copy/", views.card_copy, name="card_copy"),
    path("<slug:slug>/", views.card_detail, name="card_detail"),
    path("<slug:slug>/edit/", views.card_edit, name="card_edit"),
    path("<slug:slug>/delete/", views.card_delete, name="card_delete"),
]
