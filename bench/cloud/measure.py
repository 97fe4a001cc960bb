"""Two questions: how long an hour of recording takes with services elsewhere, and what a killed worker costs there.

A whole installation runs each time, with workers that are killed as a machine would: by SIGKILL, at every call there
is, once when the service has it and once when its answer is on its way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, get_args

from bench.cloud import films
from bench.cloud.services import SlowMux, SlowOpenAI, environment
from bench.installation import Installation, installation
from bench.table import table
from tests.fakes.reaper import Moment, Reaper
from tests.fakes.server import running

MINUTES = 60
STUMBLES = 0.03


@dataclass(frozen=True)
class Hour:
    """One recording's way, in seconds. `waited` is the time in which a call was open."""

    recording: str
    wall: float
    longest: float
    waited: float
    video: float
    pictures: float
    calls: int
    stumbles: int
    repeated: int
    attempts_used: int

    @property
    def overhead(self) -> float:
        return self.wall - self.waited


@dataclass(frozen=True)
class Kill:
    """What one killed worker cost. `cut` calls had begun, and their answers were not stored when it died."""

    at: int
    moment: Moment
    struck: bool
    cut: int
    repeated: int
    assets: int
    ready: bool


def main() -> dict[str, Any]:
    """Measure, print the tables and return the figures."""
    parser = argparse.ArgumentParser(prog="bench.cloud", description=__doc__)
    parser.add_argument("--minutes", type=int, default=MINUTES)
    parser.add_argument("--kills", type=int, default=1000, help="at most so many calls at which a worker is killed")
    options = parser.parse_args()
    hours = [hour(options.minutes, stumbles) for stumbles in (0.0, STUMBLES)]
    print(hours_table(hours), flush=True)
    kills = list(killed(options.kills))
    print(f"\n{kills_table(kills)}")
    return {"hours": [asdict(each) for each in hours], "kills": [asdict(each) for each in kills]}


@contextmanager
def services(pace: float, stumbles: float = 0.0) -> Iterator[tuple[Installation, SlowOpenAI, SlowMux]]:
    """Give an installation and the services that it uses."""
    with (
        running(SlowOpenAI(pace=pace, stumbles=stumbles)) as openai,
        running(SlowMux(pace=pace)) as mux,
        installation(environment(openai, mux)) as place,
    ):
        mux.webhook = f"http://127.0.0.1:{place.environment['PORT']}/webhooks/mux/"
        yield place, openai, mux


def hour(minutes: int, stumbles: float) -> Hour:
    """Put a long recording through, with services at their true pace."""
    film = films.long(minutes)
    with services(1.0, stumbles) as (place, openai, _):
        openai.watcher = reaper = Reaper()
        made = place.create_training(film)
        jobs = place.jobs(made["training"])
    began = min(job["created_at"] for job in jobs.values())
    return Hour(
        recording=f"{minutes} minutes" + (f", {stumbles:.0%} of calls fail" if stumbles else ""),
        wall=jobs["sop_generation"]["completed_at"] - began,
        longest=openai.calls.longest,
        waited=openai.calls.waited,
        video=jobs["mux_upload"]["completed_at"] - began,
        pictures=jobs["step_pictures"]["completed_at"] - jobs["step_pictures"]["started_at"],
        calls=sum(reaper.calls.values()),
        stumbles=openai.stumbled,
        repeated=reaper.repeated,
        attempts_used=sum(job["retry_count"] for job in made["jobs"]),
    )


def killed(most: int) -> Iterator[Kill]:
    """Kill a worker at each call of a short recording, one installation for all."""
    with services(0.02) as (place, openai, mux):
        openai.watcher = mux.watcher = whole = Reaper()
        place.create_training(films.variant(0))
        for number in range(min(whole.requests, most)):
            for moment in get_args(Moment):
                openai.watcher = mux.watcher = reaper = Reaper(number + 1, moment)
                mux.assets.clear()
                film = films.variant(2 * number + 1 + (moment == "answered"))
                made = place.create_training(film)
                struck, ready = bool(reaper.victim), made["status"] == "ready"
                cut = place.cut_calls(made["training"])
                yield Kill(number + 1, moment, struck, cut, reaper.repeated, len(mux.assets), ready)


def hours_table(hours: list[Hour]) -> str:
    heads = ["recording", "steps there", "longest call", "a call open", "overhead", "video", "pictures"]
    rows = [
        [each.recording]
        + [f"{value:.1f} s" for value in (each.wall, each.longest, each.waited, each.overhead, each.video)]
        + [f"{each.pictures:.1f} s"]
        for each in hours
    ]
    counts = ["recording", "calls", "that failed", "asked again", "attempts used up"]
    lines = [
        [each.recording, str(each.calls), str(each.stumbles), str(each.repeated), str(each.attempts_used)]
        for each in hours
    ]
    return f"{table(heads, rows)}\n\n{table(counts, lines)}"


def kills_table(kills: list[Kill]) -> str:
    heads = ["a worker is killed when", "kills", "paid calls repeated", "of them cut", "beyond", "second assets"]
    heads.append("not ready")
    names: dict[Moment, str] = {"asked": "the service has the call", "answered": "the answer is on its way"}
    rows = []
    for moment, name in names.items():
        some = [kill for kill in kills if kill.moment == moment and kill.struck]
        repeated, beyond = sum(kill.repeated for kill in some), sum(max(0, k.repeated - k.cut) for k in some)
        second = sum(max(0, kill.assets - 1) for kill in some)
        figures = (len(some), repeated, repeated - beyond, beyond, second, sum(not kill.ready for kill in some))
        rows.append([name, *map(str, figures)])
    return table(heads, rows)
