"""Statements that the server plans once for a connection: planning a claim takes longer than running it.

Only for the processes of resident workers, whose connections last and are their own, unless there is a pooler of
transactions between. All others send their statements as Django does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.rows import dict_row

# A plan is kept while the queue grows from nothing to a hundred thousand rows: it must be the one for the many.
_SESSION = (
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off"
)

_wanted = False


def prefer() -> None:
    """Prepare the statements of this process from now on."""
    global _wanted
    _wanted = not settings.DATABASE_DIRECT


def execute(statement: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run a statement of the engine's on Django's connection and return its rows by their columns' names."""
    if _wanted:
        text, names = numbered(statement)
        with _cursor() as cursor:
            cursor.execute(text, [params[name] for name in names])
            return cursor.fetchall() if cursor.rownumber is not None else []
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        if cursor.description is None:
            return []
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@cache
def numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with the server's own placeholders, and the name for which each of them stands.

    psycopg would look for the names anew each time: it keeps what it found for short statements only.
    """
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement), names


def _cursor() -> CursorWrapper:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:  # Django's default, so this connection is new
        raw.prepare_threshold = 0
        raw.execute(_SESSION)
    bound: Any = psycopg.RawCursor(raw, row_factory=dict_row)
    return connection.make_cursor(bound)
