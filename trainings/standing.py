"""Where a training stands as a whole, told by its jobs alone."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.models import BackgroundJob

JOB_TYPES = ("transcription", "sop_generation", "step_pictures", "mux_upload")
"""The pipeline's jobs in the order a person meets them."""

ACTIVE = (BackgroundJob.Status.PENDING, BackgroundJob.Status.PROCESSING)


def status(jobs: Iterable[BackgroundJob]) -> str:
    """Return "processing" as long as anything is at work, then what its worst part is: "failed", "cancelled" or
    "ready"."""
    statuses = {job.status for job in latest(jobs).values()}
    if not statuses or statuses & set(ACTIVE):
        return "processing"
    for worst in (BackgroundJob.Status.FAILED, BackgroundJob.Status.CANCELLED):
        if worst in statuses:
            return worst.value
    return "ready"


def latest(jobs: Iterable[BackgroundJob]) -> dict[str, BackgroundJob]:
    """Return the newest job of each type of the pipeline, in the order a person meets them."""
    newest: dict[str, BackgroundJob] = {}
    for job in jobs:
        known = newest.get(job.job_type)
        if known is None or known.created_at < job.created_at:
            newest[job.job_type] = job
    return {job_type: newest[job_type] for job_type in JOB_TYPES if job_type in newest}
