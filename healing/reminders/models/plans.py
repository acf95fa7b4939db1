"""A person's plans for their mail, what each holds, and every mail that came of them."""

import logging
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import is_known, local_now
from healing.reminders.schedule import (
    DAY,
    coming,
    first_within,
    last_at,
    next_due,
    weekdays_of,
    within,
)
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord

logger = logging.getLogger(__name__)

# Of a plan that is not stopped.
STANDING = (
    Q(next_due_at__isnull=False) | Q(break_since__isnull=False) | Q(quiet_since__isnull=False)
)


def grace() -> timedelta:
    """How late a mail may still go out."""
    return timedelta(seconds=settings.REMINDERS_GRACE_SECONDS)


class PlanQuerySet(PrivateQuerySet):
    def running(self) -> "PlanQuerySet":
        """Neither stopped nor resting."""
        return self.filter(next_due_at__isnull=False)

    def standing(self) -> "PlanQuerySet":
        """Not stopped: running, on a break, or gone quiet."""
        return self.filter(STANDING)

    def around(self, people: Collection[int], local_date: date, *, now: datetime) -> "PlanQuerySet":
        """These people's running plans; `is_in_mail`: whether a mail of that date is about them.

        A letter that no earlier mail named stands in the next one (a last note names none); a
        paused plan in none (1 query).
        """
        days = 1 << local_date.weekday()
        named = (
            Delivery.objects.mails()
            .went()
            .filter(
                person=OuterRef("owner_id"),
                local_date__gte=OuterRef("on_date"),
                local_date__lt=local_date,
                is_last_note=False,
            )
        )
        is_paused = Q(paused_until__isnull=False, paused_until__gt=now)
        comes = Q(~is_paused, on_date__isnull=True, that_day__gt=0) | Q(on_date=local_date)
        late = Q(~Exists(named), on_date__lt=local_date)
        rows: PlanQuerySet = self.running().filter(owner_id__in=people)
        rows = rows.annotate(that_day=F("weekdays").bitand(days))
        rows = rows.annotate(is_in_mail=Case(When(comes | late, then=True), default=False))
        return rows.order_by("local_time", "id")

    def due(self, now: datetime) -> "PlanQuerySet":
        """Whose moment has come, the longest waiting first."""
        return self.filter(next_due_at__lte=now).order_by("next_due_at", "id")


class Plan(PrivateRecord):
    """On which days and at which hour a person wants a mail. Without a due moment it is stopped.

    Everything here is what the engine must query, so nothing is sealed; what a person chose or
    wrote for a plan is its Enclosure. Of each kind a person has one plan; of letters, any number.
    """

    class Kind(models.TextChoices):
        CHECK_IN = "check_in", _("daily check-in")
        LOOK_BACK = "look_back", _("weekly look-back")
        PRACTICE = "practice", _("practice of one exercise")
        LETTER = "letter", _("letter to yourself")

    class Holds(models.TextChoices):
        """What stands in the mail beside its links."""

        BARE = "bare", _("nothing but the words “two minutes to steady”")
        ACTION = "action", _("one small thing to do")
        LINE = "line", _("a line of your own")

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.CHECK_IN)
    weekdays = models.PositiveSmallIntegerField(help_text="bit 0 is Monday")
    local_time = models.TimeField()
    time_zone = models.CharField(max_length=64)
    # The one day of a letter; every other kind comes on its weekdays.
    on_date = models.DateField(null=True)
    # The hours in which no mail may arrive, on the plan's own clock; over midnight if they turn.
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    holds = models.CharField(max_length=8, choices=Holds.choices, default=Holds.ACTION)
    # A pause is of one plan, a break of all of them.
    paused_until = models.DateTimeField(null=True)
    break_until = models.DateTimeField(null=True)
    # Not stopped by choice but resting: on a break without an end, or quiet after mails that were
    # not answered. A resting plan has no due moment.
    break_since = models.DateTimeField(null=True, editable=False)
    quiet_since = models.DateTimeField(null=True, editable=False)
    next_due_at = models.DateTimeField(null=True, editable=False)
    next_local_date = models.DateField(null=True, editable=False)
    # The date of the newest claimed occurrence: no date up to it comes again.
    last_local_date = models.DateField(null=True, editable=False)

    is_in_mail: bool  # on rows of `PlanQuerySet.around`
    owner_seen: datetime  # on rows that are claimed

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=~Q(kind="letter"),
                name="one_plan_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="letter", on_date__isnull=False)
                | (~Q(kind="letter") & Q(on_date__isnull=True)),
                name="a_letter_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
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
            ),
            models.Index(
                fields=["quiet_since"],
                condition=Q(quiet_since__isnull=False),
                name="plan_quiet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} plan of person {self.owner_id}"

    @property
    def is_running(self) -> bool:
        return self.next_due_at is not None

    @property
    def is_resting(self) -> bool:
        """On a break without an end, or quiet after mails that were not answered."""
        return self.break_since is not None or self.quiet_since is not None

    @property
    def is_standing(self) -> bool:
        """Not stopped."""
        return self.is_running or self.is_resting

    @property
    def silent_until(self) -> datetime | None:
        """The end of a pause or of a break, whichever is later; it may be past."""
        return max(filter(None, [self.paused_until, self.break_until]), default=None)

    def is_on_break(self, at: datetime) -> bool:
        """Whether the break that was taken lasts at that moment, and beyond it."""
        return bool(self.break_since or (self.break_until and self.break_until > at))

    def why_silent(self, now: datetime) -> "Delivery.Reason | None":
        """Why a mail of the plan is not sent at `now`, where a break or a pause says so."""
        if self.is_on_break(now):
            return Delivery.Reason.BREAK
        if self.paused_until is not None and self.paused_until > now:
            return Delivery.Reason.PAUSED
        return None

    @property
    def had_its_day(self) -> bool:
        """Whether a letter's day has come; it may still come again until a mail has named it."""
        if self.on_date is None:
            return False
        claimed, due = self.last_local_date, self.next_local_date
        # Its day was claimed, or passed in a rest.
        return bool(claimed and claimed >= self.on_date) or bool(due and due > self.on_date)

    @property
    def is_before_its_day(self) -> bool:
        """Whether a letter is due too soon: some clock was wrong."""
        due = self.next_local_date
        return bool(self.on_date and due and due < self.on_date)

    def is_quiet_at(self, at: time) -> bool:
        """Whether that hour of the plan's clock lies in the quiet hours."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        return within(at, self.quiet_from, self.quiet_to)

    def is_quiet_then(self, moment: datetime) -> bool:
        """Whether that moment lies in the quiet hours."""
        return self.is_quiet_at(local_now(self.time_zone, moment).time())

    def coming(self, now: datetime, count: int) -> list[datetime]:
        """The next mails on the plan's own clock, after pause and break; [] if stopped.

        A letter has one alone, and none once its day has come. Nobody knows the hours of a zone
        that the table dropped.
        """
        if self.next_due_at is None or self.had_its_day or not is_known(self.time_zone):
            return []
        if self.on_date:
            return [local_now(self.time_zone, self.next_due_at)]
        found = coming(
            max(now, self.silent_until or now),
            zone=self.time_zone,
            weekdays=weekdays_of(self.weekdays),
            at=self.local_time,
            last_date=self.last_local_date,
            count=count,
        )
        return [local_now(self.time_zone, one.due_at) for one in found]

    def schedule_after(self, after: datetime) -> None:
        """Set the first due moment after `after`, on a date later than the last one claimed.

        A letter comes on its day at the earliest, and again each day until it is stopped.
        """
        before = self.on_date - DAY if self.on_date else None
        self.next_local_date, self.next_due_at = next_due(
            after,
            zone=self.time_zone,
            weekdays=weekdays_of(self.weekdays),
            at=self.local_time,
            last_date=max(filter(None, [self.last_local_date, before]), default=None),
        )

    def take_up(self, now: datetime) -> None:
        """Set the next due moment, unless the plan rests or its zone is lost.

        One that has come and is not claimed yet stays, where its date would not come again: it is
        claimed as it stands.
        """
        day, due_at = self.next_local_date, self.next_due_at
        if self.is_resting:
            self.stop()
        elif not self.stop_if_zone_is_lost():
            self.schedule_after(now)
            if day and due_at and due_at <= now and day < (self.next_local_date or day):
                self.next_local_date, self.next_due_at = day, due_at

    def send_before(self, due_at: datetime) -> datetime:
        """Until when a mail due at `due_at` may go out: within the grace, before quiet hours.

        What is due in quiet hours, by a change of the clocks, may not go out at all.
        """
        latest = due_at + grace()
        if self.quiet_from is None or self.quiet_to is None:
            return latest
        if self.is_quiet_then(due_at):
            return last_at(due_at, zone=self.time_zone, at=self.quiet_from)
        return first_within(
            due_at, latest, zone=self.time_zone, begin=self.quiet_from, end=self.quiet_to
        )

    def stop(self) -> None:
        self.next_due_at = self.next_local_date = None

    def stop_if_zone_is_lost(self) -> bool:
        """Stop a plan whose zone a newer table dropped, so that it holds up no other; log it."""
        if is_known(self.time_zone):
            return False
        logger.error(
            "Plan %s is stopped: the time-zone table has no %r any more.", self.pk, self.time_zone
        )
        self.stop()
        return True

    def rest(self, *, on_break: datetime | None = None, quiet: datetime | None = None) -> None:
        """Without a due moment, since then; to be taken up again with `schedule_after`."""
        self.stop()
        self.break_since, self.quiet_since = on_break, quiet


class Enclosure(PrivateRecord):
    """What a plan holds for its person: {"exercise": content id}, or {"words": a letter}."""

    plan = models.OneToOneField(Plan, models.CASCADE, editable=False)
    said = SealedJSONField()

    class Meta:
        verbose_name = _("what a mail is about")
        verbose_name_plural = _("what mails are about")

    def __str__(self) -> str:
        return f"enclosure of person {self.owner_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def held_by(self, token: UUID) -> "DeliveryQuerySet":
        """Leased under `token` and not yet past the gate."""
        return self.filter(state=Delivery.State.LEASED, lease_token=token)

    def in_order(self, *, skip_locked: bool = False) -> "DeliveryQuerySet":
        """Held against change, in one order everywhere: so two never wait for each other in a ring.

        What another holds is waited for, or left out with `skip_locked`.
        """
        ordered = self.order_by("pk")
        return ordered.select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)

    def waiting(self) -> "DeliveryQuerySet":
        """Not yet past the gate, and meant to go out."""
        return self.filter(state__in=[Delivery.State.PENDING, Delivery.State.LEASED])

    def mails(self) -> "DeliveryQuerySet":
        """The one mail a person and date: a snooze is extra, and what was skipped was none.

        Worded as its unique index, which so finds them.
        """
        return self.filter(seq=1).exclude(state=Delivery.State.SKIPPED)

    def went(self) -> "DeliveryQuerySet":
        """Left the house, or may have."""
        state = Delivery.State
        return self.filter(
            state__in=[
                state.SENDING, state.SENT, state.UNCERTAIN, state.BOUNCED, state.COMPLAINED
            ]
        )  # fmt: skip


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
        BOUNCED = "bounced"  # accepted, and returned later
        COMPLAINED = "complained"  # marked as unwanted by whoever reads that mailbox

    class Reason(models.TextChoices):
        LATE = "late", _("it would have come too late")
        PAUSED = "paused", _("you had paused it")
        BREAK = "break", _("you were on a break")
        STOPPED = "stopped", _("you had stopped these mails")
        QUIET = "quiet", _("it would have come in your quiet hours")
        JOINED = "joined", _("there is one mail a day, and it had its turn")
        UNANSWERED = "unanswered", _("the mails had gone quiet, as the last one said")
        SUPPRESSED = "suppressed", _("mail to your address came back, or was marked as unwanted")
        RESTORED = "restored", _("the site was brought back from a copy, and it may have gone out")
        NO_CONSENT = "no_consent", _("there was no consent to mail")
        REFUSED = "refused", _("the mail server refused it")
        WORKER_LOST = "worker_lost", _("the sender stopped in the middle")
        CONNECTION_LOST = "connection_lost", _("the connection broke in the middle")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="deliveries", db_index=False)
    # The plan's owner by number: what holds one mail a person and day over all their plans.
    person = models.BigIntegerField()
    local_date = models.DateField()
    seq = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    # The grace for a late mail, or the beginning of quiet hours if that is sooner.
    send_before = models.DateTimeField()
    # The note after which the mails go quiet.
    is_last_note = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    server_reply = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=255, blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    # The owner stands in the export already.
    not_exported: ClassVar[frozenset[str]] = frozenset({"person"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "local_date", "seq"], name="one_delivery_a_date_and_seq"
            ),
            # A snooze (a later seq) was asked for and is extra; what was skipped was no mail.
            models.UniqueConstraint(
                fields=["person", "local_date"],
                condition=Q(seq=1) & ~Q(state="skipped"),
                name="one_mail_a_person_and_date",
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
            person=plan.owner_id,
            local_date=plan.next_local_date,
            due_at=plan.next_due_at,
            send_before=plan.send_before(plan.next_due_at),
            next_attempt_at=plan.next_due_at,
        )

    def too_late(self, now: datetime) -> str | None:
        """Why the mail may not go out any more at `now`; None while it may."""
        return too_late(self.due_at, self.send_before, now)


def too_late(due_at: datetime, send_before: datetime, now: datetime) -> str | None:
    """Why a mail with these moments may not go out any more at `now`; None while it may."""
    if now <= send_before:
        return None
    # What quiet hours cut short ends before its grace does.
    return Delivery.Reason.QUIET if now <= due_at + grace() else Delivery.Reason.LATE
