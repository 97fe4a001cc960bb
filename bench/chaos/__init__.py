"""Does the engine keep its promises while everything around it breaks? See `bench/README.md`, section Chaos."""

from __future__ import annotations

from typing import Any


def main() -> dict[str, Any]:
    """Run one campaign as `make bench` does: print the table and return the figures."""
    from bench.chaos import command  # this package is a Django app too: nothing heavy at its import

    return command.campaigns()
