"""An installation for one run of a benchmark: own folder, own database, own port, real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.memory import belongs
from bench.ports import free_port
from bench.recordings.places import ROOT
from bench.timing.watch import NOTES

START_SECONDS = 120.0
STOP_SECONDS = 40.0


@dataclass(frozen=True)
class Installation:
    """A running TrainAI below `folder`."""

    folder: Path
    environment: dict[str, str]

    def create_training(self, video: Path) -> dict[str, Any]:
        """Put a file through the pipeline and return the training as `create_training --json` tells it."""
        argv = [sys.executable, "manage.py", "create_training", str(video), "--json"]
        done = subprocess.run(argv, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        training: dict[str, Any] = json.loads(done.stdout)
        if done.returncode:
            raise RuntimeError(f"{video.name} did not become a training: {training}")
        return training

    def jobs(self, training: str) -> dict[str, dict[str, float]]:
        """Return the times of a training's jobs by type, seconds since 1970."""
        times: dict[str, dict[str, float]] = self._records(training)["jobs"]
        return times

    def cut_calls(self, training: str) -> int:
        """Return how many paid calls for a finished training were begun and never ended: their worker died."""
        return int(self._records(training)["cut_calls"])

    def _records(self, training: str) -> dict[str, Any]:
        argv = [sys.executable, "-m", "bench.records", training]
        done = subprocess.run(argv, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        records: dict[str, Any] = json.loads(done.stdout)
        return records

    def notes(self) -> list[dict[str, Any]]:
        """Return what the stop watches have noted."""
        return [json.loads(line) for line in self._notes.read_text(encoding="utf-8").splitlines()]

    def forget_notes(self) -> None:
        self._notes.write_text("", encoding="utf-8")

    @property
    def _notes(self) -> Path:
        return Path(self.environment[NOTES])


@contextmanager
def installation(variables: Mapping[str, str] | None = None) -> Iterator[Installation]:
    """Start one with an embedded database, wait until its workers are ready, stop and delete it in the end.

    `variables` of the environment come on top of what it needs to stand alone.
    """
    with tempfile.TemporaryDirectory(prefix="trainai-bench-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own when we are root
        (folder / "sample_made").touch()  # it goes in by hand, and is measured
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {"VAR_DIR": name, "PORT": str(port), NOTES: str(folder / "times.jsonl")}
        environment |= {"DJANGO_SETTINGS_MODULE": "bench.timing.settings", **(variables or {})}
        with (folder / "log").open("w") as log:
            argv = [sys.executable, "manage.py", "up"]
            up = subprocess.Popen(argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until_ready(up, port, folder / "log")
            yield Installation(folder, environment)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(STOP_SECONDS)
            # The database ends a moment after its last user, and writes until then.
            psutil.wait_procs([each for each in psutil.process_iter() if belongs(each, name)], STOP_SECONDS)


def wait_until_ready(up: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when database, storage and workers are ready. Raises with the log's end when that does not come."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and up.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the installation did not start:\n{log.read_text()[-2000:]}")
