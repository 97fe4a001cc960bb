"""Films a plan, frame by frame: the machine may be slow, the film is always on time."""

from __future__ import annotations

from collections.abc import Iterator

from bench.recordings.hand import Hand
from bench.recordings.plan import Plan
from bench.recordings.stage import Stage

RATE = 10
"""Frames a second; a pointer still looks smooth, and text does not need more."""


def film(stage: Stage, plan: Plan) -> Iterator[bytes]:
    """Yield one PNG for each tenth of a second of the plan."""
    hand = Hand(stage, plan.moves)
    for frame in range(round(plan.duration * RATE)):
        hand.be_at(frame / RATE)
        yield stage.picture()
        stage.advance(1000 // RATE)
