"""Everything known of one job as a file that an operator can send on: what its page shows, and on which software."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from jobs.admin import masking, panels, record
from jobs.models import BackgroundJob, JobQueue

_MOST = 1000
"""Attempts, steps, and jobs behind it that are told."""
_NEIGHBOUR = ("pk", "job_type", "status", "created_at", "completed_at")
_PACKAGES = ("django", "django-q2", "psycopg", "channels")


def of(job: BackgroundJob) -> str:
    """Return the job, its place in the queue, attempts, steps, neighbours and log as JSON, secrets hidden.

    A result that is longer than the page shows (`masking.LIMIT`, in characters) is its beginning, as text.
    """
    whole = {
        "told_at": timezone.now(),
        "software": _software(),
        "job": _columns(job),
        "queue": [_columns(row) for row in JobQueue.objects.filter(job=job)],
        "attempts": [_columns(one) for one in job.attempts.order_by("started_at")[:_MOST]],
        "steps": [_columns(one) for one in job.steps.all()[:_MOST]],
        "before": list(BackgroundJob.objects.filter(pk__in=filter(None, [job.depends_on_id])).values(*_NEIGHBOUR)),
        "after": list(BackgroundJob.objects.filter(depends_on=job).order_by("created_at").values(*_NEIGHBOUR)[:_MOST]),
        "log": [
            {"at": entry.action_time, "by": str(entry.user), "did": masking.text(entry.change_message)}
            for entry in record.log_of(job)
        ],
        "panels": [
            {"title": one.title, "heads": one.heads, "rows": one.rows, "sum": one.sum} for one in panels.of(job)
        ],
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: _shown(getattr(row, field.attname), field.attname) for field in row._meta.concrete_fields}


def _shown(value: Any, name: str) -> Any:
    hidden = masking.hide(value, name)
    if not isinstance(hidden, dict | list | str):
        return hidden
    text = hidden if isinstance(hidden, str) else json.dumps(hidden, ensure_ascii=False)
    return hidden if len(text) <= masking.LIMIT else masking.cut(text)


def _software() -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "python": platform.python_version(),
        "postgresql": ".".join(map(str, connection.get_database_version())),
        **{package: version(package) for package in _PACKAGES},
        "migrations": {
            app: max(name for of, name in applied if of == app) for app in sorted({of for of, _ in applied})
        },
    }
