"""What is true of the rows at any moment, whatever happened: the promises of `jobs/README.md`."""

from __future__ import annotations

from django.db.models import Count, Max

from jobs.models import BackgroundJob, JobAttempt, JobQueue

FINAL = ("completed", "failed", "cancelled")


def check() -> None:
    """Fail when the rows break a promise."""
    jobs = BackgroundJob.objects.all()
    rows = {row.job_id: row for row in JobQueue.objects.filter(job__isnull=False)}
    for job in jobs.select_related("depends_on"):
        row = rows.pop(job.pk, None)
        assert (row is None) == job.is_final, f"{job.status} and in the queue: {row is not None}"
        if row is not None:
            assert (row.token is not None) == (job.status == "processing"), "a lease if and only if it is processing"
            assert row.run_at or (job.depends_on and not job.depends_on.is_final), "it waits for nothing that comes"
        assert job.retry_count <= job.max_retries
        assert (job.progress_percentage == 100) == (job.status == "completed")
    assert not rows, "places in the queue without a job"
    _check_attempts()


def _check_attempts() -> None:
    """Attempts rise by one; what was handed back gave its number back; the open one is the one with the lease."""
    leased = set(JobQueue.objects.filter(job__isnull=False, token__isnull=False).values_list("token", flat=True))
    assert set(JobAttempt.objects.filter(outcome="").values_list("id", flat=True)) == leased, (
        "an attempt without a lease"
    )
    used = JobAttempt.objects.exclude(outcome="handed_back")
    counted = dict(used.order_by().values_list("job").annotate(Count("id")))
    highest = dict(used.order_by().values_list("job").annotate(Max("number")))
    assert highest == counted, "attempts were not numbered one by one"
    for job, attempt in JobQueue.objects.filter(job__isnull=False).values_list("job", "attempt"):
        assert attempt == counted.get(job, 0), "the queue counts other attempts than there were"
