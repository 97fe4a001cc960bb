"""What needs an operator, and what they were told of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone


class Alert(models.Model):
    """A thing that is wrong now. Its row goes when it is over."""

    key = models.CharField(max_length=100, primary_key=True)
    """Kind and thing, such as `failed:<job>`."""
    text = models.CharField(max_length=500)
    first_seen_at = models.DateTimeField(default=timezone.now, db_default=Now())
    seen_at = models.DateTimeField(default=timezone.now, db_default=Now())
    raised_at = models.DateTimeField(null=True)
    """When operators were told; None while it must first last a while."""

    class Meta:
        db_table = "job_alerts"

    def __str__(self) -> str:
        return self.key


class AlertNotice(models.Model):
    """A message on one channel: it stays here until it was taken there."""

    channel = models.CharField(max_length=16)
    event = models.CharField(max_length=16)
    """`raised` or `cleared`."""
    kind = models.CharField(max_length=32)
    lines = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    tries = models.PositiveIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(default=timezone.now, db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job_alert_notices"
        indexes = [models.Index(fields=["channel", "id"], name="notice_unsent", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.event} {self.kind} by {self.channel}"
