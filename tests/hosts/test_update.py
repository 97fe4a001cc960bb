"""The last release beside this one while an installation is updated: no job is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench.hosts.command import SKIPPED
from bench.report import ROOT

pytestmark = [pytest.mark.chaos]


def test_the_last_release_and_this_one_work_side_by_side() -> None:
    done = subprocess.run([sys.executable, "-m", "bench.update"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == SKIPPED:
        pytest.skip(done.stderr.strip())
    assert done.stdout, done.stderr[-3000:]
    assert json.loads(done.stdout)["broken"] == []
