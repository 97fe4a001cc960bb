"""Prints when the jobs of a training were made, started and finished: `python -m bench.job_times TRAINING`."""

from __future__ import annotations

import json
import sys

import django


def main(training: str) -> None:
    """Print seconds since 1970 by job type, as JSON."""
    from jobs.models import BackgroundJob

    fields = ("created_at", "started_at", "completed_at")
    rows = BackgroundJob.objects.filter(training_id=training).values("job_type", *fields)
    print(json.dumps({row["job_type"]: {field: row[field].timestamp() for field in fields} for row in rows}))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
