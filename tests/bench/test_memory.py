"""Memory is watched in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.memory import Peaks

SCRIPT = "block = bytearray(150_000_000); block[::4096] = b'x' * len(block[::4096]); del block; print('ready'); input()"


def test_a_peak_is_known_after_the_memory_was_given_back(tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    argv = [sys.executable, "-c", SCRIPT, "manage.py qcluster"]
    pipes = subprocess.Popen(argv, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with Peaks(tmp_path) as peaks, pipes as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        peaks.look()
        process.communicate(b"\n")
    assert 150 < peaks.megabytes["worker"] < 250


def test_processes_of_others_do_not_count(tmp_path: Path) -> None:
    with Peaks(tmp_path) as peaks:
        peaks.look()
    assert peaks.megabytes == {}
