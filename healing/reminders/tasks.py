"""The doorbell: what Celery runs. The queue itself is the Delivery table."""

from django.utils import timezone

from healing.celery import app
from healing.reminders import dispatch, transport, upkeep


@app.task  # type: ignore[untyped-decorator]
def tick() -> None:
    for _ in range(dispatch.tick(timezone.now())):
        drain.apply_async(expires=60)


@app.task  # type: ignore[untyped-decorator]
def drain() -> None:
    dispatch.drain(transport.from_settings())


@app.task  # type: ignore[untyped-decorator]
def remove_old() -> None:
    upkeep.remove_old(timezone.now())
