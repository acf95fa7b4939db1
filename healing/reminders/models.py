"""A person's plan for their mail, every mail that came of it, and the words of the mails."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from healing.accounts.clock import local_now
from healing.editorial.models import EditedText
from healing.editorial.panels import text_panels
from healing.editorial.text_checks import Finding, Report
from healing.reminders.schedule import coming, next_due, weekdays_of
from healing.reminders.wording import (
    BLANK_LINES,
    IN_BRACES,
    MAILS,
    SITE,
    THING,
    Placeholder,
    Wording,
    as_text,
    faults,
    filled,
    lines_of,
    tidy,
)
from healing.vault.models import PrivateQuerySet, PrivateRecord

SUBJECT_LENGTH = 60  # more than a phone shows of it


class PlanQuerySet(PrivateQuerySet):
    def running(self) -> "PlanQuerySet":
        """Not stopped."""
        return self.filter(next_due_at__isnull=False)

    def due(self, now: datetime) -> "PlanQuerySet":
        """Whose moment has come, the longest waiting first."""
        return self.filter(next_due_at__lte=now).order_by("next_due_at", "id")


class Plan(PrivateRecord):
    """On which days and at which hour a person wants a mail. Without a due moment it is stopped.

    Everything here is what the engine must query, so nothing is sealed. There is one plan of a kind
    per person and one kind, so the unique key of Delivery also means: one mail a person and date.
    """

    class Kind(models.TextChoices):
        CHECK_IN = "check_in", _("check-in mail")

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.CHECK_IN)
    weekdays = models.PositiveSmallIntegerField(help_text="bit 0 is Monday")
    local_time = models.TimeField()
    time_zone = models.CharField(max_length=64)
    paused_until = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True, editable=False)
    next_local_date = models.DateField(null=True, editable=False)
    # The date of the newest claimed occurrence: no date up to it comes again.
    last_local_date = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind"], name="one_plan_of_a_kind"),
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=127), name="plan_has_a_weekday"
            ),
            models.CheckConstraint(
                condition=Q(next_due_at__isnull=True, next_local_date__isnull=True)
                | Q(next_due_at__isnull=False, next_local_date__isnull=False),
                name="plan_is_due_or_stopped",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at", "id"],
                condition=Q(next_due_at__isnull=False),
                name="plan_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} plan of person {self.owner_id}"

    @property
    def is_running(self) -> bool:
        return self.next_due_at is not None

    @property
    def next_local(self) -> datetime | None:
        """The next due moment on the plan's own clock; None if stopped."""
        return local_now(self.time_zone, self.next_due_at) if self.next_due_at else None

    def coming(self, now: datetime, count: int) -> list[datetime]:
        """The next mails on the plan's own clock, after a pause if there is one; [] if stopped."""
        if not self.is_running:
            return []
        found = coming(
            max(now, self.paused_until or now),
            zone=self.time_zone,
            weekdays=weekdays_of(self.weekdays),
            at=self.local_time,
            last_date=self.last_local_date,
            count=count,
        )
        return [local_now(self.time_zone, one.due_at) for one in found]

    def schedule_after(self, after: datetime) -> None:
        """Set the first due moment after `after`, on a date later than the last one claimed."""
        self.next_local_date, self.next_due_at = next_due(
            after,
            zone=self.time_zone,
            weekdays=weekdays_of(self.weekdays),
            at=self.local_time,
            last_date=self.last_local_date,
        )

    def stop(self) -> None:
        self.next_due_at = self.next_local_date = None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def held_by(self, token: UUID) -> "DeliveryQuerySet":
        """Leased under `token` and not yet past the gate."""
        return self.filter(state=Delivery.State.LEASED, lease_token=token)


class Delivery(models.Model):
    """One mail: what became of one occurrence of a plan. Holds nothing a person said.

    The one listed exception to PrivateRecord: it hangs on the plan and has a plain counted key,
    because uuid keys halve the rate at which due plans become rows.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        LEASED = "leased"  # a worker holds it; nothing has left the house
        SENDING = "sending"  # past the gate: from here on it may have been accepted
        SENT = "sent"
        FAILED = "failed"
        SKIPPED = "skipped"
        UNCERTAIN = "uncertain"  # nobody can know; never sent again

    class Reason(models.TextChoices):
        LATE = "late", _("it would have come too late")
        PAUSED = "paused", _("you had paused these mails")
        STOPPED = "stopped", _("you had stopped these mails")
        NO_CONSENT = "no_consent", _("there was no consent to mail")
        REFUSED = "refused", _("the mail server refused it")
        WORKER_LOST = "worker_lost", _("the sender stopped in the middle")
        CONNECTION_LOST = "connection_lost", _("the connection broke in the middle")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="deliveries", db_index=False)
    local_date = models.DateField()
    seq = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    server_reply = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=255, blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "local_date", "seq"], name="one_delivery_a_date_and_seq"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["leased", "sending"], lease_until__isnull=False)
                | (~Q(state__in=["leased", "sending"]) & Q(lease_until__isnull=True)),
                name="a_lease_ends_and_only_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="pending"),
                name="delivery_pending",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["leased", "sending"]),
                name="delivery_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} delivery {self.local_date}/{self.seq}"

    @classmethod
    def for_due(cls, plan: Plan) -> "Delivery":
        """The unsaved delivery of the plan's present occurrence; raises ValueError if stopped."""
        if plan.next_due_at is None or plan.next_local_date is None:
            raise ValueError("A stopped plan is never due.")
        return cls(
            plan=plan,
            local_date=plan.next_local_date,
            due_at=plan.next_due_at,
            next_attempt_at=plan.next_due_at,
        )

    def skip(self, reason: str) -> None:
        self.state, self.reason = self.State.SKIPPED, reason


class MailText(EditedText):
    """The words of one mail; `content_id` says of which, `title` names it for editors."""

    subject = models.CharField(
        _("subject"),
        max_length=SUBJECT_LENGTH,
        help_text=_("Others may see it on a locked screen. It never says what this is about."),
    )
    body = models.TextField(
        _("text"),
        help_text=_("Plain text; an empty line begins a new paragraph. Placeholders: see above."),
    )
    things = models.TextField(
        _("small things"), blank=True, help_text=_("One a line. Each day brings the next of them.")
    )

    needs_review = False
    panels: ClassVar[list[Any]] = text_panels(
        FieldPanel("subject"),
        HelpPanel(template="reminders/_placeholders.html", heading=_("Placeholders")),
        FieldPanel("body"),
        FieldPanel("things"),
        review=None,
    )

    class Meta:
        ordering = ["content_id"]
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """What this mail fills in; nothing for a mail that is no longer sent."""
        return MAILS.get(self.content_id, ())

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.body, self.things)

    def clean(self) -> None:
        """No text that could not be sent is kept, not even as a draft."""
        super().clean()
        if self.content_id not in MAILS:
            raise ValidationError(_("The site sends no such mail."))
        self.body, self.things = tidy(self.body), tidy(self.things)
        found: dict[str, list[str]] = {}
        for field, fault in faults(self.content_id, self.wording):
            found.setdefault(field, []).append(fault)
        if found:
            raise ValidationError(found)

    def prose(self) -> list[str]:
        parts = [self.subject, *BLANK_LINES.split(tidy(self.body)), *lines_of(self.things)]
        return [words for part in parts if (words := IN_BRACES.sub("", part).strip())]

    def report(self) -> Report:
        """The checks of every text, and why this one could not be sent."""
        general = super().report()
        found = faults(self.content_id, self.wording) if self.placeholders else []
        unfit = [Finding("mail", sentence) for _field, sentence in found]
        return replace(general, findings=[*unfit, *general.findings])

    def _as_stored(self, name: str, value: Any) -> Any:
        """Where a line of a mail ends is part of what it says."""
        stored = super()._as_stored(name, value)
        return tidy(stored).split("\n") if name in {"body", "things"} else stored

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "reminders/_mail_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Both parts of the mail, as somebody would get it today."""
        values = {one.name: self._sample(one) for one in self.placeholders}
        paragraphs = filled(self.body, self.placeholders, values)
        return {
            "request": request,
            "subject": self.subject,
            "paragraphs": paragraphs,
            "plain": as_text(paragraphs),
        }

    def _sample(self, one: Placeholder) -> str:
        if one is THING:
            return self.wording.thing_on(timezone.localdate())
        if one is SITE:
            return settings.SITE_NAME
        return settings.SITE_URL + one.sample if one.label else one.sample
