"""Videos at a host elsewhere, from the first byte sent to the finished stream."""

from __future__ import annotations

from django.db import models


class HostedVideo(models.Model):
    """One training's way through Mux. Found again by a retry, so that no second asset is ever made."""

    training_id = models.UUIDField(unique=True)
    """No foreign key: the asset elsewhere must be found and deleted also when the training's row has gone."""
    upload_id = models.CharField(max_length=255, blank=True, db_index=True)
    asset_id = models.CharField(max_length=255, blank=True, db_index=True)
    playback_id = models.CharField(max_length=255, blank=True, db_index=True)
    signed = models.BooleanField(default=False)
    """Whether playing it needs a token."""
    checks = models.PositiveIntegerField(default=0)
    """How often sending was put off; then how often the host was asked whether it is ready."""
    created_at = models.DateTimeField(auto_now_add=True)
    """When it was begun; from the moment the asset is there, when that was."""

    def __str__(self) -> str:
        return f"video of {self.training_id} at Mux"


class WebhookEvent(models.Model):
    """An event that was heard: Mux may tell it again, and a recorded one may be sent again."""

    id = models.CharField(max_length=100, primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.id
