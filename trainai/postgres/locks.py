"""File locks of the kernel: they end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lock:
    """A held lock. Forked children share it: it is free when the last of them has ended or let go."""

    descriptor: int

    def release(self) -> None:
        """Let go in this process."""
        os.close(self.descriptor)


def shared(path: Path) -> Lock:
    """Wait for and take a shared lock on the file at `path`."""
    return _lock(path, fcntl.LOCK_SH)


def exclusive(path: Path) -> Lock:
    """Wait for and take the exclusive lock on the file at `path`."""
    return _lock(path, fcntl.LOCK_EX)


def try_exclusive(path: Path) -> Lock | None:
    """Take the exclusive lock on the file at `path`, or return None when somebody holds a lock on it."""
    try:
        return _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def try_shared(path: Path) -> Lock | None:
    """Take a shared lock on the file at `path`, or return None when somebody holds the exclusive one."""
    try:
        return _lock(path, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def _lock(path: Path, operation: int) -> Lock:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, operation)
    except BaseException:
        os.close(descriptor)
        raise
    return Lock(descriptor)
