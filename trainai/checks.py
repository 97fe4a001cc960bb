"""What this machine must have, each failure one sentence and its mend."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from trainai.postgres import ServerUnavailable, binaries
from trainings.checks import INSTALLATION
from trainings.storages import media_storage
from trainings.storages.errors import StorageTrouble

LEAST_FREE_BYTES = 2 * 2**30
SOURCES = settings.BASE_DIR / "package.json"
BUILT = settings.BASE_DIR / "trainai" / "static" / "build"
AGAIN = "Run `make run` again: it installs what is missing."


@register(INSTALLATION)
def check_folders(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Recordings, the embedded database and the keys need folders that we may write to, with room in them."""
    found: list[CheckMessage] = []
    names = ["VAR_DIR"] if settings.MEDIA_BUCKET else ["VAR_DIR", "MEDIA_ROOT"]
    for name in names:
        folder = existing(getattr(settings, name))
        if not os.access(folder, os.W_OK | os.X_OK):
            hint = f"Give it to the user that runs TrainAI, or set {name} to another folder."
            found.append(Error(f"{folder} cannot be written to.", hint=hint, id="trainai.E001"))
    free = shutil.disk_usage(existing(getattr(settings, names[-1]))).free
    if free < LEAST_FREE_BYTES:
        hint = f"Free some space, or set {names[-1]} to a folder on a larger disk."
        found.append(Warning(f"Only {free / 2**30:.1f} GB are free for recordings.", hint=hint, id="trainai.W002"))
    return found


@register(INSTALLATION)
def check_ffmpeg(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every recording goes through ffmpeg."""
    import imageio_ffmpeg

    try:
        imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        return [Error("ffmpeg is missing.", hint=AGAIN, id="trainai.E003")]
    return []


@register(INSTALLATION)
def check_postgresql(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a DATABASE_URL the programs of the embedded server must be there."""
    if settings.DATABASE_URL:
        return []
    try:
        found = (binaries.wheel() / "postgres").exists()
    except ServerUnavailable:
        found = False
    hint = f"{AGAIN} Or set DATABASE_URL to a PostgreSQL server of yours."
    return [] if found else [Error("The embedded PostgreSQL is missing.", hint=hint, id="trainai.E004")]


@register(INSTALLATION)
def check_assets(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The pages' scripts and styles are built before they are served."""
    if not SOURCES.exists() or BUILT.exists():
        return []
    return [Warning("The pages' scripts and styles are not built.", hint="Run `make assets`.", id="trainai.W005")]


@register(deploy=True)
def check_many_hosts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where hosts share a bucket they must share the key that signs sessions and links."""
    if not settings.MEDIA_BUCKET or settings.SECRET_KEY_IS_GIVEN:
        return []
    hint = "Set SECRET_KEY to the same long random text on every host."
    return [Warning("Each host signs with a key of its own.", hint=hint, id="trainai.W006")]


@register(INSTALLATION)
def check_upload_size(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A bucket takes a file in ten thousand parts at most."""
    if not settings.MEDIA_BUCKET:
        return []
    from trainings.storages.bucket_incoming import LARGEST_UPLOAD  # a second of imports at every start without a bucket

    if settings.MAX_UPLOAD_BYTES <= LARGEST_UPLOAD:
        return []
    hint = f"Set MAX_UPLOAD_BYTES to {LARGEST_UPLOAD} or less."
    return [Error("MAX_UPLOAD_BYTES is more than a bucket can take.", hint=hint, id="trainai.E007")]


def check_storage(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A small file goes into the bucket and out again. Only `manage.py check` asks: it may take a while."""
    if not settings.MEDIA_BUCKET:
        return []
    try:
        media_storage().probe()
    except StorageTrouble as trouble:
        return [Error(trouble.message, hint=trouble.detail or None, id=f"trainai.E008.{trouble.code}")]
    return []


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
