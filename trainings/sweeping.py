"""What nobody will come back for: uploads left alone for too long, and folders whose rows are gone."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone

from trainings import pipeline, upload_turns
from trainings.models import Training, Upload

ORPHAN_HOURS = 24
"""A folder younger than this may belong to a row that is being written."""
GONE_DAYS = 30
"""How long a discarded upload is answered with "gone" before it is forgotten."""


def sweep() -> dict[str, int]:
    """Remove all of it; return how many uploads and folders. Safe to run at any time, beside anything."""
    return {
        "uploads": sum(_give_up(upload) for upload in Upload.objects.abandoned().iterator()),
        "folders": sum(_remove(folder) for folder in _orphans()),
        "rows": _forget_discarded(),
    }


def _give_up(upload: Upload) -> bool:
    """Discard an upload, unless somebody is writing to it in this moment or has just done so."""
    with upload_turns.take_if_free(upload.id) as free:
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
    pipeline.settle(upload)


def _orphans() -> Iterator[Path]:
    yield from _without_row("uploads", set(Upload.objects.filter(discarded_at=None).values_list("pk", flat=True)))
    yield from _without_row("trainings", set(Training.objects.values_list("pk", flat=True)))


def _without_row(root: str, known: set[uuid.UUID]) -> Iterator[Path]:
    """Yield the folders named by an id that no row has; what is not named by an id is not ours to judge."""
    folder = Path(default_storage.path(root))
    for path in folder.iterdir() if folder.is_dir() else ():
        if _is_id(path.name) and uuid.UUID(path.name) not in known and _is_old(path):
            yield path


def _is_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False


def _is_old(path: Path) -> bool:
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return False
    return changed < timezone.now().timestamp() - ORPHAN_HOURS * 3600


def _remove(path: Path) -> bool:
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


def _forget_discarded() -> int:
    before = timezone.now() - datetime.timedelta(days=GONE_DAYS)
    return Upload.objects.filter(discarded_at__lt=before, training=None).delete()[0]
