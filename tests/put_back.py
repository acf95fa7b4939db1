"""Rows that take seconds to load, put back for each test as they were."""

from collections.abc import Callable
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


class PutBack:
    """Loads for the first test that calls it; for every later one the same rows are put back.

    `models`: what the load writes, those that others point to first. The inserts are noted as they
    run for the second test, so the later ones need neither the models nor Django's compiler.
    """

    def __init__(self, load: Callable[[], object], models: tuple[type[Model], ...]) -> None:
        self._load = load
        self._models = models
        self._rows: list[list[Model]] = []
        self._inserts: list[tuple[str, Any]] = []

    def __call__(self) -> None:
        if self._inserts:
            with connection.cursor() as cursor:
                for statement, values in self._inserts:
                    cursor.execute(statement, values)
        elif self._rows:
            with connection.execute_wrapper(self._note):
                for model, rows in zip(self._models, self._rows, strict=True):
                    model._base_manager.bulk_create(rows)
                with connection.cursor() as cursor:
                    for statement in connection.ops.sequence_reset_sql(no_style(), self._models):
                        cursor.execute(statement)
        else:
            self._load()
            self._rows = [list(model._base_manager.all()) for model in self._models]

    def _note(
        self, execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any
    ) -> Any:
        self._inserts.append((statement, values))
        return execute(statement, values, many, context)
