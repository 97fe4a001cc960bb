"""What a job has already done."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models.job import BackgroundJob


class JobStep(models.Model):
    """A finished step with its stored result: it is never run again for this job."""

    job = models.ForeignKey(BackgroundJob, on_delete=models.DO_NOTHING, db_constraint=False, related_name="steps")
    name = models.CharField(max_length=200)
    result = models.JSONField(null=True)
    seconds = models.FloatField(default=0.0, db_default=0.0)
    """How long it took."""
    finished_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        db_table = "job_steps"
        ordering = ["finished_at", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="step_once_per_job")]

    def __str__(self) -> str:
        return self.name
