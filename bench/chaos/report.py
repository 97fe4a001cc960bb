"""The figures of campaigns as tables, a column for each."""

from __future__ import annotations

from typing import Any

from bench.table import table

COUNTS = (
    "jobs", "faults", "kills", "commits unheard", "lost", "double effects", "paid twice", "calls cut by a crash",
    "other promises broken",
)  # fmt: skip
LONGEST = ("longest unowned", "longest beside an idle worker")
ALLOWED: dict[str, float | None] = {
    "worker's death noticed": 1.0,
    "its job runs again": 2.0,
    "with its turn in line": None,
    "lost host noticed": 16.0,
    "cluster replaced": 10.0,
    "stopped": 10.0,
    "others' delay beside poison": 5.0,
    "cancel to row": 0.3,
    "cancel to page": 0.3,
    "cancel to children gone": 1.0,
    "cancel to stubborn worker gone": 3.0,
}
"""Seconds, if there is a limit; a cancel's row and page at p95, the others at most."""
AT_P95 = ("cancel to row", "cancel to page")
TOO_LATE = 3.0
"""Times the allowed: a machine with other work is late, an engine that waits for the wrong thing is later still."""


def late(verdict: dict[str, Any]) -> list[str]:
    """Return in a line each what took more than `TOO_LATE` times as long as it may."""
    took = {name: verdict[name]["p95" if name in AT_P95 else "max"] for name in ALLOWED if verdict[name]["n"]}
    return [
        f"{name}: {took[name]:.2f} s, allowed {limit:g} s"
        for name, limit in ALLOWED.items()
        if limit and took.get(name, 0.0) > TOO_LATE * limit
    ]


def tables(verdicts: dict[str, dict[str, Any]]) -> str:
    """Return counts and latencies as Markdown, and what was broken in plain lines."""
    seeds = list(verdicts)
    counts = [[name, *(str(verdicts[seed][name]) for seed in seeds)] for name in COUNTS]
    counts += [[name, *(f"{verdicts[seed][name]} s" for seed in seeds)] for name in LONGEST]
    times = [
        [name, f"{limit:g} s" if limit else "", *(_spread(verdicts[seed][name]) for seed in seeds)]
        for name, limit in ALLOWED.items()
    ]
    parts = [
        table(["", *(f"seed {seed}" for seed in seeds)], counts),
        table(["p50 / p95 / p99 / max (how many)", "allowed", *(f"seed {seed}" for seed in seeds)], times),
    ]
    broken = [f"seed {seed}, invariant {line}" for seed in seeds for line in verdicts[seed]["broken"]]
    slow = [f"seed {seed}, {line}" for seed in seeds for line in late(verdicts[seed])]
    return "\n\n".join([*parts, *broken, *slow])


def rivals(found: dict[str, dict[str, Any]]) -> str:
    """Return what kills did to each engine as Markdown."""
    names = list(next(iter(found.values())))
    seconds = ("longest unowned", "calm before the end")
    rows = [[name, *(f"{one[name]}{' s' if name in seconds else ''}" for one in found.values())] for name in names]
    return table(["", *found], rows)


def _spread(found: dict[str, float]) -> str:
    if not found["n"]:
        return "none"
    return " / ".join(f"{found[name]:.2f}" for name in ("p50", "p95", "p99", "max")) + f" s ({found['n']:.0f})"
