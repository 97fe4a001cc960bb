"""A real installation under a folder of its own, run as a person would run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from bench.ports import free_port
from tests.processes import wait_ended
from tests.waiting import PATIENCE_SECONDS

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Installation:
    """`manage.py` with a `var/` of its own and the embedded server."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()

    def environment(self) -> dict[str, str]:
        """Return a clean environment: nothing of this test run's own database and settings."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MEDIA_ROOT")}
        own = {"VAR_DIR": str(self.var_dir), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "trainai.settings"}
        return kept | own

    def manage(self, *arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment() | variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self, **variables: str) -> Up:
        """Start `manage.py up`."""
        return Up(self, variables)

    def processes(self) -> list[psutil.Process]:
        """Return every living process of this installation: by its environment, or by working in its folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def wait_until_gone(self) -> list[psutil.Process]:
        """Return the processes that are left after a while; none, it is hoped."""
        return wait_ended(self.processes()) + self.processes()

    def login(self) -> dict[str, str]:
        """Return what `var/login.json` says."""
        login: dict[str, str] = json.loads((self.var_dir / "login.json").read_text())
        return login

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            at_work = Path(process.cwd())
            return process.environ().get("VAR_DIR") == str(self.var_dir) or at_work.is_relative_to(self.var_dir)
        except psutil.Error:
            return False


class Up:
    """A running `manage.py up`."""

    def __init__(self, installation: Installation, variables: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=REPOSITORY,
            env=installation.environment() | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def wait_for(self, words: str) -> str:
        """Return the line with these words; fail with everything that was said when the process ends before."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError(f"{words!r} was never said:\n{''.join(self.lines)}")

    def send(self, number: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Read on until the process has ended; return its exit status."""
        assert self.process.stdout
        self.lines += self.process.stdout.readlines()
        self.process.stdout.close()
        return self.process.wait(PATIENCE_SECONDS)
