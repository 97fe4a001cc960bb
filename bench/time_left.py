"""How honest the time left is: `python -m bench.time_left`. The true end should lie in the shown range 8 times of 10.

The scripted recordings go through an installation of their own, twice: it begins without any history. Beside it
`bench.shown_times` notes four times a second what a page would show. Counted before a range is rounded outwards for
people, which only makes it wider. `shown` is the part of the looks in which anything was said; `width` the mean of most
minus least, `left` the mean of what was truly left: a range that says nothing is honest too. A part that takes less
than a second is shown as "about 1 s", and nearly always inside.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.installation import Installation, installation
from bench.recordings import make, places
from bench.table import table

ROUNDS = 2
WANTED = 0.8
ORDER = ("transcription", "sop_generation", "step_pictures", "mux_upload", "whole")


def main() -> dict[str, Any]:
    """Measure, print the table and return the figures."""
    for name in places.NAMES:
        if not places.is_fresh(name):
            make.make(name)
    with installation() as place:
        notes = place.folder / "shown.jsonl"
        ends: dict[str, dict[str, float]] = {}
        with noting(place, notes):
            for _ in range(ROUNDS):
                for name in places.NAMES:
                    training = place.create_training(places.video(name))
                    jobs = place.jobs(training["training"])
                    ends[training["training"]] = {what: job["completed_at"] for what, job in jobs.items()}
        lines = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    result = {"parts": figures(lines, ends), "wanted": WANTED, "trainings": len(ends)}
    print(told(result))
    return result


@contextmanager
def noting(place: Installation, notes: Path) -> Iterator[None]:
    """Note what is shown as long as the block runs."""
    notes.touch()
    argv = [sys.executable, "-m", "bench.shown_times", str(notes)]
    watcher = subprocess.Popen(argv, cwd=places.ROOT, env=place.environment)
    try:
        yield
    finally:
        watcher.terminate()
        watcher.wait()


def figures(lines: Iterable[Mapping[str, Any]], ends: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return by part: how often it was looked at, the part of that in which a range was shown, and how good it was."""
    by_part: dict[str, list[tuple[Mapping[str, Any], float]]] = defaultdict(list)
    for line in lines:
        end = true_end(line, ends)
        if end is not None and end >= line["at"]:
            by_part[line["what"]].append((line, end - line["at"]))
    return {what: _figures(by_part[what]) for what in ORDER if by_part[what]}


def true_end(line: Mapping[str, Any], ends: Mapping[str, Mapping[str, float]]) -> float | None:
    """Return when what a line speaks of was done, None when it never was."""
    known = ends.get(line["training"])
    return (max(known.values()) if line["what"] == "whole" else known.get(line["what"])) if known else None


def _figures(looks: list[tuple[Mapping[str, Any], float]]) -> dict[str, float]:
    shown = [(line["least"], line["most"], left) for line, left in looks if line["least"] is not None]
    return {
        "looks": len(looks),
        "shown": len(shown) / len(looks),
        "inside": statistics.fmean(least <= left <= most for least, most, left in shown) if shown else 0.0,
        "early": statistics.fmean(left < least for least, _most, left in shown) if shown else 0.0,
        "late": statistics.fmean(left > most for _least, most, left in shown) if shown else 0.0,
        "width_seconds": statistics.fmean(most - least for least, most, _ in shown) if shown else 0.0,
        "left_seconds": statistics.fmean(left for *_, left in shown) if shown else 0.0,
    }


def told(result: Mapping[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    heads = ["part", "looks", "shown", "end inside", "earlier", "later", "width", "left"]
    rows = [
        [what, str(part["looks"])]
        + [f"{part[key]:.0%}" for key in ("shown", "inside", "early", "late")]
        + [f"{part[key]:.1f} s" for key in ("width_seconds", "left_seconds")]
        for what, part in result["parts"].items()
    ]
    return table(heads, rows)


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
