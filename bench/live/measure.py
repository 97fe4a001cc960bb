"""Measures the live pages in a process of its own: `python -m bench.live.measure FILE`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import alone
from bench.engine.meter import percentiles
from bench.live import crowd, reports
from bench.live.crowd import JOBS, Crowd
from bench.report import ROOT
from bench.served import OURS, Served

SECONDS = 20.0
SETTLE_SECONDS = 3.0
LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class Scene:
    """How many look, in how many companies, and how often each job reports."""

    sockets: int
    companies: int
    per_job: float


SCENES = {
    "500 sockets, 50 companies": Scene(500, 50, 4.0),
    "1,000 sockets, 50 companies": Scene(1000, 50, 4.0),
    "500 sockets, one company": Scene(500, 1, 0.2),
}
"""4 a second is the most that a running job writes; what is seen by hundreds at once is given more seldom."""


def main(target: Path) -> None:
    """Write the figures."""
    alone.prepared()
    scenes = {}
    for name, scene in SCENES.items():
        server = Served(OURS, environment={})
        try:
            scenes[name] = measured(server, scene, target.parent)
        finally:
            server.close()
    target.write_text(json.dumps({"scenes": scenes}), encoding="utf-8")


def measured(server: Served, scene: Scene, folder: Path) -> dict[str, Any]:
    """Return the figures of one scene; milliseconds, kilobytes, seconds."""
    crowded = crowd.gather(scene.sockets, scene.companies)
    look(server, crowded)
    idle, began = server.megabytes(), time.monotonic()
    with pages(server, crowded, folder) as opened:
        connected = opened.all_have_a_snapshot() - began
        memory = server.megabytes() - idle
        used = server.cpu_seconds()
        sent, final = reports.report(
            os.environ["DATABASE_URL"], crowded.jobs, per_second=scene.per_job * JOBS, seconds=SECONDS
        )
        time.sleep(SETTLE_SECONDS)
        used = server.cpu_seconds() - used
        figures = delays(opened.notes(), sent, final, crowded)
        again = restarted(server, opened, crowded)
    return {
        **figures,
        "first_connected_seconds": round(connected, 2),
        "kilobytes_per_socket": round(1024 * memory / scene.sockets, 1),
        "cpu_share": round(used / SECONDS, 2),
        "restart": again,
    }


def delays(notes: list[Any], sent: reports.Sent, final: dict[str, int], crowded: Crowd) -> dict[str, Any]:
    """Return percentiles over every message on every socket, and how many sockets never heard of an end."""
    late: list[float] = []
    ends: set[tuple[int, str]] = set()
    for at, socket, text in notes:
        message = json.loads(text)
        for job in message.get("jobs") or [message["job"]]:
            late.append(1000 * (at - sent[(job["id"], job["version"])]))
            if job["version"] == final[job["id"]]:
                ends.add((socket, job["id"]))
    due = sum(len(crowded.jobs_of(socket)) for socket in range(len(crowded.cookies)))
    return {
        "messages_per_second": round(len(late) / SECONDS),
        "delay_ms": percentiles(late) | {"max": round(max(late), 1)},
        "lost_final_states": due - len(ends),
    }


class Opened:
    """The process that holds the pages."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def all_have_a_snapshot(self) -> float:
        """Wait until each page has had one more snapshot; return when the last one had it."""
        word, _, when = self._say().split()
        assert word == "snapshot"
        return float(when)

    def notes(self) -> list[Any]:
        """Return what came since the last time: moment, socket, message."""
        assert self._process.stdin
        target = self._folder / "notes.json"
        self._process.stdin.write(f"notes {target}\n")
        self._process.stdin.flush()
        assert self._say() == "written"
        noted: list[Any] = json.loads(target.read_text(encoding="utf-8"))
        return noted

    def _say(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def pages(server: Served, crowded: Crowd, folder: Path) -> Iterator[Opened]:
    cookies = folder / "cookies"
    cookies.write_text("\n".join(crowded.cookies), encoding="utf-8")
    argv = [sys.executable, "-m", "bench.live.pages", str(server.address[1]), str(cookies)]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Opened(process, folder)
        finally:
            process.kill()


def restarted(server: Served, opened: Opened, crowded: Crowd) -> dict[str, Any]:
    """Restart the web process; return when all pages were live again, and what a visitor waited meanwhile."""
    waits: list[float] = []
    back = threading.Event()

    def visit() -> None:
        while not back.is_set():
            waits.append(look(server, crowded))
            time.sleep(LOOK_SECONDS)

    visitor = threading.Thread(target=visit)
    began = time.monotonic()
    server.stop()
    visitor.start()
    server.start()
    up = time.monotonic()
    seconds = opened.all_have_a_snapshot() - began
    back.set()
    visitor.join()
    waits.sort()
    return {
        "server_up_seconds": round(up - began, 2),
        "all_back_seconds": round(seconds, 2),
        "page_ms": {"p50": round(waits[len(waits) // 2]), "max": round(waits[-1])},
    }


def look(server: Served, crowded: Crowd) -> float:
    """Open the list of trainings as somebody; return milliseconds."""
    request = urllib.request.Request("http://{}:{}/".format(*server.address))  # noqa: S310
    request.add_header("Cookie", f"sessionid={crowded.cookies[0]}")
    before = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()
        assert "login" not in answer.url, answer.url
    return 1000 * (time.monotonic() - before)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    main(Path(sys.argv[1]))
