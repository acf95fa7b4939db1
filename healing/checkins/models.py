"""The daily check-in, at most one for each person and local date, and the safety question."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from healing.checkins.items import ITEMS, TEXTS
from healing.checkins.look_back import QUESTIONS
from healing.checkins.safety import Level
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord


class CheckInQuerySet(PrivateQuerySet):
    def on(self, local_date: date) -> "CheckIn | None":
        """The check-in of that date."""
        return self.filter(local_date=local_date).first()

    def last_saved(self) -> "CheckIn | None":
        return self.order_by("-changed").first()


class CheckIn(PrivateRecord):
    """Answers by item key (0-4; `practice` 0-2), and `practice_which`, `good_moment`, `line`.

    What was skipped is absent. `changed` is when an answer was last saved.
    """

    local_date = models.DateField()
    changed = models.DateTimeField(auto_now=True)
    answers = SealedJSONField()

    objects: ClassVar[Any] = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "local_date"], name="one_check_in_for_a_person_and_date"
            )
        ]

    def __str__(self) -> str:
        return f"check-in of person {self.owner_id}"

    def said(self, name: str) -> Any:
        """One answer, or None if it was skipped."""
        return self.answers.get(name)

    @property
    def words(self) -> list[tuple[Any, str]]:
        """Each question that was answered, with the answer in words."""
        rated = [
            (item.question, str(item.anchors[self.answers[item.key]]))
            for item in ITEMS
            if item.key in self.answers
        ]
        return [*rated, *((TEXTS[name], self.answers[name]) for name in TEXTS if self.said(name))]


class SafetyAnswerQuerySet(PrivateQuerySet):
    def last_with_level(self) -> "SafetyAnswer | None":
        """The newest answer that gave a level."""
        return next((row for row in self.order_by("-created", "-id") if row.level), None)


class SafetyAnswer(PrivateRecord):
    """One answer to the safety question.

    `said` holds {"a", "b", "c": see `safety.QUESTIONS`, or null, "level": see `safety.Level`, or
    null, "before": what of `exercises.actions.bounds` it changed, as it was before}.
    """

    local_date = models.DateField()
    said = SealedJSONField()

    objects: ClassVar[Any] = SafetyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to the safety question")
        verbose_name_plural = _("answers to the safety question")

    def __str__(self) -> str:
        return f"safety answer of person {self.owner_id}"

    @property
    def level(self) -> Level | None:
        found = self.said["level"]
        return Level(found) if found else None


class LookBackQuerySet(PrivateQuerySet):
    def on(self, local_date: date) -> "LookBack | None":
        """The look-back of that date."""
        return self.filter(local_date=local_date).first()


class LookBack(PrivateRecord):
    """One look back at a week, at most one for each local date.

    `said` holds the answers by the keys of `look_back.QUESTIONS`; what was skipped is absent.
    """

    local_date = models.DateField()
    said = SealedJSONField()

    objects: ClassVar[Any] = LookBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("look-back")
        verbose_name_plural = _("look-backs")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "local_date"], name="one_look_back_for_a_person_and_date"
            )
        ]

    def __str__(self) -> str:
        return f"look-back of person {self.owner_id}"

    @property
    def words(self) -> list[tuple[Any, str]]:
        """Each question that was answered, with the answer in words."""
        return [
            (one.text, str(dict(one.options).get(self.said[one.key], self.said[one.key])))
            for one in QUESTIONS
            if one.key in self.said
        ]


class Unasked(PrivateRecord):
    """Which items of check-in and look-back a person switched off. At most one row for each person.

    Its id is `private_id`. `said` holds {"off": keys}.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("questions switched off")
        verbose_name_plural = _("questions switched off")

    def __str__(self) -> str:
        return f"questions switched off by person {self.owner_id}"


class Notice(PrivateRecord):
    """Which messages about the check-ins a person put away. At most one row for each person.

    Its id is `private_id`. `said` holds ISO dates by the name of a `burden.Message`.
    """

    said = SealedJSONField()

    class Meta:
        verbose_name = _("message put away")
        verbose_name_plural = _("messages put away")

    def __str__(self) -> str:
        return f"messages put away by person {self.owner_id}"
