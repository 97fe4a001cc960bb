"""What was answered to a request that carried an idempotency key."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class KeptAnswer(models.Model):
    """The one answer to a person's request under a key: asked again, it is given again. Kept for a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of what was asked: another request under the same key is refused."""
    status = models.PositiveSmallIntegerField(null=True)
    """None only within the transaction that does the work."""
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        db_table = "kept_answers"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="answer_age")]

    def __str__(self) -> str:
        return self.key
