"""Do several hosts on one PostgreSQL keep the engine's promises? See `bench/README.md`, section Hosts."""

from __future__ import annotations

from typing import Any


def main() -> dict[str, Any]:
    """Run one campaign without and one with PgBouncer, as `make bench` does: print the table, return the figures."""
    from bench.hosts.command import campaigns

    return campaigns()
