"""Typed callers of the statements in `jobs/sql`. Zero rows means that somebody else decided."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS
from django.db.models import JSONField
from psycopg.types.json import Jsonb

from jobs import prepared, sql
from jobs.models import BackgroundJob

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
    return prepared.execute(sql.load(name), params)


def enqueue(values: Mapping[str, Any], *, blocked: bool, run_at: datetime.datetime | None) -> datetime.datetime:
    """Insert a job and its queue row; return when it was created, by the database's clock."""
    params = {**values, "input_data": as_json(values["input_data"]), "blocked": blocked, "run_at": run_at}
    created_at: datetime.datetime = run("enqueue", params)[0]["created_at"]
    return created_at


def line_up() -> None:
    """Put in line what was put off for a time that has come."""
    run("line_up", {})


def progress(token: uuid.UUID, percent: int, message: str) -> None:
    """Write the progress of a leased job."""
    run("progress", {"token": token, "percent": percent, "message": message})


def step_stored(token: uuid.UUID, name: str) -> Row | None:
    """Return `stored` and `result` of a step, or None when the lease does not stand."""
    rows = run("step_stored", {"token": token, "name": name})
    if not rows:
        return None
    return {"stored": rows[0]["stored"], "result": _python(rows[0]["result"])}


def step_store(token: uuid.UUID, name: str, result: Any, seconds: float) -> bool:
    """Store a finished step; False when the lease does not stand."""
    return bool(
        run("step_store", {"token": token, "name": name, "result": as_json(result), "seconds": seconds}),
    )


def orphaned(dead: Sequence[uuid.UUID]) -> list[Row]:
    """Return the queue rows whose lease ran out or whose worker is among the `dead`."""
    return run("orphaned", {"dead": list(dead)})


def heal(since: datetime.timedelta | None = None) -> None:
    """Put unfinished jobs back into the queue that are in it no more; with `since` only those that young."""
    now = datetime.datetime.now(datetime.UTC)
    run("heal", {"since": now - since if since else datetime.datetime.min.replace(tzinfo=datetime.UTC)})


def job(row: Row) -> BackgroundJob:
    """Return the job whose columns are in a row."""
    fields = BackgroundJob._meta.concrete_fields
    values = [_python(row[field.attname]) if isinstance(field, JSONField) else row[field.attname] for field in fields]
    return BackgroundJob.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _python(value: str | None) -> Any:
    """Django's connection hands jsonb over as text."""
    return json.loads(value) if value is not None else None
