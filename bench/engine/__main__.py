"""The engine's benchmark by hand: `python -m bench.engine [--json]`, see `--help`."""

from __future__ import annotations

import argparse
import json

import bench.engine
from bench.engine import run
from bench.engine.load import LOADS

parser = argparse.ArgumentParser(prog="bench.engine", description=bench.engine.__doc__)
parser.add_argument("--wake-ups", type=int, default=run.WAKE_UPS)
parser.add_argument("--tasks", type=int, default=run.TASKS, help="how many are drained")
parser.add_argument("--peers", nargs="*", default=list(run.PEERS), choices=run.PEERS, metavar="PEER")
parser.add_argument("--loads", nargs="*", default=list(LOADS), choices=LOADS, metavar="LOAD")
parser.add_argument("--json", action="store_true")
options = parser.parse_args()
result = run.measure(options.peers, options.loads, wake_ups=options.wake_ups, tasks=options.tasks)
print(json.dumps(result) if options.json else run.text(result))
