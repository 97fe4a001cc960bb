"""Typed callers of the statements in `jobs/sql`. Zero rows means that somebody else decided."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from psycopg.types.json import Jsonb

from jobs import sql

LEASE_SECONDS = 15.0
"""How long a worker may be silent before its job is given to another."""

Row = dict[str, Any]


def as_json(value: Any) -> Jsonb | None:
    """Return `value` as a jsonb parameter, None as NULL; raise TypeError when JSON cannot hold it."""
    if value is None:
        return None
    return Jsonb(value, dumps=partial(json.dumps, cls=DjangoJSONEncoder, allow_nan=False))


def run(name: str, params: Mapping[str, Any]) -> list[Row]:
    """Run the statement `name` on Django's connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql.load(name), params)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def enqueue(values: Mapping[str, Any], *, blocked: bool, run_at: datetime.datetime | None) -> datetime.datetime:
    """Insert a job and its queue row; return when it was created, by the database's clock."""
    row = run("enqueue", {**values, "input": as_json(values["input"]), "blocked": blocked, "run_at": run_at})[0]
    created_at: datetime.datetime = row["created_at"]
    return created_at


def progress(token: uuid.UUID, percent: int, message: str) -> None:
    """Write the progress of a leased job."""
    run("progress", {"token": token, "percent": percent, "message": message})


def step_stored(token: uuid.UUID, name: str) -> Row | None:
    """Return `stored` and `result` of a step, or None when the lease does not stand."""
    rows = run("step_stored", {"token": token, "name": name})
    if not rows:
        return None
    # Django's connection hands jsonb over as text.
    result = json.loads(rows[0]["result"]) if rows[0]["result"] is not None else None
    return {"stored": rows[0]["stored"], "result": result}


def step_store(token: uuid.UUID, name: str, result: Any, seconds: float) -> bool:
    """Store a finished step; False when the lease does not stand."""
    return bool(
        run("step_store", {"token": token, "name": name, "result": as_json(result), "seconds": seconds}),
    )


def orphaned(dead: Sequence[uuid.UUID]) -> list[Row]:
    """Return the queue rows whose lease ran out or whose worker is among the `dead`."""
    return run("orphaned", {"dead": list(dead)})
