"""One run: measure in a process of its own, print the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import alone
from bench.table import table


def main() -> dict[str, Any]:
    """Print the tables and return the figures."""
    result = alone.measure("bench.live.measure")
    print(text(result))
    return result


def text(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    heads = ["50 jobs reporting", "messages", "p50", "p95", "p99", "lost final states", "memory a socket", "CPU"]
    rows = [
        [
            name,
            f"{scene['messages_per_second']}/s",
            *(f"{scene['delay_ms'][key]:.1f} ms" for key in ("p50", "p95", "p99")),
            str(scene["lost_final_states"]),
            f"{scene['kilobytes_per_socket']:.0f} kB",
            f"{100 * scene['cpu_share']:.0f} %",
        ]
        for name, scene in result["scenes"].items()
    ]
    restarts = [
        [
            name,
            f"{scene['restart']['server_up_seconds']:.1f} s",
            f"{scene['restart']['all_back_seconds']:.1f} s",
            f"{scene['restart']['page_ms']['p50']} ms",
            f"{scene['restart']['page_ms']['max']} ms",
        ]
        for name, scene in result["scenes"].items()
    ]
    again = ["after a restart", "web is up", "all pages live", "a page meanwhile, p50", "slowest"]
    legend = "At 500 sockets p50 at most 20 ms and p99 at most 150 ms are wanted; everybody back within 30 s."
    return "\n\n".join([table(heads, rows), table(again, restarts), legend])
