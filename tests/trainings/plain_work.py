"""A `Work` for tests of media and providers: real child processes with limits, no job around them."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from jobs.errors import ProcessFailed, ProcessTimeout


class PlainWork:
    """Runs children for a test and remembers what was reported and started."""

    def __init__(self, scratch: Path, *, file_limit: int | None = None) -> None:
        """`file_limit` in bytes stands for a disk that fills up: no child can make a longer file."""
        self.scratch = scratch
        self.file_limit = file_limit
        self.reports: list[float] = []
        self.started: list[Sequence[str]] = []
        self.peak_memory = 0
        """Bytes; the most resident memory any child of this test process ever had."""

    def report(self, percent: float, message: str = "") -> None:
        self.reports.append(percent)

    def check(self) -> None:
        """Nothing ends a test's work early."""

    def run(
        self,
        argv: Sequence[str],
        *,
        on_line: Callable[[str], None] | None = None,
        timeout: float | None = None,
        memory_limit: int | None = None,
    ) -> str:
        self.started.append(argv)

        def limit() -> None:
            if memory_limit:
                resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
            if self.file_limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_limit, self.file_limit))

        try:
            done = subprocess.run(
                argv, preexec_fn=limit, capture_output=True, text=True, errors="replace", timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ProcessTimeout(str(error)) from error
        self.peak_memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        for line in done.stdout.splitlines():
            if on_line:
                on_line(line)
        if done.returncode:
            raise ProcessFailed(done.returncode, done.stderr)
        return done.stderr
