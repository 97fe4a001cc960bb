"""What does one PostgreSQL do under 10, 100 and 1,000 workers? See `docs/many-hosts.md`."""

from __future__ import annotations

from typing import Any


def main() -> dict[str, Any]:
    """Measure each crowd, print the table, return the figures."""
    from bench.crowd.measure import measure

    return measure()
