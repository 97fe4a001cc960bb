"""Notes four times a second what a page would say of the time left: `python -m bench.shown_times FILE`.

Until it is ended.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import django

EVERY_SECONDS = 0.25


def main(target: Path) -> None:
    """Append a JSON line for each range that is shown: what of, when, the least and the most seconds."""
    with target.open("a", encoding="utf-8", buffering=1) as file:
        while True:
            for line in look():
                file.write(json.dumps(line) + "\n")
            time.sleep(EVERY_SECONDS)


def look() -> list[dict[str, object]]:
    """Return what is shown now: a line a running job, and one for its training."""
    from django.utils import timezone

    from jobs import time_left
    from jobs.models import BackgroundJob
    from jobs.pace import Past
    from trainings.models import Training

    now, past, lines = timezone.now(), Past(), []
    active = BackgroundJob.objects.filter(status__in=("pending", "processing"))
    for training in Training.objects.filter(jobs__in=active).distinct():
        jobs = list(BackgroundJob.objects.filter(training=training).select_related("training", "depends_on"))
        spans = [(job.job_type, time_left.seconds(job, now, past)) for job in jobs if job.status == "processing"]
        for what, span in [*spans, ("whole", time_left.whole(jobs, now, past))]:
            least, most = span or (None, None)
            line = {"training": str(training.pk), "what": what, "at": now.timestamp(), "least": least, "most": most}
            lines.append(line)
    return lines


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]))
