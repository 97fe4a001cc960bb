"""The code of one release, and its processes: a cluster, and one that asks as a web process would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.report import ROOT

CHANGES = ("jobs/sql", "*/migrations/0*.py")
"""What may keep two releases from working side by side."""


class Impossible(Exception):
    """It cannot be tried here; the words say why."""


def unpack(commit: str, folder: Path) -> str:
    """Put the files of a commit into `folder` and return its name; "" is the last one before `CHANGES`."""
    if not commit:
        last = _git("log", "-1", "--format=%H", "--", *CHANGES).decode().strip()
        commit = f"{last}^"
    named = _git("rev-parse", "--short", "--verify", f"{commit}^{{commit}}").decode().strip()
    files = _git("archive", named)
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=files, check=True)
    return named


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise Impossible(f"the old release is not in this copy: {done.stderr.decode().strip()}")
    return done.stdout


class Release:
    """What runs from one folder of code."""

    def __init__(self, name: str, folder: Path, variables: dict[str, str], scratch: Path) -> None:
        self.name = name
        self._folder = folder
        self._environment = {**os.environ, **variables, "RELEASE": name, "VAR_DIR": str(scratch / name)}
        self._environment["PYTHONPATH"] = str(ROOT / "bench" / "update")
        self._log = scratch / f"{name}.log"
        self._running: list[subprocess.Popen[str]] = []
        self._asker: subprocess.Popen[str] | None = None

    def migrate(self) -> None:
        """Bring the tables to what this release wants. Raises with what was said when that fails."""
        self._start("manage.py", "migrate", "-v", "0")
        process = self._running.pop()
        if process.wait():
            raise RuntimeError(self.said())

    def start_cluster(self) -> subprocess.Popen[str]:
        """Start workers; they are there some seconds later."""
        return self._start("manage.py", "qcluster")

    def ask(self, verb: str, *arguments: Any) -> Any:
        """Have the release's asker do something, see `beside/asker.py`; it lives as long as the release."""
        if self._asker is None:
            self._asker = self._start("-m", "beside.asker", pipe=subprocess.PIPE)
        assert self._asker.stdin
        assert self._asker.stdout
        self._asker.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self._asker.stdin.flush()
        answer = self._asker.stdout.readline()
        if answer:
            return json.loads(answer)
        said = self.said()
        if "ModuleNotFoundError" in said:
            raise Impossible(f"the {self.name} release wants a package that is not here: {said.splitlines()[-1]}")
        raise RuntimeError(f"{self.name} {verb}: {said}")

    def said(self) -> str:
        """Return the end of what its processes wrote."""
        return self._log.read_text()[-4000:]

    def close(self) -> None:
        """End what still runs."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(30)

    def _start(self, *arguments: str, pipe: int | None = None) -> subprocess.Popen[str]:
        with self._log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=pipe or subprocess.DEVNULL,
                stdout=pipe or log,
                stderr=log,
                text=True,
            )
        self._running.append(process)
        return process
