"""What every draft must keep, whichever writer wrote it: order, times inside the recording, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trainings.providers import ChapterDraft, KeyPointDraft, SopDraft, StepDraft

Timed = ChapterDraft | StepDraft | KeyPointDraft


class UnsoundDraft(ValueError):
    """A writer broke a promise; nothing of its draft is stored."""


def require_sound(draft: SopDraft, *, segments: int, duration: float) -> None:
    """Raise `UnsoundDraft` unless the draft keeps its promises for a recording of `duration` seconds.

    Chapters, and steps through all chapters, stand in order and do not overlap; each lies inside the recording and
    rests on at least one of its `segments`; every chapter has a step, every step a title and its place in its chapter.
    """
    steps = [step for chapter in draft.chapters for step in chapter.steps]
    parts: list[Timed] = [*draft.chapters, *steps, *draft.key_points]
    for each in parts:
        _require(0 <= each.start <= each.end <= duration, f"{each} lies outside 0 to {duration}")
        _require(bool(each.evidence), f"{each} rests on nothing")
        _require(all(0 <= index < segments for index in each.evidence), f"{each} rests on segments that are not there")
    _require_ordered(draft.chapters)
    _require_ordered(steps)
    for chapter in draft.chapters:
        _require(bool(chapter.steps and chapter.title.strip()), f"{chapter} has no step or no title")
        for step in chapter.steps:
            _require(chapter.start <= step.start and step.end <= chapter.end, f"{step} lies outside its chapter")
            _require(bool(step.title.strip()), f"{step} has no title")


def _require_ordered(parts: Sequence[Timed]) -> None:
    for part, following in pairwise(parts):
        _require(part.end <= following.start, f"{part} overlaps {following}")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise UnsoundDraft(otherwise)
