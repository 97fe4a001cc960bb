"""The pipeline with real workers: `python -m bench.pipeline`. Seconds a stage, what the pipeline adds, memory.

An installation of its own is started by `manage.py up`, and recordings go in by `manage.py create_training`, as a
person would. Stop watches (`bench/timing/`) note the seconds that providers and media tools work. Wall time runs from
the training's jobs being there to the last of them finished; overhead is what is left of it when the provider
seconds of the critical path are taken away: claiming, storing, reporting, waiting for each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.installation import Installation, installation
from bench.memory import Peaks
from bench.recordings import long, make, places
from bench.table import table

LISTENING_PATH = ("transcription", "sop_generation", "step_pictures")
VIDEO_PATH = ("mux_upload",)
STAGES = (*LISTENING_PATH, *VIDEO_PATH)
MINUTES = 10
ALLOWED_SECONDS, ALLOWED_SHARE = 2.0, 0.03
"""What overhead may be: two seconds and 3 % of the wall time."""


@dataclass(frozen=True)
class Run:
    """One recording's way through the pipeline, in seconds. `provider` is the provider's part of `stage`."""

    recording: str
    duration: float
    status: str
    wall: float
    overhead: float
    allowed: float
    critical: str
    stage: dict[str, float]
    provider: dict[str, float]


def main() -> dict[str, Any]:
    """Measure the sample and a recording of ten minutes, print the tables and return the figures."""
    recordings = {"sample": places.video("sample"), f"{MINUTES} minutes": long_one()}
    with installation() as place, Peaks(place.folder) as peaks:
        runs = [measured(place, name, video) for name, video in recordings.items()]
    result = {"runs": [asdict(run) for run in runs], "peak_memory_mb": peaks.megabytes}
    print(tables(result))
    return result


def long_one() -> Path:
    """Return the recording of ten minutes; it and its parts are made when they are not there."""
    missing = [name for name in places.NAMES if not places.is_fresh(name)]
    for name in missing:
        make.make(name)
    video = long.path_of(MINUTES)
    return video if video.exists() and not missing else long.make(MINUTES)


def measured(place: Installation, name: str, video: Path) -> Run:
    """Put one recording through and add its figures up. Raises when no training comes out of it."""
    place.forget_notes()
    training = place.create_training(video)
    jobs = place.jobs(training["training"])
    provider = dict.fromkeys(STAGES, 0.0)
    for note in place.notes():
        provider[note["stage"]] += note["seconds"]
    wall = max(job["completed_at"] for job in jobs.values()) - min(job["created_at"] for job in jobs.values())
    critical = critical_path(jobs)
    return Run(
        recording=name,
        duration=training["duration"],
        status=training["status"],
        wall=wall,
        overhead=wall - sum(provider[stage] for stage in critical),
        allowed=ALLOWED_SECONDS + ALLOWED_SHARE * wall,
        critical=" > ".join(critical),
        stage={stage: jobs[stage]["completed_at"] - jobs[stage]["started_at"] for stage in STAGES},
        provider=provider,
    )


def critical_path(jobs: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    """Return the chain of jobs that ended last: it decides when the training is ready."""
    return max((LISTENING_PATH, VIDEO_PATH), key=lambda path: jobs[path[-1]]["completed_at"])


def tables(result: Mapping[str, Any]) -> str:
    """Return the figures as two Markdown tables."""
    heads = ["recording", "lasts", *STAGES, "wall", "overhead", "allowed"]
    rows = [
        [run["recording"], f"{run['duration']:.0f} s"]
        + [f"{run['stage'][stage]:.1f} s ({run['provider'][stage]:.1f})" for stage in STAGES]
        + [f"{run[key]:.1f} s" for key in ("wall", "overhead", "allowed")]
        for run in result["runs"]
    ]
    memory = [[name, f"{peak:.0f} MB"] for name, peak in result["peak_memory_mb"].items()]
    legend = "Seconds a stage took, in brackets what its provider and media tools did of that."
    return "\n\n".join([table(heads, rows), legend, table(["process", "peak memory"], memory)])


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
