"""From checked items to a draft: their times, their order, their chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainings.providers import ChapterDraft, KeyPointDraft, SpokenSegment, StepDraft
from trainings.providers.openai_.answer import TITLE, Group, Item


@dataclass(frozen=True)
class _Placed:
    start: float
    group: int
    item: Item


def chapters(groups: Sequence[Group], segments: Sequence[SpokenSegment], duration: float) -> tuple[ChapterDraft, ...]:
    """Return the chapters that have steps, in the order of the recording, without overlaps."""
    placed = sorted(
        (
            _Placed(min(_said_at(item, segments), duration), number, item)
            for number, group in enumerate(groups)
            for item in group.steps
        ),
        key=lambda each: each.start,
    )
    steps: list[tuple[int, StepDraft]] = []
    furthest = -1
    order = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in placed))}
    names = list(order)
    for place, each in enumerate(placed):
        following = placed[place + 1].start if place + 1 < len(placed) else duration
        end = min(max(segments[index].end for index in each.item.evidence), following, duration)
        # A step that is told late belongs to the chapter that is open by then: chapters do not overlap.
        furthest = max(furthest, order[each.group])
        steps.append((names[furthest], _step(each.item, each.start, max(end, each.start))))
    return tuple(_chapter(groups[group], [step for owner, step in steps if owner == group]) for group in _owners(steps))


def key_points(points: Sequence[Item], segments: Sequence[SpokenSegment], duration: float) -> tuple[KeyPointDraft, ...]:
    """Return the key points with the times of their segments."""
    return tuple(
        KeyPointDraft(
            text=point.text,
            start=min(segments[point.evidence[0]].start, duration),
            end=min(max(segments[index].end for index in point.evidence), duration),
            evidence=point.evidence,
        )
        for point in points
    )


def _owners(steps: Sequence[tuple[int, StepDraft]]) -> list[int]:
    return list(dict.fromkeys(owner for owner, _ in steps))


def _chapter(group: Group, steps: list[StepDraft]) -> ChapterDraft:
    evidence = set(group.evidence).union(*(step.evidence for step in steps))
    title = (group.title or steps[0].title)[:TITLE]
    return ChapterDraft(title, steps[0].start, steps[-1].end, tuple(sorted(evidence)), tuple(steps))


def _step(item: Item, start: float, end: float) -> StepDraft:
    return StepDraft(item.text, start, end, item.evidence, item.body, item.cautions, item.conditions)


def _said_at(item: Item, segments: Sequence[SpokenSegment]) -> float:
    """Return when a step is first said: one segment may hold several steps."""
    segment = segments[item.evidence[0]]
    wanted = {word[:LETTERS].lower() for word in item.text.split() if len(word) >= LETTERS}
    for word in segment.words:
        if word.text.strip()[:LETTERS].lower() in wanted:
            return word.start
    return segment.start


LETTERS = 4
"""Of a word's beginning that are compared: endings change."""
