"""The writer on whole narrations. The rules were tuned on "known" ones; "held_out" ones were written first, and no
rule was ever changed because of them."""

from __future__ import annotations

import pytest

from bench.matching import Score, Written, score
from tests.trainings.narration import Narration, narrations
from trainings.draft_check import require_sound
from trainings.providers import SopDraft, StepDraft
from trainings.providers.extractive import ExtractiveWriter, support

KNOWN, HELD_OUT = narrations("known"), narrations("held_out")
EVERY = [*KNOWN, *HELD_OUT]


def write(narration: Narration) -> SopDraft:
    return ExtractiveWriter().write(narration.segments, language="en", duration=narration.duration)


def steps_of(draft: SopDraft) -> list[StepDraft]:
    return [step for chapter in draft.chapters for step in chapter.steps]


def compare(narration: Narration) -> Score:
    written = [Written(step.title, step.start) for step in steps_of(write(narration))]
    return score(narration.expected, written, narration.tolerated)


@pytest.mark.parametrize("folder", [KNOWN, HELD_OUT], ids=["known", "held out"])
def test_nearly_every_step_is_written_and_hardly_any_is_made_up(folder: list[Narration]) -> None:
    scores = [compare(narration) for narration in folder]

    assert sum(each.matched for each in scores) / sum(each.expected for each in scores) >= 0.85
    assert sum(each.matched + each.tolerated for each in scores) / sum(each.written for each in scores) >= 0.9


@pytest.mark.parametrize("narration", EVERY, ids=lambda narration: narration.name)
class TestNarration:
    def test_it_keeps_the_promises_of_a_draft(self, narration: Narration) -> None:
        require_sound(write(narration), segments=len(narration.segments), duration=narration.duration)

    def test_it_says_no_word_that_its_segments_do_not_carry(self, narration: Narration) -> None:
        said = [segment.text for segment in narration.segments]
        draft = write(narration)

        for step in steps_of(draft):
            for text in (step.title, step.body, *step.cautions, *step.conditions):
                assert not text or support.supported(text, step.evidence, said), text
        for chapter in draft.chapters:
            assert support.supported(chapter.title, chapter.evidence, said), chapter.title

    def test_its_steps_start_when_they_are_said(self, narration: Narration) -> None:
        assert compare(narration).start_error <= 2.0

    def test_it_gets_the_title_that_was_announced(self, narration: Narration) -> None:
        assert write(narration).title.startswith(narration.title)


def test_warnings_and_conditions_stay_with_their_steps() -> None:
    refund = next(narration for narration in KNOWN if narration.name == "refund")

    steps = {step.title: step for step in steps_of(write(refund))}

    assert steps["Open the order"].cautions == (
        "Make sure that the name matches the ticket, otherwise you refund the wrong person.",
    )
    assert steps["Choose the items that came back"].conditions == ("If the package was opened, choose Partial refund.",)
    assert steps["Click Orders in the menu on the left"].body == "The list opens with the newest first."


def test_announced_parts_become_chapters() -> None:
    onboarding = next(narration for narration in KNOWN if narration.name == "onboarding")

    titles = [chapter.title for chapter in write(onboarding).chapters]

    assert titles == ["Set up a new laptop for a new colleague", "Install the software"]
