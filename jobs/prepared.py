"""Statements that the server plans once for a connection: planning a claim takes longer than running it.

Only for the processes of resident workers, whose connections last and are their own, unless there is a pooler of
transactions between. All others send their statements as Django does.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

# A plan is kept while the queue grows from nothing to a hundred thousand rows: it must be the one for the many.
_SESSION = (
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off"
)

_wanted = False


def prefer() -> None:
    """Prepare the statements of this process from now on."""
    global _wanted
    _wanted = not settings.DATABASE_DIRECT


def cursor() -> CursorWrapper:
    """Return a cursor of Django's connection for the engine's own statements."""
    if not _wanted:
        return connection.cursor()
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:  # Django's default, so this connection is new
        raw.prepare_threshold = 0
        raw.execute(_SESSION)
    bound: Any = psycopg.Cursor(raw)
    return connection.make_cursor(bound)
