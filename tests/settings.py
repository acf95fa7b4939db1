"""The product's settings with a database of the tests' own and quick password hashing."""

import os
import tempfile
from pathlib import Path

# A folder of its own, so that a test run never meets the data of a site that runs from this tree.
os.environ["VAR_DIR"] = str(Path(tempfile.gettempdir()) / f"steady-tests-{os.getpid()}")
os.environ.setdefault("SECRET_KEY", "for the tests alone")
os.environ.setdefault("MASTER_KEYS", "1:" + "A" * 43 + "=")
os.environ.setdefault("SITE_URL", "http://testserver")

from healing.settings import *  # noqa: F403
from healing.settings import DATABASES, STORAGES

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": None}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_steady_{os.getpid()}"}

# Tests of the gate to the editing screens turn it on.
EDITORS_NEED_SECOND_FACTOR = False

# allauth counts sign-ups for each address of the network, and all tests share one.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
