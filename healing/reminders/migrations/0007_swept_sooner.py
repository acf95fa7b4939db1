"""PostgreSQL sweeps the two tables of the engine after a hundredth of their rows changed.

By default it waits for a fifth. Where a hundred thousand plans had been claimed of a million, each
tick then walked over a hundred thousand dead entries of the index to see that nothing was due.
"""

from collections.abc import Callable

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("reminders_plan", "reminders_delivery")


def on_both(change: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    def alter(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for table in TABLES:
                schema_editor.execute(f"ALTER TABLE {table} {change}")

    return alter


class Migration(migrations.Migration):
    dependencies = [("reminders", "0006_a_rate_halved_once")]
    operations = [
        migrations.RunPython(
            on_both(
                "SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)"
            ),
            on_both("RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"),
        )
    ]
