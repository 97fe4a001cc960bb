"""The streamable video."""

from __future__ import annotations

from django.db import models


class Video(models.Model):
    """The published, streamable form of a recording."""

    training = models.OneToOneField("trainings.Training", on_delete=models.CASCADE, related_name="video")
    host = models.CharField(max_length=20)
    """Which video host holds it: "hls" or "mux"."""
    instead_of = models.CharField(max_length=20, blank=True, default="", db_default="")
    """The host that could not take it and was stood in for."""
    playback = models.CharField(max_length=300)
    """Storage name of the master playlist (hls) or the playback id (mux)."""
    poster = models.CharField(max_length=300, blank=True)
    """Storage name of the poster picture."""
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration = models.FloatField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.host} video of {self.training_id}"
