"""The truth about a piece of work."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from uuid6 import uuid7

from jobs import registry
from jobs.querysets import JobQuerySet


class BackgroundJob(models.Model):
    """A piece of work somebody is waiting for: the truth about it."""

    class Status(models.TextChoices):
        """Where the job stands; `jobs/states.py` holds the allowed moves."""

        PENDING = "pending"
        """In the queue: due, or waiting for a time (`next_retry_at`) or for another job (`depends_on`)."""
        PROCESSING = "processing"
        """A worker holds its lease."""
        COMPLETED = "completed"
        """Final: its output is stored."""
        FAILED = "failed"
        """Final unless a person retries it: `error_data` says why."""
        CANCELLED = "cancelled"
        """Final unless a person retries it: somebody asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    """Ordered by time (RFC 9562, section 5.7): new rows meet in the same pages of the index, so the log stays small."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="jobs", db_index=False)
    training = models.ForeignKey(
        "trainings.Training", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    job_type = models.CharField(max_length=64)
    status = models.CharField(
        max_length=16, choices=Status.choices, default=Status.PENDING, db_default=Status.PENDING.value
    )
    priority = models.PositiveSmallIntegerField(default=5, db_default=5)
    """1 is first, 10 is last."""
    input_data = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    output_data = models.JSONField(null=True, blank=True)
    error_data = models.JSONField(null=True, blank=True)
    """`code`, `message` (for the person), `detail`, `retryable`, `attempt`, `at`; kept while a retry waits."""
    progress_percentage = models.PositiveSmallIntegerField(default=0, db_default=0)
    progress_message = models.TextField(blank=True, default="", db_default="")
    version = models.PositiveBigIntegerField(default=1, db_default=1)
    """Raised by the database with every change, so that a page can drop what it knows already."""
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    """When its latest attempt began."""
    completed_at = models.DateTimeField(null=True, blank=True)
    """When it became final, in whichever way."""
    retry_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    max_retries = models.PositiveSmallIntegerField(default=3, db_default=3)
    next_retry_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    depends_on = models.ForeignKey(
        # The database sets it to NULL (migration 0001), so that a plain DELETE works.
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        blank=True,
        related_name="dependents",
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        db_table = "background_jobs"
        verbose_name = "job"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "processing", "completed", "failed", "cancelled"]),
                name="job_status_known",
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 10)), name="job_priority_range"),
            models.CheckConstraint(condition=Q(progress_percentage__range=(0, 100)), name="job_progress_range"),
            models.CheckConstraint(
                condition=(Q(status="completed") & Q(progress_percentage=100))
                | (~Q(status="completed") & Q(progress_percentage__lt=100)),
                name="job_progress_full_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "processing"], completed_at__isnull=True)
                | Q(status__in=["completed", "failed", "cancelled"], completed_at__isnull=False),
                name="job_final_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="processing") | Q(started_at__isnull=False), name="job_processing_has_a_start"
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(error_data__isnull=False), name="job_failed_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancel_requested_at__isnull=False),
                name="job_cancelled_was_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(next_retry_at__isnull=True) | Q(status="pending"), name="job_retry_waits_pending"
            ),
            models.CheckConstraint(condition=Q(retry_count__lte=F("max_retries")), name="job_retries_bounded"),
            models.CheckConstraint(
                condition=Q(depends_on__isnull=True) | ~Q(depends_on=F("id")), name="job_never_waits_for_itself"
            ),
        ]
        # No column that changes while a job runs stands in an index (a BRIN does not count), so that PostgreSQL
        # writes a change of state into no index at all (heap-only tuples). What is not over is found by its
        # place in the queue.
        indexes = [
            # Each page of a company's jobs, newest first (api list, snapshot of the live page).
            models.Index(fields=["company", "-created_at", "-id"], name="job_company_newest"),
            # The desk's list over all companies, page by page, and the same of one type.
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
            models.Index(fields=["job_type", "-created_at", "-id"], name="job_type_newest"),
            # Failed and cancelled jobs, newest first: see `JobQuerySet.failed` and `.cancelled`.
            models.Index(
                fields=["-created_at", "-id"], name="job_failed_newest", condition=Q(error_data__isnull=False)
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="job_cancelled_newest",
                condition=Q(cancel_requested_at__isnull=False),
            ),
            # What waits for a job.
            models.Index(fields=["depends_on"], name="job_dependents", condition=Q(depends_on__isnull=False)),
            # What ended since, or before, a moment: cleanup, the figures of a day. Jobs end in about the order of
            # their rows.
            BrinIndex(fields=["completed_at"], name="job_ended", pages_per_range=16, autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{registry.label(self.job_type)} {str(self.id)[:8]}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it unless a person retries it."""
        return self.status not in (self.Status.PENDING, self.Status.PROCESSING)
