"""Where the writer parts a procedure, and what it calls the parts."""

from __future__ import annotations

import pytest

from bench.boundaries import Part, compare
from jobs.errors import Cancelled
from tests.trainings.narration import Narration, narrations, spoken
from trainings.providers import ChapterDraft, SopDraft, SpokenSegment
from trainings.providers.extractive import ExtractiveWriter

KNOWN, HELD_OUT = narrations("known"), narrations("chapters_held_out")


def write(narration: Narration) -> SopDraft:
    return ExtractiveWriter().write(narration.segments, language="en", duration=narration.duration)


def divide(*said: str | float) -> list[ChapterDraft]:
    """Return the chapters of sentences; a number is so many seconds of silence."""
    segments: list[SpokenSegment] = []
    clock = 0.0
    for each in said:
        if isinstance(each, str):
            segments.append(spoken(each, clock))
            clock = segments[-1].end + 0.4
        else:
            clock += each
    return list(ExtractiveWriter().write(segments, language="en", duration=clock + 1).chapters)


def sizes(chapters: list[ChapterDraft]) -> list[int]:
    return [len(chapter.steps) for chapter in chapters]


@pytest.mark.parametrize("folder", [KNOWN, HELD_OUT], ids=["known", "held out"])
def test_chapters_begin_where_the_speaker_turns_to_something_else(folder: list[Narration]) -> None:
    found = [
        compare(each.chapters, [Part(chapter.start, chapter.title) for chapter in write(each).chapters], each.duration)
        for each in folder
    ]

    assert sum(each.matched for each in found) / sum(each.expected for each in found) >= 0.7
    assert sum(each.matched for each in found) / sum(each.written for each in found) >= 0.7


SHOP = (
    "Open the order list.",
    "Type the order number into the search box.",
    "Click the order to open it.",
)
KITCHEN = (
    "Wash the lettuce.",
    "Dry the lettuce in the spinner.",
    "Cut the tomatoes and the lettuce.",
)


def test_a_short_procedure_is_one_chapter() -> None:
    assert sizes(divide(*SHOP, 3.0, "Print the label.", "Close the list.")) == [5]


def test_a_pause_before_other_things_parts_two_chapters() -> None:
    assert sizes(divide(*SHOP, 2.0, *KITCHEN)) == [3, 3]


def test_a_pause_in_the_middle_of_one_thing_parts_nothing() -> None:
    assert sizes(divide(*SHOP, 0.2, "Then print the order.", "And sign the order.", "And file the order.")) == [6]


def test_a_chapter_begins_with_the_words_that_lead_over_to_it() -> None:
    first, second = divide(*SHOP, 1.0, "Okay.", "Now we have a look at the kitchen.", *KITCHEN)

    assert second.start < second.steps[0].start
    assert second.title == "Look at the kitchen"
    assert first.end <= second.start


def test_turning_to_another_page_begins_a_chapter() -> None:
    chapters = divide(*SHOP, 0.5, "On the refund page, choose the items.", "Select a reason.", "Enter the amount.")

    assert sizes(chapters) == [3, 3]


def test_an_announced_chapter_may_have_one_step() -> None:
    chapters = divide("Open the list.", "Choose the order.", "Let's move on to the refund.", "Press Refund.")

    assert [(chapter.title, len(chapter.steps)) for chapter in chapters][1:] == [("Refund", 1)]


def test_a_chapter_that_nobody_announced_never_has_one_step() -> None:
    assert 1 not in sizes(divide(*SHOP, 0.1, *KITCHEN, 6.0, "Finally, lock the door."))


def test_a_chapter_is_named_after_what_its_steps_are_for_and_not_after_the_first() -> None:
    chapters = divide(
        "Take the blue folder.",
        "Look up the order number in the folder.",
        "Type the number into the search box to find the order.",
        2.0,
        "Okay, wash the lettuce.",
        "Dry the lettuce in the spinner.",
        "Cut the tomatoes.",
    )

    assert [chapter.title for chapter in chapters] == ["Find the order", "Dry the lettuce"]


@pytest.mark.parametrize("narration", [*KNOWN, *HELD_OUT], ids=lambda narration: narration.name)
def test_no_two_chapters_have_the_same_name_and_none_is_long(narration: Narration) -> None:
    titles = [chapter.title for chapter in write(narration).chapters]

    assert len({title.lower() for title in titles}) == len(titles)
    assert all(title[0].isupper() and len(title) <= 80 for title in titles)


def test_the_last_thing_we_need_is_its_own_name() -> None:
    chapters = divide(*SHOP, "The last thing we need is the approval.", "Choose a colleague.", "Write a note.")

    assert chapters[-1].title == "Approval"


def test_a_cancel_is_heard_while_chapters_are_made_and_checked() -> None:
    """Count how often the writer asks, then refuse its last question: long after the last sentence was read."""
    asked: list[float] = []
    narration = KNOWN[0]

    def ask(refuse_at: int) -> None:
        asked.clear()

        def progress(_: int, second: float) -> None:
            asked.append(second)
            if len(asked) == refuse_at:
                raise Cancelled

        ExtractiveWriter().write(narration.segments, language="en", duration=narration.duration, progress=progress)

    ask(refuse_at=-1)
    questions = len(asked)

    assert asked.count(asked[-1]) > len(narration.expected)
    with pytest.raises(Cancelled):
        ask(refuse_at=questions)
