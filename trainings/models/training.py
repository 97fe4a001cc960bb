"""The thing people make and learn from."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from trainings import standing
from trainings.querysets import TrainingQuerySet


class Training(models.Model):
    """A recording and everything made from it. One address from its first second."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="trainings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trainings")
    """Who made it."""
    upload = models.OneToOneField("trainings.Upload", on_delete=models.PROTECT, related_name="training")
    title = models.CharField(max_length=200)
    title_is_suggested = models.BooleanField(default=True)
    """True until a person writes a title; the writer's suggestion replaces only suggested ones."""
    duration = models.FloatField(null=True, blank=True)
    """Seconds; None until the recording was probed."""
    spoken_language = models.CharField(max_length=16, blank=True, default="", db_default="")
    """What a person said is spoken in it: a code of `languages.KNOWN`; empty: it is found."""
    marks = models.JSONField(default=list, blank=True)
    """Seconds at which whoever recorded it said that a new part begins."""
    created_at = models.DateTimeField(auto_now_add=True)
    told = models.CharField(max_length=10, blank=True, default="", db_default="")
    """The end its maker was last told of: "ready" or "failed"."""
    deleted_at = models.DateTimeField(null=True, blank=True)
    """Set when a person deleted it: nobody sees it any more, and a job removes its rows and files."""

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/trainings/{self.id}/"

    @property
    def folder(self) -> str:
        """The storage folder of everything made from the recording."""
        return f"trainings/{self.id}"

    @property
    def is_arriving(self) -> bool:
        """Whether it is still being recorded or sent: nothing can be made of it yet."""
        return self.upload.finished_at is None

    @property
    def status(self) -> str:
        """Return "recording" until it is here, then "processing", "ready", "failed" or "cancelled", as its jobs say."""
        return "recording" if self.is_arriving else standing.status(self.jobs.all())

    def rename(self, title: str) -> None:
        """Give it a title of a person's choice; no suggestion replaces it any more."""
        self.title, self.title_is_suggested = title, False
        self.save(update_fields=["title", "title_is_suggested"])
