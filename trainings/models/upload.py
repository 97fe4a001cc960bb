"""A recording on its way in."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from trainings import tus_headers
from trainings.querysets import UploadQuerySet
from trainings.storages import Incoming, media_storage

RECORDED = "screen"
"""The `source` in the metadata of a recording that is sent while it is made."""


class Overtaken(Exception):
    """Another request writes to the upload by now: a lock that is cut off with its session tells nobody."""


class Upload(models.Model):
    """A file being sent in pieces (tus 1.0.0); the bytes up to `offset` are durable.

    Open until its last byte has come (`finished_at`), or until it was given up or removed (`discarded_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    filename = models.CharField(max_length=255, blank=True)
    """The name the client gave, cut and cleaned: data to show, never a path."""
    metadata = models.TextField(blank=True)
    """The Upload-Metadata header as it was sent, which tus gives back on HEAD."""
    spoken_language = models.CharField(max_length=16, blank=True, default="", db_default="")
    """What its training will be told is spoken in it; empty: it is found."""
    size = models.PositiveBigIntegerField(null=True, blank=True)
    """Bytes; None while the client does not know it yet."""
    offset = models.PositiveBigIntegerField(default=0)
    multipart = models.TextField(blank=True, default="", db_default="", editable=False)
    """In a bucket: the id of the multipart upload that the bytes are parts of."""
    writer = models.UUIDField(null=True, editable=False)
    """The newest request that wants to write: an older one stops when it reads another id here."""
    holder = models.UUIDField(null=True, editable=False)
    """The request that has the upload's lock: another, which may not have heard that it lost it, stores nothing."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    """When an open upload is given up; moves with every piece that comes."""
    finished_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size=None) | models.Q(offset__lte=models.F("size")), name="offset_within_size"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(size=models.F("offset")), name="finished_when_complete"
            ),
        ]

    def __str__(self) -> str:
        return self.filename or str(self.id)

    @property
    def name(self) -> str:
        """The storage name of the bytes: a folder of its own, made from the id alone."""
        return f"uploads/{self.id}/recording"

    @property
    def path(self) -> Path:
        """Where the bytes lie on this machine, when the storage is a folder of it."""
        return Path(default_storage.path(self.name))

    @property
    def was_recorded_here(self) -> bool:
        """Whether it was made on our page: then no file of it lies anywhere else."""
        return tus_headers.metadata({"Upload-Metadata": self.metadata}).get("source") == RECORDED

    @property
    def incoming(self) -> Incoming:
        """Where the bytes go."""
        return media_storage().incoming(self)

    @property
    def is_complete(self) -> bool:
        """Whether every byte has come, finished or not."""
        return self.size is not None and self.offset == self.size

    @property
    def is_gone(self) -> bool:
        """Whether nothing more can be sent or read: discarded, or left alone for too long."""
        expired = self.finished_at is None and self.expires_at <= timezone.now()
        return self.discarded_at is not None or expired

    @property
    def holds_its_bytes(self) -> bool:
        """Whether the storage still has what the offset promises; a lost or restored one may not."""
        return self.incoming.holds()

    def store(self, *fields: str) -> None:
        """Write these fields. Raises Overtaken when a request has the upload that did not when this row was read."""
        values = {field: getattr(self, field) for field in fields}
        if not Upload.objects.filter(pk=self.pk, holder=self.holder).update(**values):
            raise Overtaken

    def give_up(self) -> None:
        """Write that the upload is gone; its bytes are for `discard`, or for the sweeper."""
        if self.discarded_at is None:
            self.discarded_at = timezone.now()
            self.save(update_fields=["discarded_at"])

    def discard(self) -> None:
        """Give the upload up and delete its bytes. Doing it twice is no error."""
        self.give_up()
        self.incoming.discard()


def next_expiry() -> datetime.datetime:
    """Return when an upload that gets its last piece now is given up."""
    return timezone.now() + datetime.timedelta(hours=settings.UPLOAD_KEPT_HOURS)
