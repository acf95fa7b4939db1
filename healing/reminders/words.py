"""Says in plain words when a mail comes and what became of it."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healing.accounts.clock import local_now
from healing.reminders.models import Delivery

State = Delivery.State


def moment(local: datetime | None) -> str:
    """A local moment as "Tuesday, 24 November at 20:30"; empty for None."""
    if local is None:
        return ""
    # Without its zone, or Django would move it to the server's.
    wall = local.replace(tzinfo=None)
    return _("%(day)s at %(time)s") % {
        "day": date_format(wall, "l, j F"),
        "time": date_format(wall, "H:i"),
    }


def outcome(delivery: Delivery) -> str:
    """What became of a mail, for the person it was meant for."""
    why = delivery.get_reason_display()
    if delivery.state == State.SENT and delivery.sent_at:
        at = date_format(local_now(delivery.plan.time_zone, delivery.sent_at), "H:i")
        return _("sent at %(time)s") % {"time": at}
    if delivery.state == State.UNCERTAIN:
        return _("may have reached you: %(why)s. It was not sent twice.") % {"why": why}
    if delivery.state in {State.SKIPPED, State.FAILED}:
        return _("not sent: %(why)s") % {"why": why}
    return _("on its way") if delivery.state == State.SENDING else _waiting(delivery)


def _waiting(delivery: Delivery) -> str:
    """What a mail that has not left the house waits for."""
    if delivery.due_at > timezone.now():
        return _("comes on %(moment)s, as you asked") % {"moment": moment(_local(delivery))}
    if delivery.attempts:
        return _("waiting: the mail server was not ready, it is tried again")
    return _("waiting to be sent")


def _local(delivery: Delivery) -> datetime:
    """When the mail is due, on the plan's own clock."""
    return local_now(delivery.plan.time_zone, delivery.due_at)


def mail_folder() -> str:
    """The folder mails are written to without a mail server, as the operator would name it."""
    folder = settings.MAIL_DIR
    inside = folder.is_relative_to(settings.BASE_DIR)
    return str(folder.relative_to(settings.BASE_DIR) if inside else folder.name)
