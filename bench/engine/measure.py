"""Measures one engine in a process of its own: `python -m bench.engine.measure PEER LOAD WAKE_UPS TASKS`."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from bench.engine import meter, run
from bench.engine.load import LOADS
from bench.peers import bell


def main(module: str, load: str, wake_ups: int, tasks: int) -> dict[str, Any]:
    """Return the figures: milliseconds and tasks per second; of our own engine also what a job costs."""
    ours = module == "ours"
    with bell.hung() as rung, import_module(f"bench.peers.{module}").opened() as peer:
        laid = LOADS[load]
        if ours:
            laid.behind(peer)
            laid.waiting(peer)
        figures: dict[str, Any] = {"wake_up_ms": meter.wake_up(peer, rung, wake_ups)} if wake_ups else {}
        if ours:
            from bench.engine import cost, lateness

            figures |= cost.measure(peer)
            if load == run.NOTHING:
                figures["schedule_late_ms"] = lateness.measure(peer, rung)
        rate = meter.draining(peer, tasks) if laid.due > tasks else meter.drain(peer, tasks)
        return {**figures, "drain_per_second": round(rate)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
