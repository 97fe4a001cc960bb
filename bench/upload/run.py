"""One run: measure in a process of its own, print the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import alone
from bench.table import table
from bench.upload.rates import PAGE, PIECES

LEAST_SHARE, MOST_MEGABYTES, MOST_MORE = 0.6, 32.0, 0.01
"""Ours beside tuspyserver's rate; memory above idle; bytes sent again for 100 cuts."""


def main() -> dict[str, Any]:
    """Print the tables and return the figures. Raises when a file was wrong."""
    result = alone.measure("bench.upload.measure", "rates")
    print(text(result))
    if not result["cuts"]["right"]:
        raise RuntimeError("the file is not what was sent")
    return result


def text(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    heads = ["2 GB", "rate", "on disk", "memory above idle", "written by the process", "its CPU"]
    rows = [
        [
            name,
            f"{way['rate']:.0f} MB/s",
            f"{way['rate_on_disk']:.0f} MB/s",
            f"{way['megabytes_above_idle']:.0f} MB",
            f"{way['written'] / 1e9:.2f} GB",
            f"{way['cpu_seconds']:.1f} s",
        ]
        for name, way in result["ways"].items()
    ]
    rates = result["ways"]
    shares = [f"{rates[f'ours, {how}']['rate'] / rates[f'tuspyserver, {how}']['rate']:.2f} {how}" for how in PIECES]
    ours, theirs = (_milliseconds_a_piece(rates, who) for who in ("ours", "tuspyserver"))
    cuts = result["cuts"]
    return "\n\n".join(
        [
            table(heads, rows),
            f"Beside tuspyserver: {'; '.join(shares)} (at least {LEAST_SHARE});"
            f" memory at most {MOST_MEGABYTES:.0f} MB above idle.",
            f"A piece costs {ours:.0f} ms more than its bytes do in one body (tuspyserver: {theirs:.0f} ms): who asks,"
            " whether they may, the lock, the space, and an offset that is on disk before it is told.",
            f"{cuts['times']} cuts over {cuts['size'] / 2**30:.0f} GiB: {100 * cuts['more']:.3f} % more bytes sent"
            f" (at most {100 * MOST_MORE:.0f} %), SHA-256 {'right' if cuts['right'] else 'WRONG'}.",
        ]
    )


def _milliseconds_a_piece(ways: Mapping[str, Mapping[str, float]], who: str) -> float:
    """Return what a request costs beside its bytes: what they take in pieces over what they take in one body."""
    seconds_a_megabyte = 1 / ways[f"{who}, {PAGE}"]["rate"] - 1 / ways[f"{who}, one body"]["rate"]
    return 1000 * seconds_a_megabyte * PIECES[PAGE] / 1e6
