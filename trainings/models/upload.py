"""A recording on its way in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from trainings.querysets import CompanyQuerySet


class Upload(models.Model):
    """A file being sent in pieces (tus 1.0.0); the bytes up to `offset` are on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    filename = models.CharField(max_length=255, blank=True)
    """The name the client gave, cut and cleaned: data to show, never a path."""
    size = models.PositiveBigIntegerField(null=True, blank=True)
    """Bytes; None while the client does not know it yet."""
    offset = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CompanyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.filename or str(self.id)

    @property
    def name(self) -> str:
        """The storage name of the bytes: a folder of its own, made from the id alone."""
        return f"uploads/{self.id}/recording"
