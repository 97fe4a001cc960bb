"""How the quality figures are counted."""

from __future__ import annotations

from bench.matching import Expected, Written, score

TRUE = [
    Expected(("Open Orders", "Click Orders"), 0.0),
    Expected(("Type the order number",), 5.0),
    Expected(("Press Enter",), 5.0),
]


def test_other_accepted_wordings_and_near_times_match() -> None:
    found = score(
        TRUE, [Written("Click Orders", 1.0), Written("Type the number of the order", 6.0), Written("Press Enter", 7.0)]
    )

    assert (found.recall, found.precision, found.order) == (1.0, 1.0, 1.0)
    assert found.start_error == 1.0


def test_a_missed_step_costs_recall_and_a_needless_one_precision() -> None:
    found = score(TRUE, [Written("Click Orders", 0.0), Written("Feed the cat", 3.0)])

    assert (found.recall, found.precision) == (1 / 3, 1 / 2)
    assert found.missed == ("Type the order number", "Press Enter")
    assert found.superfluous == ("Feed the cat",)


def test_steps_in_the_wrong_order_count_once() -> None:
    found = score(TRUE, [Written("Press Enter", 4.0), Written("Type the order number", 5.0)])

    assert found.matched == 1
    assert found.order == 0.5


def test_the_right_words_at_the_wrong_time_do_not_match() -> None:
    assert score(TRUE, [Written("Click Orders", 60.0)]).matched == 0


def test_a_condition_written_as_a_step_is_no_mistake() -> None:
    found = score(TRUE, [Written("Ask a manager", 3.0)], ["If the order is old, ask a manager."])

    assert (found.matched, found.precision) == (0, 1.0)
