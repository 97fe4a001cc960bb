"""How chapters are counted."""

from __future__ import annotations

import pytest

from bench.boundaries import Part, compare, window_diff

TRUE = [Part(0.0, "Find the order"), Part(30.0, "Check it"), Part(60.0, "Give the money back")]


def test_the_true_chapters_score_full_marks() -> None:
    found = compare(TRUE, TRUE, 90.0)

    assert (found.recall, found.precision, found.window_diff) == (1.0, 1.0, 0.0)
    assert (found.named, found.named_of) == (3, 3)


def test_a_start_counts_within_five_seconds_and_only_once() -> None:
    found = compare(TRUE, [Part(10.0, "Orders"), Part(26.0, "Check"), Part(33.0, "Again"), Part(66.0, "Money")], 90.0)

    assert (found.matched, found.expected, found.written) == (1, 2, 3)
    assert (found.named, found.named_of) == (2, 2)


def test_one_chapter_for_everything_misses_every_start_and_writes_no_wrong_one() -> None:
    found = compare(TRUE, [Part(0.0, "All of it")], 90.0)

    assert (found.recall, found.precision) == (0.0, 1.0)
    assert found.window_diff > 0.2


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    assert 0 < window_diff([30.0], [33.0], 60.0) < window_diff([30.0], [45.0], 60.0)


@pytest.mark.parametrize("duration", [0.0, 0.3, 1.0])
def test_a_recording_of_a_moment_can_be_measured(duration: float) -> None:
    assert window_diff([], [], duration) == 0.0
