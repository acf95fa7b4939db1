"""Who someone is: an email address, a time zone, a language, and what they agreed to."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from healing.accounts.clock import local_now, local_today
from healing.vault.actions import create_key
from healing.vault.models import PrivateQuerySet, PrivateRecord


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, an editor or both. Nothing about them but what the site needs to work."""

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=12, default="en")
    is_active = models.BooleanField(_("can sign in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # The last visit while signed in, or answer to a mail: mails nobody answers go quiet by it.
    last_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def page_mark(self) -> str:
        """Says whose page a form stands on, to nobody but this site: 16 hexadecimal digits."""
        return salted_hmac("healing.accounts.page_mark", str(self.pk)).hexdigest()[:16]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; a new person gets their data key in the same transaction, never later."""
        new = self._state.adding
        self.email = self.email.lower()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if new:
                create_key(self)

    def get_full_name(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.email.partition("@")[0]

    def now(self) -> datetime:
        """The moment, in their time zone."""
        return local_now(self.time_zone, timezone.now())

    def today(self) -> date:
        """The date, in their time zone."""
        return local_today(self.time_zone, timezone.now())


class ConsentQuerySet(PrivateQuerySet):
    def standing(self) -> "ConsentQuerySet":
        """Given and not taken back."""
        return self.filter(withdrawn__isnull=True)


class Consent(PrivateRecord):
    """What someone agreed to, to which wording, from when, until when. One row per giving."""

    class Kind(models.TextChoices):
        STORING = "storing", _("storing what I write, sealed")
        MAIL = "mail", _("reminder mail")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    withdrawn = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=models.Q(withdrawn__isnull=True),
                name="one_standing_consent_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version} of person {self.owner_id}"
