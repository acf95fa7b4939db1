"""The web application, for gunicorn and waitress."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healing.settings")

application = get_wsgi_application()

# Only importable once Django is set up. A missing or wrong master key stops the start here.
from healing.vault.master import check_keys  # noqa: E402

check_keys()
