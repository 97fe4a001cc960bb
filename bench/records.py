"""Prints what an installation noted of a training: `python -m bench.records TRAINING`."""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def main(training: str) -> None:
    """Print, as JSON, `jobs`: seconds since 1970 by job type; `cut_calls`: calls whose caller died before the end."""
    print(json.dumps({"jobs": _jobs(training), "cut_calls": _cut_calls(training)}))


def _jobs(training: str) -> dict[str, dict[str, Any]]:
    from jobs.models import BackgroundJob

    fields = ("created_at", "started_at", "completed_at")
    rows = BackgroundJob.objects.filter(training_id=training).values("job_type", *fields)
    return {row["job_type"]: {field: row[field].timestamp() for field in fields} for row in rows}


def _cut_calls(training: str) -> int:
    """Count lines of the ledger that are open although the training is made: each was begun before its call."""
    from trainings.models import ProviderCall

    return ProviderCall.objects.filter(training_id=training, state=ProviderCall.State.OPEN).count()


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
