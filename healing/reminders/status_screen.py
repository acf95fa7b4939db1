"""How the sending of mail stands, as a screen under /cms/ for admins: numbers, and what to do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from healing.reminders.models import Delivery, grace
from healing.reminders.status import Status, status

State, Reason = Delivery.State, Delivery.Reason

# A claim may take ten seconds, and a tick may be skipped while a worker starts.
QUIET_TICKS = 8
QUIET_AT_LEAST = timedelta(minutes=5)
# From so many refusals on, and from this share of what went out, it is no longer a few addresses.
REFUSED, REFUSED_SHARE = 5, 0.05
MEANINGS: dict[str, Any] = {
    State.PENDING: gettext_lazy("waits for its turn"),
    State.LEASED: gettext_lazy("a worker holds it; nothing has left yet"),
    State.SENDING: gettext_lazy("on its way to the mail server"),
    State.SENT: gettext_lazy("the mail server took it"),
    State.FAILED: gettext_lazy("the mail server refused it for good"),
    State.SKIPPED: gettext_lazy("not sent, for this reason"),
    State.UNCERTAIN: gettext_lazy("may have arrived; never sent again"),
}


class StatusView(WagtailAdminTemplateMixin, TemplateView):
    """What `manage.py reminders_status` prints, with what to do where something is wrong."""

    template_name = "reminders/_status_screen.html"
    page_title = gettext_lazy("Sending of mail")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[Any]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        found = status(now)
        return {
            **super().get_context_data(**kwargs),
            "now": now,
            "status": found,
            "states": _states(found),
            "troubles": sorted(found.troubles.items(), key=lambda one: (-one[1], one[0])),
            "advice": list(advice(found, now)),
        }


def _states(found: Status) -> list[dict[str, Any]]:
    """A row for each state and reason, in the order of a mail's life."""
    order = list(MEANINGS)
    rows = [(*name.partition(" ")[::2], number) for name, number in found.states.items()]
    rows.sort(key=lambda row: (order.index(row[0]) if row[0] in order else len(order), row[1]))
    return [
        {
            "state": state,
            "meaning": MEANINGS.get(state, ""),
            "reason": reason.replace("_", " "),
            "number": number,
        }
        for state, reason, number in rows
    ]


def advice(found: Status, now: datetime) -> Iterator[str]:
    """What is wrong and what to do about it, a sentence or two each; nothing if all is well."""
    quiet = max(QUIET_AT_LEAST, QUIET_TICKS * timedelta(seconds=settings.REMINDERS_TICK_SECONDS))
    if found.unclaimed_since and found.unclaimed_since < now - quiet:
        yield _(
            "Mails are due and no tick has taken them up. Look whether beat, a worker and, if you "
            "use one, Redis are running. “manage.py dispatch_reminders” does one tick by hand."
        )
    if found.oldest_due and found.oldest_due < now - grace():
        yield _(
            "The oldest due mail is later than a mail may be. It will be skipped, not sent. What "
            "came due since then goes out once beat and a worker run."
        )
    elif found.oldest_due and found.oldest_due < now - quiet and not found.sent_last_hour:
        yield _(
            "Mails wait, and none went out in the last hour. Look whether the mail server answers: "
            "“manage.py doctor” tries it and says how to mend it."
        )
    yield from _refusals(found)


def _refusals(found: Status) -> Iterator[str]:
    refused = sum(number for code, number in found.troubles.items() if code.startswith("5"))
    ended = refused + found.states.get(State.SENT, 0)
    if refused >= REFUSED and refused > REFUSED_SHARE * ended:
        yield _(
            "The mail server refused %(n)d mails for good in 24 hours. So many point to the sender "
            "rather than to single addresses: check the sender's address, SPF and DKIM, and ask "
            "whoever runs the mail server. “manage.py doctor” helps."
        ) % {"n": refused}
    if late := found.states.get(f"{State.SKIPPED} {Reason.LATE}", 0):
        yield ngettext(
            "%(n)d mail was skipped because it would have come too late: nothing was running when "
            "it was due, or the mail server was away.",
            "%(n)d mails were skipped because they would have come too late: nothing was running "
            "when they were due, or the mail server was away.",
            late,
        ) % {"n": late}
