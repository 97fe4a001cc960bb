"""Jobs of the benchmarks."""

from __future__ import annotations

import time
from typing import Any

from jobs.context import Context
from jobs.registry import handler


@handler("bench_noop", label="Nothing")
def noop(context: Context) -> dict[str, Any]:
    """Say when the first line ran: seconds since the epoch."""
    return {"began": time.time()}
