"""Measures the desk in a process of its own: `python -m bench.desk.measure FILE ROWS`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import alone
from bench.desk import pages, rows
from bench.desk.beside import Beside
from bench.desk.browser import Browser
from bench.report import ROOT
from bench.served import OURS, Served

SECONDS_A_ROW = 60 / 1_000_000
"""How long it is looked at without the clean-up, so that a short run is short."""
LEAST_SECONDS = 5.0
DAYS = 0.005
"""What ended longer ago is deleted: all that was laid, and nothing of what ends meanwhile."""


def main(target: Path, number: int) -> None:
    """Write the figures."""
    alone.prepared()
    people = rows.lay(number)
    server = Served(OURS, environment={})
    try:
        browser = Browser(server.address, people.operator)
        shown = pages.measure(browser, server, people)
        beside = Beside(browser, people)
        with beside.going_on() as without:
            time.sleep(max(LEAST_SECONDS, number * SECONDS_A_ROW))
        with beside.going_on() as meanwhile:
            clean_up = cleaned()
    finally:
        server.close()
    figures = {"rows": number, "pages": shown, "without": without, "beside": meanwhile, "clean_up": clean_up}
    target.write_text(json.dumps(figures), encoding="utf-8")


def cleaned() -> dict[str, Any]:
    """Run the clean-up as an operator does; return what it says, its seconds, and whether the unfinished are there."""
    from jobs.models import BackgroundJob, JobQueue

    argv = [sys.executable, "manage.py", "cleanup_jobs", "--days", str(DAYS), "--json"]
    before = time.perf_counter()
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    seconds = time.perf_counter() - before
    queued = set(JobQueue.objects.values_list("job_id", flat=True))
    kept = queued <= set(BackgroundJob.objects.filter(pk__in=queued).values_list("pk", flat=True))
    return {**json.loads(done.stdout), "seconds": seconds, "unfinished_kept": kept}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
