"""The update of a busy installation, as `docs/many-hosts.md` tells operators to do it, and what must hold after it."""

from __future__ import annotations

import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.engine.own_database import own_database
from bench.report import ROOT
from bench.update.release import Release, unpack

WORKERS = 3
JOBS = 16
PATIENCE_SECONDS = 90.0


def tell(commit: str) -> dict[str, Any]:
    """Play the update; return what happened, `broken` with each promise that did not hold."""
    with (
        tempfile.TemporaryDirectory(prefix="trainai-update-", ignore_cleanup_errors=True) as name,
        own_database() as url,
    ):
        scratch = Path(name)
        old_commit = unpack(commit, scratch / "code")
        common = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "beside.settings", "SECRET_KEY": "update"}
        common |= {"WORKERS": str(WORKERS), "EFFECTS": str(scratch / "effects"), "GATE": str(scratch / "gate")}
        old = Release("old", scratch / "code", common, scratch)
        new = Release("new", ROOT, common, scratch)
        with psycopg.connect(url, autocommit=True) as session:
            update = _Update(old, new, session, scratch)
            try:
                return {"old": old_commit, **update.play()}
            finally:
                old.close()
                new.close()


class _Update:
    def __init__(self, old: Release, new: Release, session: psycopg.Connection[Any], scratch: Path) -> None:
        self.old, self.new, self.session = old, new, session
        self.effects, self.gate = scratch / "effects", scratch / "gate"
        self.broken: list[str] = []

    def play(self) -> dict[str, Any]:
        self.old.migrate()
        self.old.ask("people")
        cluster = self.old.start_cluster()
        self._until(lambda: self._count("job_workers") == WORKERS, "the old release's workers")
        kept, unwanted = self.old.ask("enqueue", "beside_long", 2)
        self._until(lambda: self._noted(kept, unwanted), "two jobs begin in the old release")

        self.new.migrate()  # while they run
        self._pages(self.old)
        self.old.ask("enqueue", "beside_short", JOBS)
        self._until(lambda: self._count("job_queue") == 2, "the old release works on the new tables")

        self.new.start_cluster()
        self._until(lambda: self._count("job_workers") == 2 * WORKERS, "the new release's workers")
        for release in (self.new, self.old, self.new):
            release.ask("enqueue", "beside_short", JOBS)
        self._promise(self.new.ask("cancel", unwanted) == "cancelled", "the new release cancels what the old one runs")
        self._until(lambda: self._count("job_queue") == 1, "both releases work")
        self._pages(self.new)

        cluster.send_signal(signal.SIGTERM)
        self._promise(cluster.wait(PATIENCE_SECONDS) == 0, "the old release's workers stop in order")
        (late,) = self.old.ask("enqueue", "beside_long", 1)  # its last web process
        self._until(lambda: self._noted(late), "the new release runs what the old one asks for")
        self._promise(self.old.ask("cancel", late) == "cancelled", "the old release cancels what the new one runs")
        self.gate.touch()
        self._until(lambda: self._count("job_queue") == 0, "the rest is done")
        return self._account(kept, {unwanted, late})

    def _account(self, kept: str, cancelled: set[str]) -> dict[str, Any]:
        """Compare what the tables say with what was done."""
        rows = self.session.execute("SELECT id::text, status, job_type FROM background_jobs").fetchall()
        jobs = {job: (status, job_type) for job, status, job_type in rows if job_type.startswith("beside_")}
        done = [tuple(line.split()) for line in self.effects.read_text().splitlines()]
        times = Counter((job, step) for job, step, _ in done)
        self._promise(len(jobs) == 4 * JOBS + 3, f"every job is there: {len(jobs)}")
        for job, (status, job_type) in jobs.items():
            wanted = "cancelled" if job in cancelled else "completed"
            self._promise(status == wanted, f"{job} is {wanted}: {status}")
            steps = {"beside_short": ["effect"], "beside_long": ["before", "after"]}[job_type]
            for step in steps[:1] if job in cancelled else steps:
                self._promise(times[job, step] == 1, f"{job} {step} once: {times[job, step]}")
        by = Counter(release for _, _, release in done)
        self._promise((kept, "after", "new") in done, "the new release finishes what the old one handed back")
        used = self.session.execute("SELECT retry_count FROM background_jobs WHERE id = %s", [kept]).fetchone()
        self._promise(used == (0,), f"the hand-back used no attempt: {used}")
        self._promise(by["old"] > JOBS and by["new"] > 0, f"both did some: {dict(by)}")
        return {"jobs": len(jobs), "effects": dict(by), "broken": self.broken}

    def _pages(self, release: Release) -> None:
        bad = {page: status for page, status in release.ask("pages").items() if status != 200}
        self._promise(not bad, f"pages of the {release.name} release open: {bad}")

    def _promise(self, holds: bool, words: str) -> None:
        if not holds:
            self.broken.append(words)

    def _noted(self, *jobs: str) -> bool:
        text = self.effects.read_text() if self.effects.exists() else ""
        return all(f"{job} before" in text for job in jobs)

    def _count(self, table: str) -> int:
        where = "WHERE job_id IS NOT NULL" if table == "job_queue" else ""
        row = self.session.execute(f"SELECT count(*) FROM {table} {where}").fetchone()  # noqa: S608  our own names
        return int(row[0]) if row else 0

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not ready():
            if time.monotonic() > give_up:
                raise RuntimeError(f"waited in vain: {what}\n{self.old.said()}\n{self.new.said()}")
            time.sleep(0.05)
