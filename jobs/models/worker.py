"""The processes that run jobs."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class Worker(models.Model):
    """A process that claims jobs. Its row goes when it ends, or when somebody finds it dead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=200)
    """Machine, boot and pid namespace: within it a pid means something."""
    pid = models.PositiveIntegerField()
    ticks = models.PositiveBigIntegerField()
    """The process's start in clock ticks since boot: tells it from a later process with the same pid."""
    started_at = models.DateTimeField(default=timezone.now, db_default=Now())
    seen_at = models.DateTimeField(default=timezone.now, db_default=Now())
    resident = models.BooleanField(default=True)
    """True for a worker that stays; False for a command that runs what is due and leaves."""

    class Meta:
        db_table = "job_workers"

    def __str__(self) -> str:
        return f"{self.host.split('/')[0]}:{self.pid}"
