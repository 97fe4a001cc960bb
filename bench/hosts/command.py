"""The command line, and what `make bench` runs."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.chaos.command import decide, say
from bench.chaos.report import tables
from bench.hosts.network import Impossible
from bench.report import ROOT

MINUTES = 6.0
SKIPPED = 3
"""The exit status where this machine cannot make network namespaces."""


def command() -> int:
    """Run one campaign; the exit status is 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="bench.hosts", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--pooled", action="store_true", help="with PgBouncer in transaction mode before PostgreSQL")
    parser.add_argument("--only", nargs="+", default=[], metavar="FAULT", help="deal these faults only")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    from bench.hosts import campaign

    try:
        events = campaign.run(options.seed, options.minutes, options.only, pooled=options.pooled, say=say)
    except Impossible as lack:
        print(lack, file=sys.stderr)
        return SKIPPED
    verdict = decide(events)
    print(json.dumps(verdict) if options.json else tables({str(options.seed): verdict}))
    return 1 if verdict["broken"] else 0


def campaigns() -> dict[str, Any]:
    """Run one without and one with PgBouncer, each in a process of its own."""
    verdicts = {name: campaign_apart(options) for name, options in {"direct": [], "PgBouncer": ["--pooled"]}.items()}
    print(tables(verdicts))
    return {"minutes": MINUTES, "hosts": verdicts}


def campaign_apart(options: list[str]) -> dict[str, Any]:
    argv = [sys.executable, "-m", "bench.hosts", "--json", "--minutes", str(MINUTES), *options]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict
