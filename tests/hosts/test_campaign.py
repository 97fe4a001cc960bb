"""Hosts in networks of their own, a cable pulled, a pooler between: the engine's promises hold."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from bench.hosts.command import SKIPPED
from bench.report import ROOT

pytestmark = [pytest.mark.chaos]


def test_a_host_that_is_cut_off_behind_a_pooler_breaks_no_promise() -> None:
    if not (shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")):
        pytest.skip("PgBouncer is not installed")
    options = ["--json", "--pooled", "--seed", "5", "--minutes", "0.3", "--only", "cut_off", "kill_worker"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.hosts", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == SKIPPED:
        pytest.skip(done.stderr.strip())
    assert done.stdout, done.stderr[-3000:]
    verdict = json.loads(done.stdout)
    assert verdict["broken"] == []
    assert verdict["jobs"] > 10
