"""What was said, and when."""

from __future__ import annotations

from django.db import models


class Transcript(models.Model):
    """What was said in a recording. Grows while the rest is still being listened to."""

    training = models.OneToOneField("trainings.Training", on_delete=models.CASCADE, related_name="transcript")
    language = models.CharField(max_length=16, blank=True)
    """ISO 639-1 code as a person chose it (`Training.spoken_language`), or as found by the model, or in the text; empty
    while unknown, and where nobody can be sure."""
    language_probability = models.FloatField(default=0.0)
    model = models.CharField(max_length=300, blank=True)
    """Which transcriber wrote it, for the record ("whisper base"); of several, in their order."""
    instead_of = models.CharField(max_length=100, blank=True, default="", db_default="")
    """The transcriber that could not do it and was stood in for."""
    heard_until = models.FloatField(default=0.0)
    """Seconds of the recording that were listened to; a retry goes on from here."""
    completed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"transcript of {self.training_id}"


class Segment(models.Model):
    """A stretch of speech. Steps name the segments they rest on by `position`."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveIntegerField()
    start = models.FloatField()
    end = models.FloatField()
    text = models.TextField()
    words = models.JSONField(default=list)
    """List of `{"start", "end", "text", "probability"}`: seconds, and 0 to 1."""

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["transcript", "position"], name="segment_position")]

    def __str__(self) -> str:
        return self.text
