"""How a task tells the benchmark when its first line ran: one datagram, the same for every engine."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BELL = "BENCH_BELL"
PATIENCE_SECONDS = 30.0


def ring() -> None:
    """Tell the moment, in seconds since 1970."""
    now = time.time()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.sendto(repr(now).encode(), os.environ[BELL])


@contextmanager
def hung() -> Iterator[socket.socket]:
    """Hang the bell for this process and those it starts."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        os.environ[BELL] = str(Path(folder) / "bell")
        bell.bind(os.environ[BELL])
        bell.settimeout(PATIENCE_SECONDS)
        yield bell


def heard(bell: socket.socket) -> float:
    """Wait for the next ring and return its moment."""
    return float(bell.recv(64))
