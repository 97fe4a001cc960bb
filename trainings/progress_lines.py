"""The progress of a training on a terminal: one bar where there is one, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from tqdm import tqdm

from jobs import registry
from jobs.models import BackgroundJob

LINE_EVERY_PERCENT = 25


class Show(Protocol):
    """Where progress is told."""

    def jobs(self, jobs: Sequence[BackgroundJob]) -> None: ...
    def close(self) -> None: ...


def on(stream: TextIO) -> Show:
    """Return what suits the stream."""
    return Bar(stream) if stream.isatty() else Lines(stream)


class Bar:
    """One bar over all parts."""

    def __init__(self, stream: TextIO) -> None:
        self._bar: tqdm[Any] = tqdm(
            total=100, file=stream, bar_format="{desc} |{bar}| {percentage:3.0f} % [{elapsed}]", dynamic_ncols=True
        )
        self._bar.set_description_str("Copying")

    def jobs(self, jobs: Sequence[BackgroundJob]) -> None:
        if not jobs:
            return
        working = [registry.label(job.job_type) for job in jobs if job.status == "processing"]
        self._bar.set_description_str(", ".join(working) or "Waiting", refresh=False)
        self._bar.n = round(sum(100 if _is_over(job) else job.progress_percentage for job in jobs) / len(jobs))
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


class Lines:
    """A line for each thing that happens to a part, and for every 25 percent."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told: dict[Any, tuple[str, int]] = {}

    def jobs(self, jobs: Sequence[BackgroundJob]) -> None:
        for job in jobs:
            now = (job.status, job.progress_percentage // LINE_EVERY_PERCENT)
            if self._told.get(job.id) != now and job.status != "pending":
                self._tell(job)
            self._told[job.id] = now

    def _tell(self, job: BackgroundJob) -> None:
        state = f"{job.progress_percentage} %" if job.status == "processing" else job.status
        why = f": {job.error_data['message']}" if job.error_data and job.status == "failed" else ""
        self._stream.write(f"{registry.label(job.job_type)}: {state}{why}\n")
        self._stream.flush()

    def close(self) -> None:
        pass


def _is_over(job: BackgroundJob) -> bool:
    return job.status not in ("pending", "processing")
