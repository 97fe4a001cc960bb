"""How long work will still take, said as carefully as it is known, and not at all when it is not.

Each run of such work before (`jobs.pace`) gives two answers: its whole time less what has passed, and its whole time
for the part that is not done. They differ, because a part is told as done only when it is: a recording is heard in
batches. This one's own speed gives answers too, and counts the more the farther it is. What is shown holds most of
them. `bench/time_left.py` measures how often the true end lies inside.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from django.utils.translation import gettext as _

from jobs import pace
from jobs.models import BackgroundJob
from jobs.pace import NOTHING, Past

Span: TypeAlias = tuple[float, float]
"""The least and the most seconds."""
Answers: TypeAlias = list[tuple[float, float]]
"""Possible rests in seconds, each with its weight."""

Status = BackgroundJob.Status

SHOWN_FROM_PERCENT = 8
SHOWN_FROM_SECONDS = 4.0
"""Before that the first steps say nothing about the rest."""

SOONER, STRAIGHT, LATER = 0.25, 1.0, 1.5
"""What a straight line may be off by: much of what is not told as done may be done already."""

OWN_WEIGHT = 0.5
"""What its own speed counts at the end, beside all that was before."""

FEWEST_RUNS = 3
OUTSIDE = 0.1
"""The part of the answers left out at each end."""

SLOWEST = 0.2
"""The part of the runs before that counts for nothing: a first one, a busy machine. One slow run among few would make
every range useless."""

BETTER = 0.75
"""The least is taken this much lower: towards the end only the slow runs of before are left to compare with."""

SHORTEST = 1.0
"""Seconds. Nobody needs to know the parts of a second, and work this short varies by more than itself."""

FEW_RUNS, WORSE = 10, 1.2
"""Fewer runs than that have not shown yet how slow it can be: the most is taken this much higher."""

UNLIKE = 1.5
"""A recording so many times longer or shorter: nobody knows which part of the work grows with it."""


def seconds(job: BackgroundJob, now: datetime.datetime, past: Past = NOTHING) -> Span | None:
    """Return the least and the most seconds a running job has left, None while nobody can know."""
    if job.status != Status.PROCESSING or job.cancel_requested_at or not job.started_at:
        return None
    elapsed = max(0.0, (now - job.started_at).total_seconds())
    done = job.progress_percentage / 100
    totals = list(_before(job, past))
    before = [total - elapsed for total in totals if total > elapsed]
    before += [total * (1 - done) for total in totals if done]
    if totals and not before:
        return None  # it takes longer than it usually does
    own = _own(job, elapsed, done)
    if not before:
        return _around(own) if own else None
    trust = OWN_WEIGHT * done if own else 0.0
    answers = [(rest, (1 - trust) / len(before)) for rest in before] + [(rest, trust / len(own)) for rest in own]
    return _middle(answers, few=len(totals) < FEW_RUNS)


def whole(jobs: Iterable[BackgroundJob], now: datetime.datetime, past: Past = NOTHING) -> Span | None:
    """Return the seconds until the last of these jobs is done, None when one of them cannot be told."""
    unfinished = {job.pk: job for job in jobs if not job.is_final}
    ends: dict[object, Span | None] = {}

    def end(job: BackgroundJob) -> Span | None:
        if job.pk not in ends:
            ends[job.pk] = None
            ends[job.pk] = seconds(job, now, past) if job.status == Status.PROCESSING else after(job)
        return ends[job.pk]

    def after(job: BackgroundJob) -> Span | None:
        first = unfinished.get(job.depends_on_id) if job.depends_on_id else None
        begins = end(first) if first else None
        takes = usual(job, past) if begins else None
        return (begins[0] + takes[0], begins[1] + takes[1]) if begins and takes else None

    spans = [end(job) for job in unfinished.values()]
    known = [span for span in spans if span]
    if not known or len(known) < len(spans):
        return None
    return max(least for least, _most in known), max(most for _least, most in known)


def usual(job: BackgroundJob, past: Past) -> Span | None:
    """Return how long a job that has not begun will take."""
    before = list(_before(job, past))
    return _middle([(rest, 1 / len(before)) for rest in before], few=len(before) < FEW_RUNS) if before else None


def words(job: BackgroundJob, now: datetime.datetime, past: Past = NOTHING) -> str:
    """Say the time a job has left as a range, empty while nobody can know."""
    return said(seconds(job, now, past))


def said(span: Span | None) -> str:
    """Say a range; empty for none. Rounded outwards, so that rounding takes nothing from its truth."""
    if span is None:
        return ""
    least, most = rounded(span[0], math.floor), rounded(span[1], math.ceil)
    if least == most:
        return _("about %(time)s left") % {"time": most}
    number, _space, unit = least.rpartition(" ")
    if most.endswith(f" {unit}"):
        least = number
    return _("%(least)s to %(most)s left") % {"least": least, "most": most}


def rounded(value: float, whole: Callable[[float], int] = round) -> str:
    """Return seconds as people say them: "5 s", "40 s", "3 min", "2 h"."""
    if value < 10:
        return _("%(count)d s") % {"count": max(1, whole(value))}
    if value < (60 if whole is math.floor else 55):
        return _("%(count)d s") % {"count": (math.ceil if whole is round else whole)(value / 5) * 5}
    if value < (3600 if whole is math.floor else 55 * 60):
        return _("%(count)d min") % {"count": max(1, whole(value / 60))}
    return _("%(count)d h") % {"count": max(1, whole(value / 3600))}


def _before(job: BackgroundJob, past: Past) -> Iterator[float]:
    """Yield the whole time that each run before says, but the slowest; nothing when there are too few."""
    media = pace.media_seconds(job)
    runs = past.like(job, media) if media else []
    if not media or len(runs) < FEWEST_RUNS:
        return
    usual_runs = sorted(runs, key=lambda run: run.seconds / run.media)[: math.ceil(len(runs) * (1 - SLOWEST))]
    for run in usual_runs:
        longer = media / run.media
        yield run.seconds * longer
        if max(longer, 1 / longer) > UNLIKE:
            yield run.seconds


def _own(job: BackgroundJob, elapsed: float, done: float) -> list[float]:
    """Return the rests at this attempt's own speed. A second attempt begins somewhere in the middle and has none."""
    if job.retry_count or job.progress_percentage < SHOWN_FROM_PERCENT or elapsed < SHOWN_FROM_SECONDS:
        return []
    straight = elapsed * (1 - done) / done
    return [straight * factor for factor in (SOONER, STRAIGHT, LATER)]


def _around(rests: list[float]) -> Span:
    return min(rests), max(rests)


def _middle(answers: Answers, *, few: bool) -> Span:
    """Return what holds the weight of all answers but the outermost."""
    ordered = sorted(answers)
    least, most = _reach(ordered), _reach(reversed(ordered))
    least, most = least * BETTER, most * (WORSE if few else 1.0)
    return (least if least >= SHORTEST else 0.0), max(most, SHORTEST)


def _reach(answers: Iterable[tuple[float, float]]) -> float:
    weight = 0.0
    for rest, each in answers:
        weight += each
        if weight >= OUTSIDE:
            return rest
    raise ValueError("no answers")
