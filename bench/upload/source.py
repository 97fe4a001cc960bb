"""What is sent: a file that compresses badly and repeats nothing, and its hash."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

BLOCK = 2**20


@dataclass(frozen=True)
class Source:
    """A file in the page cache."""

    path: Path
    size: int
    sha256: str


def make(path: Path, size: int) -> Source:
    """Write `size` bytes, a whole number of MiB, from a fixed seed."""
    chance = random.Random(size)  # noqa: S311
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // BLOCK):
            block = chance.randbytes(BLOCK)
            file.write(block)
            digest.update(block)
    return Source(path, size, digest.hexdigest())


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
