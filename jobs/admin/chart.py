"""Charts as SVG, drawn by the server: points and bars in a box of fixed size that the page scales."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

WIDTH, HEIGHT = 720.0, 140.0
SPARK_WIDTH, SPARK_HEIGHT = 240.0, 36.0


@dataclass(frozen=True)
class Bar:
    """One time slot: stacked parts as (class, y, height), and what it says when pointed at."""

    x: float
    width: float
    parts: list[tuple[str, float, float]]
    title: str


@dataclass(frozen=True)
class Bars:
    """A bar chart with its scale."""

    bars: list[Bar]
    top: int
    labels: list[tuple[float, str]]
    width: float = WIDTH
    height: float = HEIGHT


def bars(slots: Sequence[tuple[datetime.datetime, dict[str, int]]], form: str, *, look: Mapping[str, str]) -> Bars:
    """Stack the numbers of each slot, the first of `look` at the bottom; it names each kind of number in words. `form`
    writes a slot's time."""
    top = max([sum(numbers.values()) for _when, numbers in slots] + [1])
    width = WIDTH / max(1, len(slots))
    drawn, labels = [], []
    for place, (when, numbers) in enumerate(slots):
        y, parts = HEIGHT, []
        for name in look:
            height = numbers.get(name, 0) / top * HEIGHT
            y -= height
            if height:
                parts.append((name, round(y, 2), round(height, 2)))
        told = ", ".join(f"{numbers.get(name, 0)} {word}" for name, word in look.items())
        time = date_format(when, form)
        drawn.append(Bar(round(place * width + width * 0.1, 2), round(width * 0.8, 2), parts, f"{time}: {told}"))
        if place % max(1, len(slots) // 6) == 0:
            labels.append((round((place * width) / WIDTH * 100, 2), time))
    return Bars(drawn, top, labels)


def line(values: Sequence[float | None]) -> list[str]:
    """Return polylines through the values, one for each stretch without a gap."""
    top = max([value for value in values if value is not None] + [1e-9])
    across = SPARK_WIDTH / max(1, len(values) - 1)
    stretches: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        y = SPARK_HEIGHT - 2 - value / top * (SPARK_HEIGHT - 4)
        stretches[-1].append(f"{place * across:.1f},{y:.1f}")
    # A lone point is drawn as a dash: a line needs two.
    return [" ".join(points if len(points) > 1 else [points[0], _right(points[0])]) for points in stretches if points]


def _right(point: str) -> str:
    x, y = point.split(",")
    return f"{float(x) + 3:.1f},{y}"
