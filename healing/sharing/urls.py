"""Addresses of the room: a person's own pages, and the one for whoever holds a link."""

from django.urls import path

from healing.sharing import views

app_name = "sharing"
urlpatterns = [
    path("sharing/", views.packet, name="packet"),
    path("sharing/preview/", views.preview, name="preview"),
    path("sharing/paper/", views.paper, name="paper"),
    path("sharing/table/", views.as_table, name="as_table"),
    path("sharing/data/", views.as_data, name="as_data"),
    path("sharing/link/", views.share_create, name="share_create"),
    path("sharing/<uuid:pk>/end/", views.share_end, name="share_end"),
    path("sharing/<uuid:pk>/forget/", views.share_forget, name="share_forget"),
    path("share/<str:token>/", views.share_open, name="share_open"),
]
