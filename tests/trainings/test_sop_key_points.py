"""What the writer keeps to be remembered."""

from __future__ import annotations

import pytest

from tests.trainings.test_sop_wording import steps, write


def points(*said: str) -> list[str]:
    return [point.text for point in write("Open the list.", *said).key_points]


def test_at_most_five_points_are_kept_and_those_that_ask_for_it_first() -> None:
    limits = [f"The {name} is valid for {count} days." for count, name in enumerate(["box", "slip", "card", "key"], 2)]

    kept = points(*limits, "It has to be printed.", "Paper has to be dry.", "Remember that we never refund shipping.")

    assert len(kept) == 5
    assert "Remember that we never refund shipping." in kept


def test_a_caution_joins_only_while_there_are_few_rules() -> None:
    caution = "Be careful, the plate is hot."
    rules = ["Labels are valid for twelve hours only.", "Remember that visitors may never leave alone."]

    assert caution in points(caution)
    assert points(caution, *rules) == rules


def test_what_was_said_twice_is_kept_once() -> None:
    assert points("Labels are valid for twelve hours only.", "So the labels are only valid for twelve hours.") == [
        "Labels are valid for twelve hours only."
    ]


@pytest.mark.parametrize(
    "said",
    [
        "It takes the bank three to five days, so please tell the customer not to worry.",
        "You can tell them that the money comes within a week.",
    ],
)
def test_what_may_be_told_to_others_is_a_point_and_no_step(said: str) -> None:
    assert [step.title for step in steps("Open the list.", said)] == ["Open the list"]
    assert points(said) == [said]


def test_telling_somebody_something_to_do_stays_a_step() -> None:
    assert [step.title for step in steps("Tell the visitor to sign the form.")] == ["Tell the visitor to sign the form"]
    assert len(steps("Click Send and tell the customer not to worry.")) == 2


def test_a_statement_that_means_nothing_alone_is_no_point() -> None:
    assert points("It has to be printed.", "Labels are valid for twelve hours only.") == [
        "Labels are valid for twelve hours only."
    ]
