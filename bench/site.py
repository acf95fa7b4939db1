"""Importing this starts Django on a database of its own, which goes when the process ends.

With DATABASE_URL it is a new database on that server, else a SQLite file in a temporary folder.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests import services

stack = ExitStack()
atexit.register(stack.close)
os.environ["VAR_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
os.environ["DJANGO_SETTINGS_MODULE"] = "healing.settings"
os.environ.setdefault("SECRET_KEY", "for the benchmarks alone")
os.environ.setdefault("MASTER_KEYS", "1:" + "A" * 43 + "=")
if server := os.environ.get("DATABASE_URL"):
    database = services.database(server, f"steady_bench_{os.getpid()}")
    os.environ["DATABASE_URL"] = stack.enter_context(database)
stack.callback(connections.close_all)

settings.ALLOWED_HOSTS.append("testserver")
# Files are not collected first; nothing measured here sends any.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
django.setup()
call_command("migrate", verbosity=0)
