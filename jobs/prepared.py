"""Statements that the server plans once for a connection: planning a claim takes longer than running it.

Not where a pooler of transactions stands between: there they are sent as Django does.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.rows import dict_row

# A plan is kept while the queue grows from nothing to a hundred thousand rows: it must be the one for the many,
# which looks each row up by its key.
_SESSION = "SET plan_cache_mode = force_generic_plan; " + "; ".join(
    f"SET {way} = off"
    for way in (
        "enable_seqscan",
        "enable_bitmapscan",
        "enable_hashjoin",
        "enable_mergejoin",
        "enable_material",
        "enable_memoize",
        "jit",
    )
)

_resident = False

Statement = tuple[str, Mapping[str, Any]]
"""A text with named placeholders, and the parameters."""


def prefer() -> None:
    """Fit this process's connection to the engine's statements alone: a resident worker's, which is its own."""
    global _resident
    _resident = True


def execute(statement: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run a statement of the engine's on Django's connection and return its rows by their columns' names."""
    if not settings.DATABASE_DIRECT:
        with _sent((statement, params)) as cursor:
            return _rows(cursor)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        if cursor.description is None:
            return []
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def execute_all(*statements: Statement) -> list[list[dict[str, Any]]]:
    """Run statements as one transaction in one round trip; return the rows of each.

    A pipeline without BEGIN is one transaction (PostgreSQL manual, "Pipeline Mode").
    """
    if settings.DATABASE_DIRECT:
        with transaction.atomic():
            return [execute(*statement) for statement in statements]
    connection.ensure_connection()
    with contextlib.ExitStack() as cursors:
        with connection.wrap_database_errors, connection.connection.pipeline():
            sent = [cursors.enter_context(_sent(statement)) for statement in statements]
        return [_rows(cursor) for cursor in sent]


@cache
def numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with the server's own placeholders, and the name for which each of them stands.

    psycopg would look for the names anew each time: it keeps what it found for short statements only.
    """
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement), names


def _sent(statement: Statement) -> CursorWrapper:
    text, names = numbered(statement[0])
    cursor = _cursor()
    try:
        cursor.execute(text, [statement[1][name] for name in names])
    except BaseException:
        cursor.close()
        raise
    return cursor


def _rows(cursor: CursorWrapper) -> list[dict[str, Any]]:
    return cursor.fetchall() if cursor.rownumber is not None else []


def _cursor() -> CursorWrapper:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:  # Django's default, so this connection is new
        raw.prepare_threshold = 0
        if _resident:
            raw.execute(_SESSION)
    bound: Any = psycopg.RawCursor(raw, row_factory=dict_row)
    return connection.make_debug_cursor(bound) if connection.queries_logged else connection.make_cursor(bound)
