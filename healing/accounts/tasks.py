"""What Celery runs for accounts: sign-ins that have ended leave no trace of where they were."""

from healing.accounts.actions import clear_ended_sessions
from healing.celery import app


@app.task  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    clear_ended_sessions()
