"""What the database accepted: triggers that log it, and the log as events of the history."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from bench.chaos.history import Event


def install() -> None:
    """Log every change of jobs, leases, steps and effects from now on."""
    with connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def events() -> list[Event]:
    """Return the log in its order. `began` is when the statement began; its commit came after `t`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_build_object('kind', 'row', 'what', what, 'seq', id, 'job', job,"
            " 't', extract(epoch FROM at), 'began', extract(epoch FROM began)) || data FROM chaos_log ORDER BY id"
        )
        return [_row(row[0]) for row in cursor.fetchall()]


def _row(value: object) -> Event:
    import json

    return json.loads(value) if isinstance(value, str) else value  # type: ignore[return-value]
