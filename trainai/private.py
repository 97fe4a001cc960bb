"""Files that only their owner may read: passwords and keys under `var/`."""

import contextlib
import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write the file whole or not at all, over an older one."""
    _unfinished(path, text).replace(path)


def write_once(path: Path, text: str) -> None:
    """Write the file whole or not at all. When another process was faster, its text stays."""
    unfinished = _unfinished(path, text)
    with contextlib.suppress(FileExistsError):
        os.link(unfinished, path)
    unfinished.unlink()


def _unfinished(path: Path, text: str) -> Path:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    return unfinished
