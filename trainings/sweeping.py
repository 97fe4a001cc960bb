"""What nobody will come back for: uploads left alone for too long, and folders whose rows are gone."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils import timezone

from trainings import files, pipeline, upload_turns
from trainings.models import Training, Upload
from trainings.storages import media_storage
from trainings.upload_locks import Locks

ORPHAN_HOURS = 24
"""A folder younger than this may belong to a row that is being written."""
GONE_DAYS = 30
"""How long a discarded upload is answered with "gone" before it is forgotten."""


def sweep() -> dict[str, int]:
    """Remove all of it; return how many uploads and folders. Safe to run at any time, beside anything."""
    with Locks() as locks:
        given_up = sum(_give_up(upload, locks) for upload in Upload.objects.abandoned().iterator())
    return {
        "uploads": given_up,
        "folders": sum(_remove(folder) for folder in _orphans()),
        "rows": _forget_discarded(),
    }


def _give_up(upload: Upload, locks: Locks) -> bool:
    """Discard an upload, unless somebody is writing to it in this moment or has just done so."""
    with upload_turns.take_if_free(upload.id, locks) as free:
        if not free or not Upload.objects.abandoned().filter(pk=upload.pk).exists():
            return False
        if Training.objects.filter(upload=upload, deleted_at=None).exists() and upload.offset:
            _make_do(upload)
        else:
            Training.objects.filter(upload=upload).delete()
            upload.discard()
        return True


def _make_do(upload: Upload) -> None:
    """Take what came of a recording whose computer never came back for the whole."""
    upload.size = upload.offset
    upload.incoming.complete()
    pipeline.settle(upload)


def _orphans() -> Iterator[str]:
    yield from _without_row("uploads", set(Upload.objects.filter(discarded_at=None).values_list("pk", flat=True)))
    yield from _without_row("trainings", set(Training.objects.values_list("pk", flat=True)))


def _without_row(root: str, known: set[uuid.UUID]) -> Iterator[str]:
    """Yield the folders named by an id that no row has; what is not named by an id is not ours to judge."""
    for folder in files.folders(root):
        name = PurePosixPath(folder).name
        if _is_id(name) and uuid.UUID(name) not in known and _is_old(folder):
            yield folder


def _is_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False


def _is_old(folder: str) -> bool:
    changed = media_storage().changed_at(folder)
    return changed is not None and changed < timezone.now() - datetime.timedelta(hours=ORPHAN_HOURS)


def _remove(folder: str) -> bool:
    files.delete_folder(folder)
    return media_storage().changed_at(folder) is None


def _forget_discarded() -> int:
    before = timezone.now() - datetime.timedelta(days=GONE_DAYS)
    return Upload.objects.filter(discarded_at__lt=before, training=None).delete()[0]
