"""The engine's rows."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class BackgroundJob(models.Model):
    """A piece of work somebody is waiting for: the truth about it."""

    class Status(models.TextChoices):
        PENDING = "pending"
        PROCESSING = "processing"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="jobs")
    training = models.ForeignKey(
        "trainings.Training", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    job_type = models.CharField(max_length=64)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    priority = models.PositiveSmallIntegerField(default=5)
    input_data = models.JSONField(default=dict)
    output_data = models.JSONField(null=True, blank=True)
    error_data = models.JSONField(null=True, blank=True)
    progress_percentage = models.PositiveSmallIntegerField(default=0)
    progress_message = models.TextField(blank=True, default="")
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    retry_count = models.PositiveSmallIntegerField(default=0)
    max_retries = models.PositiveSmallIntegerField(default=3)
    next_retry_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    depends_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="dependents")

    class Meta:
        db_table = "background_jobs"

    def __str__(self) -> str:
        return f"{self.job_type} {self.id}"
