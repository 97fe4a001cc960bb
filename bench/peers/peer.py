"""What the benchmark asks of an engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from bench.report import ROOT

STOP_SECONDS = 20.0


class Peer(Protocol):
    """An engine whose tables are made and whose `DATABASE_URL` is set."""

    def workers(self, number: int) -> AbstractContextManager[None]:
        """Run this many worker processes."""

    def enqueue(self, ring: bool) -> None:
        """Ask for one task that does nothing but ring the bell, durably; return when that is done."""

    def left(self) -> int:
        """Return how many tasks are not finished with their result kept."""


@contextmanager
def running(*commands: Sequence[str], **environment: str) -> Iterator[None]:
    """Run Python modules beside the block, each `[module, argument ...]`, and end them."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
