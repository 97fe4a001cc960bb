"""Each benchmark starts as `make bench` starts it: in a process of its own, before any Django is set up."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.__main__ import NAMES
from bench.report import ROOT


def test_every_benchmark_can_be_loaded_without_settings() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    load = "import importlib, sys\nfor name in sys.argv[1:]: assert importlib.import_module(f'bench.{name}').main"
    argv = [sys.executable, "-c", load, *NAMES]
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
