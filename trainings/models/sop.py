"""The procedure: chapters, steps and key points, each resting on segments of the transcript."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Sop(models.Model):
    """The standard operating procedure written from a transcript."""

    training = models.OneToOneField("trainings.Training", on_delete=models.CASCADE, related_name="sop")
    title = models.CharField(max_length=200, blank=True)
    writer = models.CharField(max_length=100, blank=True)
    """Which writer wrote it, for the record."""
    instead_of = models.CharField(max_length=100, blank=True, default="", db_default="")
    """The writer that could not do it and was stood in for."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Moment(models.Model):
    """A stretch of the recording with the segments that support what is said about it."""

    position = models.PositiveIntegerField()
    start = models.FloatField()
    end = models.FloatField()
    evidence = ArrayField(models.PositiveIntegerField(), default=list)
    """Positions of the transcript's segments this rests on; never empty for what a writer wrote."""

    class Meta:
        abstract = True
        ordering = ["position"]


class Chapter(Moment):
    """A part of the procedure with one topic."""

    sop = models.ForeignKey(Sop, on_delete=models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class Step(Moment):
    """One thing to do, as an imperative. `position` counts through the whole procedure."""

    sop = models.ForeignKey(Sop, on_delete=models.CASCADE, related_name="steps")
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    cautions = ArrayField(models.TextField(), default=list, blank=True)
    """Warnings that belong to this step, as said."""
    conditions = ArrayField(models.TextField(), default=list, blank=True)
    """When and if-then sentences that belong to this step, as said."""
    picture = models.CharField(max_length=300, blank=True)
    """Storage name of the still frame, empty until it was made."""
    picture_at = models.FloatField(null=True, blank=True)
    """Seconds into the recording at which the picture was taken."""
    picture_alt = models.CharField(max_length=300, blank=True)
    seen = models.BooleanField(null=True, blank=True)
    """Whether the screen changed at this step; None until the pictures were made."""

    def __str__(self) -> str:
        return self.title


class KeyPoint(Moment):
    """Something to remember."""

    sop = models.ForeignKey(Sop, on_delete=models.CASCADE, related_name="key_points")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text
