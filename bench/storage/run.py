"""One run: measure in a process of its own, print the table."""

from __future__ import annotations

from typing import Any

from bench import alone
from bench.table import table


def main() -> dict[str, Any]:
    """Print the table and return the figures. Raises when what arrived is not what was sent."""
    result = alone.measure("bench.storage.measure")
    heads = [
        "512 MiB into a bucket",
        "rate",
        "CPU of web",
        "its memory at most",
        "bytes over web",
        "CPU of the storage",
    ]
    rows = [
        [
            name,
            f"{way['rate']:.0f} MB/s",
            f"{way['cpu_seconds']:.2f} s",
            f"{way['megabytes']:.0f} MB",
            f"{way['bytes_over_web'] / 1e6:.1f} MB",
            f"{way['storage_cpu_seconds']:.2f} s",
        ]
        for name, way in result.items()
    ]
    print(table(heads, rows))
    return result
