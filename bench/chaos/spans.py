"""Stretches of time, as pairs of a beginning and an end."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float]
FOR_EVER = float("inf")


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time in spans that do not touch, by their beginning."""
    found: list[Span] = []
    for began, over in sorted(spans):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], over))
        elif over > began:
            found.append((began, over))
    return found


def subtract(spans: Iterable[Span], less: Iterable[Span]) -> list[Span]:
    """Return the time of `spans` that is in none of `less`."""
    found = union(spans)
    for began, over in union(less):
        pieces = [piece for since, until in found for piece in ((since, min(until, began)), (max(since, over), until))]
        found = [(since, until) for since, until in pieces if since < until]
    return found


def within(spans: Iterable[Span], began: float, over: float) -> float:
    """Return how much of the time between two moments is in spans that do not touch."""
    return sum(max(0.0, min(until, over) - max(since, began)) for since, until in spans)
