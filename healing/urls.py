"""Where each address leads."""

from django.urls import include, path
from wagtail.admin import urls as editor_urls

from healing.cards.beside_help import own_card
from healing.cms import urls as cms_urls
from healing.lessons.citations import citing

handler500 = "healing.today.views.server_error"

urlpatterns = [
    path("", include("healing.today.urls")),
    path("", include("healing.accounts.urls")),
    # The help page stands below the cards and shows whoever is signed in their own.
    path("", include("healing.safety.urls"), {"own_card": own_card}),
    # The sources stand below the lessons and show which of them cite a work.
    path("", include("healing.sources.urls"), {"citing": citing}),
    path("", include("healing.lessons.urls")),
    path("", include("healing.questionnaires.urls")),
    path("", include("healing.checkins.urls")),
    path("", include("healing.reminders.urls")),
    path("", include("healing.privacy.urls")),
    path("hold/", include("healing.hold.urls")),
    path("insights/", include("healing.insights.urls")),
    path("locker/", include("healing.locker.urls")),
    path("predictions/", include("healing.predictions.urls")),
    path("", include("healing.sharing.urls")),
    path("cards/", include("healing.cards.urls")),
    path("journal/", include("journal.urls")),
    path("", include("exercises.urls")),
    path("accounts/", include("allauth.urls")),
    path("cms/", include(cms_urls)),
    path("cms/", include(editor_urls)),
]
