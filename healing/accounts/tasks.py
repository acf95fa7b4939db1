"""What Celery runs for accounts: ended sign-ins and openings of pages leave no trace."""

from healing.accounts.actions import clear_ended_sessions
from healing.accounts.reopening import forget_openings
from healing.celery import app


@app.task  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    clear_ended_sessions()
    forget_openings()
