"""Chapters where the speaker asked for them."""

from __future__ import annotations

import pytest

from trainings import draft_check, marked_parts
from trainings.providers import ChapterDraft, SopDraft, StepDraft

DRAFT = SopDraft(
    "Refund an order",
    (
        ChapterDraft(
            "Refund an order",
            0.0,
            40.0,
            (0, 1, 2, 3),
            tuple(StepDraft(f"Step {place}", 10.0 * place, 10.0 * place + 8, (place,)) for place in range(4)),
        ),
    ),
)


def parts(*marks: float) -> list[tuple[str, float, float, int]]:
    draft = marked_parts.split(DRAFT, marks)
    draft_check.require_sound(draft, segments=4, duration=40.0)
    return [(chapter.title, chapter.start, chapter.end, len(chapter.steps)) for chapter in draft.chapters]


def test_a_mark_begins_a_chapter_with_the_step_after_it() -> None:
    assert parts(19.0) == [("Refund an order", 0.0, 18.0, 2), ("Step 2", 19.0, 40.0, 2)]


def test_a_mark_set_a_moment_late_still_means_the_step_that_has_begun() -> None:
    assert parts(20.5)[1] == ("Step 2", 20.0, 40.0, 2)


@pytest.mark.parametrize("marks", [(), (0.0,), (39.0,), (500.0,)])
def test_marks_with_nothing_to_part_change_nothing(marks: tuple[float, ...]) -> None:
    assert marked_parts.split(DRAFT, marks) == DRAFT


def test_several_marks_before_one_step_are_one() -> None:
    assert [steps for *_, steps in parts(8.5, 9.0, 28.0)] == [1, 2, 1]
