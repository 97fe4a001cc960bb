"""What ended in an hour: it outlives the clean-up of the jobs themselves."""

from __future__ import annotations

from django.db import models


class JobHour(models.Model):
    """The jobs of a type that became final within one hour of the clock, in UTC."""

    began_at = models.DateTimeField()
    """When the hour began."""
    job_type = models.CharField(max_length=64)
    completed = models.PositiveIntegerField(default=0, db_default=0)
    failed = models.PositiveIntegerField(default=0, db_default=0)
    cancelled = models.PositiveIntegerField(default=0, db_default=0)
    seconds = models.FloatField(default=0.0, db_default=0.0)
    """The last attempts of the completed ones together."""
    longest = models.FloatField(default=0.0, db_default=0.0)
    """Seconds of the longest of them."""

    class Meta:
        db_table = "job_hours"
        ordering = ["began_at", "job_type"]
        constraints = [models.UniqueConstraint(fields=["began_at", "job_type"], name="one_hour_per_type")]

    def __str__(self) -> str:
        return f"{self.job_type} in the hour of {self.began_at:%Y-%m-%d %H:%M}"
