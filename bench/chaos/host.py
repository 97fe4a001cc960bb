"""A host of the installation: its processes, and what systemd would do for them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import psutil

from bench.chaos import apps, history
from bench.chaos.history import note
from bench.report import ROOT
from trainai.child import dies_with_parent

RESTART_SECONDS = 0.5
HELPERS = 2
"""django-q2's pusher and monitor, beside the workers."""


class Host:
    """A Python command under a name and a folder of its own, started again when it ends."""

    def __init__(
        self, name: str, command: Sequence[str], workers: int, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.command = command
        self.count = workers
        self.folder = folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        (self.folder / "sample_made").touch()
        self.wrapper: Sequence[str] = ()
        """What stands before the command: in whose network it runs."""
        self.wanted = True
        self.process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        self._environment = {
            "DJANGO_SETTINGS_MODULE": "bench.chaos.settings",
            **environment,
            apps.HOST: name,
            "VAR_DIR": str(self.folder),
            "WORKERS": str(workers),
        }

    def tend(self) -> None:
        """Start it if it should run and does not. Call often, from the main thread."""
        if self.process is not None and (status := self.process.poll()) is not None:
            note("exited", host=self.name, status=status)
            self.process, self._due = None, time.monotonic() + RESTART_SECONDS
        if self.process is None and self.wanted and time.monotonic() >= self._due:
            self._start()

    def _start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, sys.executable, *self.command],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        note("started", host=self.name, pid=self.process.pid)

    def terminate(self) -> None:
        """Ask it to stop."""
        if self.process:
            self.process.terminate()

    def tree(self) -> list[psutil.Process]:
        """Return every process of this host, parents first."""
        with contextlib.suppress(psutil.Error):
            if self.process:
                top = psutil.Process(self.process.pid)
                return [top, *top.children(recursive=True)]
        return []

    def main(self) -> psutil.Process | None:
        """Return qcluster's main process."""
        for process in self.tree():
            with contextlib.suppress(psutil.Error):
                if "qcluster" in process.cmdline():
                    return process
        return None

    def sentinel(self) -> psutil.Process | None:
        """Return the process that forks the workers: the main process's oldest child."""
        return next(iter(_children(self.main())), None)

    def workers(self, known: Iterable[int]) -> list[psutil.Process]:
        """Return the sentinel's children that are among the `known` workers."""
        return [child for child in _children(self.sentinel()) if child.pid in set(known)]

    def helpers(self, known: Iterable[int]) -> list[psutil.Process]:
        """Return pusher and monitor, the one that lives longest first."""
        return [child for child in _children(self.sentinel()) if child.pid not in set(known)][:HELPERS]

    def is_whole(self, known: Iterable[int]) -> bool:
        """Whether every process is there and every worker known to the database."""
        children, known = _children(self.sentinel()), set(known)
        return len(children) == self.count + HELPERS and sum(one.pid in known for one in children) == self.count

    def scratch(self) -> list[str]:
        """Return the files that attempts have left."""
        return [str(path) for path in (self.folder / "scratch").glob("*")]


def send(processes: Iterable[psutil.Process], number: int) -> None:
    """Send a signal to those that still live."""
    for process in processes:
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            os.kill(process.pid, number)


def _children(process: psutil.Process | None) -> list[psutil.Process]:
    """Return the living children, oldest first."""
    if process is None:
        return []
    try:
        children = [child for child in process.children() if child.status() != psutil.STATUS_ZOMBIE]
        return sorted(children, key=lambda child: (child.create_time(), child.pid))
    except psutil.Error:
        return []


def environment(url: str, folder: Path, port: int) -> dict[str, str]:
    """Return what all hosts of a campaign share."""
    shared = {"DATABASE_URL": url, "SECRET_KEY": "chaos", "PORT": str(port), history.FOLDER: str(folder / "history")}
    return {**os.environ, **shared}
