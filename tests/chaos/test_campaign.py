"""Campaigns of `bench/chaos`, short ones: the engine stands them, and a broken engine does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.chaos import apps, report
from bench.report import ROOT
from jobs import sql

pytestmark = [pytest.mark.chaos]


def campaign(*options: str, **variables: str) -> dict[str, Any]:
    """Run one in a process of its own and return its verdict."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", "--json", *options],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr[-3000:]
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


def test_a_minute_of_faults_breaks_no_promise() -> None:
    verdict = campaign("--seed", "22", "--minutes", "1")
    assert verdict["broken"] == []
    assert report.late(verdict) == []
    assert verdict["jobs"] > 30
    assert verdict["kills"] > 0


def test_what_took_far_longer_than_it_may_is_named() -> None:
    verdict: dict[str, Any] = {name: {"n": 0} for name in report.ALLOWED}
    verdict["cluster replaced"] = {"n": 2, "p95": 9.0, "max": 31.0}
    verdict["cancel to row"] = {"n": 40, "p95": 0.2, "max": 31.0}
    verdict["stopped"] = {"n": 1, "p95": 29.0, "max": 29.0}
    assert report.late(verdict) == ["cluster replaced: 31.00 s, allowed 10 s"]


def test_a_statement_that_forgets_the_lease_is_found(tmp_path: Path) -> None:
    """A host that was frozen past its leases ends jobs that another one has: `settle` would let it."""
    whole = sql.load("settle")
    broken = whole.replace("(%(token)s::uuid IS NULL OR token = %(token)s::uuid)", "(%(token)s::uuid IS NULL OR true)")
    assert broken != whole
    (tmp_path / "settle.sql").write_text(broken)
    short = ("--minutes", "0.02", "--only", "freeze_host", "--without-web")
    folder = {apps.SQL: str(tmp_path), apps.LEASE: "6"}
    # Whether the thawed worker is quicker than the main process that ends it is for the machine to decide.
    verdicts = (campaign("--seed", str(seed), *short, **folder) for seed in range(1, 7))
    assert any(line.startswith("2: ") for verdict in verdicts for line in verdict["broken"])
