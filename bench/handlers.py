"""Jobs of the benchmarks."""

from __future__ import annotations

from typing import Any

from bench.peers import bell
from jobs.context import Context
from jobs.registry import handler


@handler("bench_noop", label="Nothing")
def noop(context: Context) -> dict[str, Any]:
    """Do nothing, with its whole record: progress and a result are part of it."""
    if context.input.get("ring"):
        bell.ring()
    context.report(50, "half way")
    return {"done": True}
