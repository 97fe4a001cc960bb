"""Each run of a job by a worker."""

from __future__ import annotations

from django.db import models

from jobs.models.job import BackgroundJob


class JobAttempt(models.Model):
    """One claim of a job and how it ended. Its id is the lease token."""

    class Outcome(models.TextChoices):
        """How an attempt ended; empty while it runs."""

        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"
        HANDED_BACK = "handed_back"
        """The worker was told to stop; the number is used again."""
        LOST = "lost"
        """The worker died or stopped beating."""

    id = models.UUIDField(primary_key=True)
    job = models.ForeignKey(BackgroundJob, on_delete=models.DO_NOTHING, db_constraint=False, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=200, blank=True, default="")
    """Host and process, for the record: the worker's own row goes when it ends."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True, default="", db_default="")
    progress_percentage = models.PositiveSmallIntegerField(null=True, blank=True)
    """How far it came; None while it runs."""
    error_data = models.JSONField(null=True, blank=True)

    class Meta:
        db_table = "job_attempts"
        ordering = ["started_at"]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.job_id}"
