"""Where in the line waiting jobs stand. Companies take turns, so the line that can be told is their company's own."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from jobs import limits, queries, registry

MOST = 100
"""So many before a job are counted of each type."""


def before(jobs: Collection[uuid.UUID], held: limits.Limits) -> dict[uuid.UUID, int]:
    """Return how many jobs go before each of these that wait for their turn; `MOST` and more are not told apart."""
    types = set(registry.job_types()) - held.closed_types()
    rows = queries.run("ahead", {"jobs": list(jobs), "types": sorted(types), "most": MOST})
    return {row["job_id"]: row["ahead"] for row in rows}
