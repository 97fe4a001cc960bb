"""The disk of this host: whether there is room for others, and what a job holds of it."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from pathlib import Path

from django.conf import settings

from jobs.hold import scratch_folder

WORTH_BYTES = 64 * 2**20
"""A job that holds less is not what fills the disk."""


def is_short() -> bool:
    """Return whether less than `DISK_RESERVE_MB` is free where jobs write, and the embedded database too."""
    folder = Path(settings.VAR_DIR)
    return shutil.disk_usage(folder).free < settings.DISK_RESERVE_MB * 2**20


def held(token: uuid.UUID) -> int:
    """Return the bytes that the scratch folder of an attempt takes; what a sparse file leaves out takes none."""
    taken = 0
    for path in scratch_folder(token).rglob("*"):
        with contextlib.suppress(OSError):  # it was deleted meanwhile
            taken += path.lstat().st_blocks * 512
    return taken
