"""The Celery application: worker and beat, configured by the CELERY_* settings."""

import gc
import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healing.settings")

app = Celery("healing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect  # type: ignore[untyped-decorator]
def keep_what_is_loaded(**_signal: object) -> None:
    """Let the collector pass over what a worker has when it begins: it never goes.

    To walk over all of it, time and again, took a tenth of what a mail costs.
    """
    gc.collect()
    gc.freeze()
