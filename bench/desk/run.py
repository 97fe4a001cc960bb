"""One run: measure in a process of its own, print the tables."""

from __future__ import annotations

import argparse
from typing import Any

from bench import alone
from bench.table import table

ROWS = 1_000_000


def main() -> dict[str, Any]:
    """Print the tables and return the figures. Raises when the clean-up left something or took too much."""
    parser = argparse.ArgumentParser(prog="bench.desk", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"jobs in the tables (default {ROWS:,})")
    result = alone.measure("bench.desk.measure", str(parser.parse_args().rows))
    print(
        table([f"page of {result['rows']:,} jobs", "median", "p95", "slowest", "CPU of web"], _pages(result["pages"]))
    )
    print()
    print(table(["beside the clean-up", "without", "p95", "slowest", "with", "p95", "slowest"], _beside(result)))
    cleaned = result["clean_up"]
    print(
        f"\n`cleanup_jobs` deleted {cleaned['deleted']:,} of {cleaned['found']:,} jobs in {cleaned['seconds']:.0f} s."
    )
    if cleaned["deleted"] < cleaned["found"] or not cleaned["unfinished_kept"]:
        raise RuntimeError(f"the clean-up did not do what it should: {cleaned}")
    return result


def _pages(pages: dict[str, dict[str, float]]) -> list[list[str]]:
    return [[name, *_told(times)] for name, times in pages.items()]


def _beside(result: dict[str, Any]) -> list[list[str]]:
    without, beside = result["without"], result["beside"]
    return [[name, *_told(without[name]), *_told(beside[name])] for name in without]


def _told(times: dict[str, float]) -> list[str]:
    return [f"{times[which]:.0f} ms" if times[which] >= 10 else f"{times[which]:.1f} ms" for which in times]
