"""The command line, and what `make bench` runs."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.chaos import history
from bench.chaos.figures import figures
from bench.chaos.index import Index
from bench.chaos.invariants import broken
from bench.chaos.report import late, rivals, tables
from bench.report import ROOT

SEEDS = (1, 2, 3)
MINUTES = 1.0
"""Of each campaign in `make bench`; `python -m bench.chaos --minutes 10` by hand takes its time."""
RIVAL_MINUTES = 0.4
RIVALS = ("ours", "django-q2", "procrastinate")


def command() -> int:
    """Run one campaign; the exit status is 1 when a promise was broken or something took far too long."""
    parser = argparse.ArgumentParser(prog="bench.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="FAULT", help="deal these faults of faults/deck.py only"
    )
    parser.add_argument("--without-web", action="store_true", help="no `up` and no pages: two clusters only")
    parser.add_argument("--history", type=Path, help="write the history to this file")
    parser.add_argument("--check", type=Path, help="decide over a history that was written before")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if options.check:
        events = history.load(options.check)
    else:
        from bench.chaos import campaign

        events = campaign.run(options.seed, options.minutes, options.only, say, web=not options.without_web)
    if options.history:
        history.write(options.history, events)
    verdict = decide(events)
    print(json.dumps(verdict) if options.json else tables({str(options.seed): verdict}))
    return 1 if verdict["broken"] or late(verdict) else 0


def campaigns() -> dict[str, Any]:
    """Run a campaign for each seed, in a process of its own, and print the table."""
    verdicts = {str(seed): apart("bench.chaos", "--json", f"--seed={seed}", f"--minutes={MINUTES}") for seed in SEEDS}
    print(f"{MINUTES:g} minutes of faults for each seed.\n\n{tables(verdicts)}")
    beside = {name: apart("bench.chaos.rivals", name, f"--minutes={RIVAL_MINUTES}") for name in RIVALS}
    print(f"\nThe kills alone, {RIVAL_MINUTES:g} minutes of them, on ours and on its peers:\n\n{rivals(beside)}")
    return {"minutes": MINUTES, "seeds": verdicts, "rivals": beside}


def apart(module: str, *options: str) -> dict[str, Any]:
    """Run one measurement in a process of its own: its settings name a database that is made for it."""
    done = subprocess.run([sys.executable, "-m", module, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def decide(events: list[history.Event]) -> dict[str, Any]:
    """Return the figures of a history, and under `broken` every promise that was not kept."""
    index = Index(events)
    found = broken(index)
    return {**figures(index, found), "broken": [f"{one.invariant}: {one.job} {one.what}" for one in found]}


def say(line: str) -> None:
    """Tell whoever waits."""
    print(line, file=sys.stderr, flush=True)
