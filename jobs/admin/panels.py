"""What other apps show on a job's page: they register a function, for the engine knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.models import BackgroundJob


@dataclass(frozen=True)
class Panel:
    """A small table. `address` leads to all of it, `sum` stands under it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    sum: str = ""
    address: str = ""


Show = Callable[[BackgroundJob], Panel | None]
_shown: list[Show] = []


def register(show: Show) -> Show:
    """Show what `show` returns for a job on its page; None shows nothing."""
    _shown.append(show)
    return show


def of(job: BackgroundJob) -> list[Panel]:
    """Return the panels of a job's page."""
    return [panel for panel in (show(job) for show in _shown) if panel]
