"""Who may run what, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models.job import BackgroundJob


class JobQueue(models.Model):
    """Work that is not over: every job that is pending or processing has exactly one row here.

    A row with a `token` is leased: only writes that carry the token count. A django-q2 task is a row
    with a `payload` and no job.
    """

    job = models.OneToOneField(
        BackgroundJob,
        # The database cascades (migration 0001), so that a plain DELETE of jobs works and needs no collecting.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="queue_row",
    )
    payload = models.TextField(blank=True, default="", db_default="")
    """A signed django-q2 task package, empty for a job."""
    job_type = models.CharField(max_length=64, blank=True, default="", db_default="")
    priority = models.PositiveSmallIntegerField(default=5, db_default=5)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    run_at = models.DateTimeField(null=True, default=timezone.now, db_default=Now())
    """Due from then on; None while it waits for another job."""
    token = models.UUIDField(null=True)
    """The lease: a new one for every claim, and the id of the attempt."""
    leased_until = models.DateTimeField(null=True)
    worker_id = models.UUIDField(null=True)
    """Who holds the lease; no foreign key, because a dead worker's row goes before its jobs are rescued."""
    attempt = models.PositiveIntegerField(default=0, db_default=0)
    """Number of the latest attempt; given back by a graceful hand-back."""
    awaited = models.BooleanField(default=False, db_default=False)
    """Another job waits for this one: its end must look for them."""
    deaths = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How many workers died while they held it."""

    class Meta:
        db_table = "job_queue"
        constraints = [
            models.CheckConstraint(
                condition=Q(job__isnull=False, payload="") | (Q(job__isnull=True) & ~Q(payload="")),
                name="queue_job_or_payload",
            ),
            models.CheckConstraint(
                condition=Q(token__isnull=True, leased_until__isnull=True, worker_id__isnull=True)
                | Q(token__isnull=False, leased_until__isnull=False, run_at__isnull=False),
                name="queue_lease_whole_or_none",
            ),
            # Also what is leased at all: rescue.
            models.UniqueConstraint(fields=["token"], name="queue_leased", condition=Q(token__isnull=False)),
        ]
        indexes = [
            # The claim: first due row by priority, then time. PostgreSQL 18 skips from priority to priority.
            models.Index(
                fields=["priority", "run_at", "id"],
                name="queue_due",
                condition=Q(token__isnull=True, run_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"queue row {self.pk}"
