"""Every setting of the site, read from the environment; a wrong value stops the start and says why.

`docs/operations.md` lists each variable. Three addresses decide what the site runs on, each on its
own: DATABASE_URL (else SQLite), REDIS_URL (else one process), EMAIL_URL (else files in var/mail).
"""

import os
import re
import secrets
import sys
import tempfile
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def _secret_key(file: Path) -> str:
    """The key that signs cookies and mail links; made once for the embedded default."""
    if key := env("SECRET_KEY"):
        return key
    if env("DATABASE_URL"):
        raise ImproperlyConfigured("Set SECRET_KEY: with DATABASE_URL nothing is made up for you.")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text().strip()


def _mail(url: str) -> dict[str, Any]:
    """`smtp://user:password@host:port` (add ?tls=starttls) or `smtps://…` as Django's settings."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@mail.example.org:587?tls=starttls "
            "or smtps://user:password@mail.example.org:465."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": query.get("tls") == ["starttls"],
    }


# The site -----------------------------------------------------------------------------------------

SITE_NAME = env("SITE_NAME", "Steady Ground")
HOST, PORT = env("HOST", "127.0.0.1"), env_int("PORT", 8000)
# An address that means "every interface" leads nowhere in a link, and IPv6 stands in brackets.
_SHOWN_HOST = {"0.0.0.0": "localhost", "::": "localhost"}.get(HOST, HOST)  # noqa: S104
_SHOWN_HOST = f"[{_SHOWN_HOST}]" if ":" in _SHOWN_HOST else _SHOWN_HOST
SITE_URL = env("SITE_URL", f"http://{_SHOWN_HOST}:{PORT}").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(
        "SITE_URL must be a whole address such as https://steady.example.org."
    )
OVER_TLS = SITE_URL.startswith("https://")
OPERATOR_CONTACT = env("OPERATOR_CONTACT")
# Where "Exit this page" leads: something ordinary that anybody might have open.
EXIT_URL = env("EXIT_URL", "https://www.wikipedia.org/")

DEBUG = env_bool("DEBUG")
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var")))
# Questionnaires of the operator's own, and the wording of those that need a licence.
INSTRUMENTS_DIR = Path(env("INSTRUMENTS_DIR")) if env("INSTRUMENTS_DIR") else None
SECRET_KEY = _secret_key(VAR_DIR / "secret.key")
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS").split(",") if key]
ALLOWED_HOSTS = [
    *{str(urlsplit(SITE_URL).hostname), "localhost", "127.0.0.1", "[::1]"},
    *[host for host in env("ALLOWED_HOSTS").split(",") if host],
]

# The sealing of private rows. Both may be empty: then healing.vault.master decides.
MASTER_KEYS = env("MASTER_KEYS")
MASTER_KEY_FILE = VAR_DIR / "master.key"

# Rooms --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "healing.cms",
    "healing.insights",
    "healing.privacy",
    "healing.sharing",
    "healing.today",
    "healing.reminders",
    "healing.lessons",
    "healing.checkins",
    "healing.hold",
    "journal",
    "healing.questionnaires",
    "exercises",
    "healing.locker",
    "healing.predictions",
    "healing.cards",
    "healing.accounts",
    "healing.safety",
    "healing.sources",
    "healing.vault",
    "healing.editorial",
    "crispy_forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "healing.cms.apps.EditorsConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Its length varies a little at random (BREACH); and no other site gets our cookies sent.
    "django.middleware.gzip.GZipMiddleware",
    "healing.cms.middleware.PolicyMiddleware",
    "healing.accounts.middleware.PrivateResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "healing.vault.middleware.OpenKeysMiddleware",
    "healing.accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "healing.cms.middleware.EditorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "healing.urls"
WSGI_APPLICATION = "healing.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "healing.accounts.context.site",
                "healing.accounts.context.person",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "steady"
CRISPY_TEMPLATE_PACK = "steady"
CRISPY_FAIL_SILENTLY = False
# Widgets come from templates/ too: wagtailadmin/widgets/ there holds the browser's date field.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data ---------------------------------------------------------------------------------------------

if env("DATABASE_URL"):
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {
            **dj_database_url.parse(env("DATABASE_URL"), conn_max_age=60, conn_health_checks=True),
        }
    }
    # A database that is down must not hold up the help page.
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "steady.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: what was called saved, and that a mail went past the gate, survive a power
                # cut.
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
                ),
            },
        }
    }

REDIS_URL = env("REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "healing.accounts.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Mail ---------------------------------------------------------------------------------------------

EMAIL_URL = env("EMAIL_URL")
MAIL_DIR = VAR_DIR / "mail"
EMAIL_TIMEOUT = 30
if EMAIL_URL:
    _smtp = _mail(EMAIL_URL)
    EMAIL_BACKEND = _smtp["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _smtp["EMAIL_HOST"], _smtp["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp["EMAIL_HOST_USER"], _smtp["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp["EMAIL_USE_SSL"], _smtp["EMAIL_USE_TLS"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)
_DOMAIN = urlsplit(SITE_URL).hostname or "localhost"
# An address such as ::1 is no domain of a mailbox.
_HELLO = Address(SITE_NAME, "hello", "localhost" if ":" in _DOMAIN else _DOMAIN)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", str(_HELLO))
if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(DEFAULT_FROM_EMAIL)[1]):
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL must hold an address, such as Steady Ground <hello@example.org>."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# The provider that posts to /mail-events/ which mails came back. Two sign what they post, with a
# key that they give out; the others send back a name and password of the operator's choice.
MAIL_WEBHOOK, MAIL_WEBHOOK_SECRET = env("MAIL_WEBHOOK").lower(), env("MAIL_WEBHOOK_SECRET")
_SECRET_OF = {
    "": "",
    "brevo": "WEBHOOK_SECRET",
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "postmark": "WEBHOOK_SECRET",
}
if MAIL_WEBHOOK not in _SECRET_OF:
    raise ImproperlyConfigured(
        f"MAIL_WEBHOOK must be {', '.join(filter(None, _SECRET_OF))} or nothing, "
        f"not {MAIL_WEBHOOK!r}."
    )
_BY_PASSWORD = _SECRET_OF[MAIL_WEBHOOK] == "WEBHOOK_SECRET"
if MAIL_WEBHOOK and (not MAIL_WEBHOOK_SECRET or (_BY_PASSWORD and ":" not in MAIL_WEBHOOK_SECRET)):
    raise ImproperlyConfigured(
        f"MAIL_WEBHOOK_SECRET must be {'name:password' if _BY_PASSWORD else 'the signing key'} "
        f"for MAIL_WEBHOOK={MAIL_WEBHOOK}, or anybody could end anybody's mails."
    )
ANYMAIL = {_SECRET_OF[MAIL_WEBHOOK]: MAIL_WEBHOOK_SECRET} if MAIL_WEBHOOK else {}

# Reminders ----------------------------------------------------------------------------------------

REMINDERS_GRACE_SECONDS = env_int("REMINDERS_GRACE_SECONDS", 3 * 3600)
# RFC 5321 4.5.3.2.6 lets a server take ten minutes over its last answer; a lease outlives that.
REMINDERS_LEASE_SECONDS = env_int("REMINDERS_LEASE_SECONDS", 15 * 60)
REMINDERS_TICK_SECONDS = env_int("REMINDERS_TICK_SECONDS", 15)
# How many drains one look rings at most. Each is one connection, where a worker is free for it.
REMINDERS_CONNECTIONS = env_int("REMINDERS_CONNECTIONS", 4)
if REMINDERS_CONNECTIONS < 1:
    raise ImproperlyConfigured("REMINDERS_CONNECTIONS must be 1 or more.")
# Over all workers; 0 is no limit of our own.
REMINDERS_PER_SECOND = env_int("REMINDERS_PER_SECOND", 0)
if REMINDERS_PER_SECOND < 0:
    raise ImproperlyConfigured("REMINDERS_PER_SECOND must be 1 or more, or 0 for no limit.")
# So many mails that came back for a reason that may pass, and no more go to that address.
REMINDERS_SOFT_BOUNCES = env_int("REMINDERS_SOFT_BOUNCES", 3)
if REMINDERS_SOFT_BOUNCES < 1:
    raise ImproperlyConfigured("REMINDERS_SOFT_BOUNCES must be 1 or more.")
REMINDERS_KEEP_DAYS = env_int("REMINDERS_KEEP_DAYS", 90)
# Unanswered mails are counted over four weeks of a weekly plan.
if REMINDERS_KEEP_DAYS < 31:
    raise ImproperlyConfigured("REMINDERS_KEEP_DAYS must be 31 or more.")

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    }
    if REDIS_URL
    else {"polling_interval": 0.2}
)
CELERY_TASK_DEFAULT_QUEUE = env("CELERY_QUEUE", "steady")
CELERY_BEAT_SCHEDULE_FILENAME = str(Path(tempfile.gettempdir()) / f"steady-beat-{os.getpid()}")
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "healing.reminders.tasks.tick",
        "schedule": float(REMINDERS_TICK_SECONDS),
        "options": {"expires": float(REMINDERS_TICK_SECONDS * 4)},
    },
    "remove_old_deliveries": {
        "task": "healing.reminders.tasks.remove_old",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "clear_sessions": {
        "task": "healing.accounts.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "expire_shares": {
        "task": "healing.sharing.tasks.expire_shares",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    # Texts that editors gave an hour to go live, or to end.
    "publish_scheduled": {
        "task": "healing.cms.tasks.publish_scheduled",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    # Mondays at 08:00 UTC; the hours after it are for a mail server or a worker that was down.
    "mail_reviews": {
        "task": "healing.cms.tasks.mail_reviews",
        "schedule": crontab(minute=0, hour="8-20", day_of_week="mon"),
        "options": {"expires": 3600.0},
    },
}

# People -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today:today"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "today:home"

ACCOUNT_ADAPTER = "healing.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "healing.accounts.sign_up.SignUpForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "healing.accounts.forms.BeforeYouStartForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Codes can only be asked for where mail reaches people. Then known and unknown addresses get the
# same answer; without mail, sign-up has to say that an address is taken.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(EMAIL_URL)
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Offered for a new address only, so it would tell which addresses are known.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = bool(EMAIL_URL)
ACCOUNT_PREVENT_ENUMERATION = bool(EMAIL_URL)

MFA_ADAPTER = "healing.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = bool(EMAIL_URL)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OVER_TLS
MFA_ALLOW_UNVERIFIED_EMAIL = not EMAIL_URL
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = False

# So many openings of one page within so many minutes bring a pause. What is counted is kept for an
# hour at most, as the privacy page says.
LOOP_GUARD_OPENINGS = env_int("LOOP_GUARD_OPENINGS", 3)
LOOP_GUARD_MINUTES = env_int("LOOP_GUARD_MINUTES", 60)
if LOOP_GUARD_OPENINGS < 0 or not 0 <= LOOP_GUARD_MINUTES <= 60:
    raise ImproperlyConfigured(
        "LOOP_GUARD_OPENINGS must be 0 or more, and LOOP_GUARD_MINUTES 0 to 60. 0 switches it off."
    )

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_NAME = "__Host-sessionid" if OVER_TLS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if OVER_TLS else "csrftoken"
# Readable by our own script, which hands a form the fresh token after a sign-in in another tab.
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "healing.accounts.refill.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers ------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["sw"],
    }
}
# Wagtail's text editor writes inline styles, and previews stand in a frame. No inline script: the
# date fields that bring one are replaced in templates/wagtailadmin/widgets/.
EDITOR_CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OVER_TLS else 0
SECURE_SSL_REDIRECT = OVER_TLS and env_bool("REDIRECT_TO_TLS")
BEHIND_PROXY = env_bool("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Else all visitors would share the proxy's address, and its limit on wrong passwords.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if OVER_TLS else []

# Static files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "healing.storage.StaticFiles"},
}
MEDIA_ROOT = VAR_DIR / "media"

# Editing screens ----------------------------------------------------------------------------------

# Whether an editor has to set up a passkey or a code app before they may enter.
EDITORS_NEED_SECOND_FACTOR = env_bool("EDITORS_NEED_SECOND_FACTOR", True)
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_I18N_ENABLED = False
# PostgreSQL takes words as they are: they reach it as stems, from editorial/stems.py.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}

# Language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = USE_TZ = True
# Django would write "Nov. 28, 2026", and "8:30 p.m.".
FORMAT_MODULE_PATH = ["healing.formats"]
TIME_ZONE = "UTC"

# Logs: never a path, a name or a word that a person typed -----------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING").upper()},
    "loggers": {
        # Django writes the address of a failed request, and a token link is an address.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL"},
        # In one process the broker is memory and has no host, which it would remark on.
        "kombu.connection": {"level": "ERROR"},
        "healing": {"level": env("LOG_LEVEL", "INFO").upper()},
    },
}
