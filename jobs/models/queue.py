"""Who may run what, and when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models.job import BackgroundJob

NOBODY = uuid.UUID(int=0)
"""Whose the tasks are that belong to no company."""


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
    company_id = models.UUIDField(default=NOBODY, db_default=models.Value(NOBODY, models.UUIDField()))
    """Whose work it is: companies take turns. No foreign key: it goes with the job's row."""
    priority = models.PositiveSmallIntegerField(default=5, db_default=5)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    run_at = models.DateTimeField(null=True, default=timezone.now, db_default=Now())
    """Due from then on; None while it waits for another job."""
    later = models.BooleanField(default=False, db_default=False)
    """It was put off for a time to come, and nobody has found it due yet: no claim looks at it. Only makes claims
    short; `run_at` decides."""
    token = models.UUIDField(null=True)
    """The lease: a new one for every claim, and the id of the attempt."""
    leased_until = models.DateTimeField(null=True)
    worker_id = models.UUIDField(null=True)
    """Who holds the lease; no foreign key, because a dead worker's row goes before its jobs are rescued."""
    type_place = models.PositiveSmallIntegerField(null=True)
    """Which of the places of its type it has while it runs; None where any number may run."""
    heavy_place = models.PositiveSmallIntegerField(null=True)
    """The same among those of all heavy types together."""
    company_place = models.PositiveSmallIntegerField(null=True)
    """The same among its company's."""
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
            # What keeps two workers that claim at the same moment from both passing a cap.
            models.UniqueConstraint(
                fields=["job_type", "type_place"],
                name="queue_type_place",
                condition=Q(token__isnull=False, type_place__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["heavy_place"],
                name="queue_heavy_place",
                condition=Q(token__isnull=False, heavy_place__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["company_id", "company_place"],
                name="queue_company_place",
                condition=Q(token__isnull=False, company_place__isnull=False),
            ),
        ]
        indexes = [
            # The claim: of a type from company to company, of a company's the first due row by priority, then time.
            models.Index(
                fields=["job_type", "company_id", "priority", "run_at", "id"],
                name="queue_turns",
                condition=Q(token__isnull=True, run_at__isnull=False, later=False),
            ),
            # What was put off and has become due.
            models.Index(fields=["run_at"], name="queue_later", condition=Q(token__isnull=True, later=True)),
        ]

    def __str__(self) -> str:
        return f"queue row {self.pk}"
