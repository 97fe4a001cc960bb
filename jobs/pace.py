"""How long such work took before: the last completed jobs of a type, by whoever does it now."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs import registry
from jobs.models import BackgroundJob

LOOKED_AT = 60
"""The newest completed jobs of a type that are read."""
ALIKE = 20
"""Of these, how many count: those of recordings most like this one in length."""


@dataclass(frozen=True)
class Run:
    """One completed attempt: the seconds it took, and the seconds of the recording it worked on."""

    seconds: float
    media: float


class Past:
    """The runs of each job type, read when first asked for: one query a type for a whole page."""

    def __init__(self, runs: Mapping[str, Sequence[Run]] | None = None) -> None:
        self._runs = dict(runs or {})

    def like(self, job: BackgroundJob, media: float) -> list[Run]:
        """Return the runs of the job's type, those of recordings most like `media` seconds first."""
        if job.job_type not in self._runs:
            self._runs[job.job_type] = _read(job.job_type)
        return sorted(self._runs[job.job_type], key=lambda run: abs(math.log(run.media / media)))[:ALIKE]


class _Nothing(Past):
    def like(self, job: BackgroundJob, media: float) -> list[Run]:
        return []


NOTHING: Past = _Nothing()
"""For pure functions of rows: nothing is known, nothing is read."""


def media_seconds(job: BackgroundJob) -> float | None:
    """Return the length of what a job works on, None while that is not known."""
    return job.training.duration if job.training else None


def _read(job_type: str) -> list[Run]:
    done = (
        BackgroundJob.objects.filter(job_type=job_type, status=BackgroundJob.Status.COMPLETED)
        .order_by("-created_at", "-id")
        .values("started_at", "completed_at", "retry_count", "output_data", "training__duration")
    )
    by = registry.done_by(job_type)
    runs = []
    for row in done[:LOOKED_AT]:
        output = row["output_data"] or {}
        media = output.get("worked_on", row["training__duration"])
        began, ended = row["started_at"], row["completed_at"]
        if row["retry_count"] == 0 and media and began and ended and output.get("by", "") == by:
            runs.append(Run((ended - began).total_seconds(), float(media)))
    return runs
