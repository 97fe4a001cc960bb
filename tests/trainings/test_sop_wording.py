"""How single sentences turn into steps."""

from __future__ import annotations

import pytest

from jobs.errors import PermanentError
from tests.trainings.narration import spoken
from trainings.providers import SopDraft, SpokenSegment, StepDraft
from trainings.providers.extractive import ExtractiveWriter


def listen(*sentences: str) -> list[SpokenSegment]:
    segments: list[SpokenSegment] = []
    for sentence in sentences:
        segments.append(spoken(sentence, segments[-1].end + 0.4 if segments else 0.0))
    return segments


def write(*sentences: str) -> SopDraft:
    segments = listen(*sentences)
    return ExtractiveWriter().write(segments, language="en", duration=segments[-1].end + 1)


def steps(*sentences: str) -> list[StepDraft]:
    return [step for chapter in write(*sentences).chapters for step in chapter.steps]


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("So now I'm just going to go ahead and click on the Save button.", ["Click Save"]),
        ("We are going to open the settings page.", ["Open the settings page"]),
        ("What we want to do next is open the settings page.", ["Open the settings page"]),
        ("The next thing you need to do is to put on your gloves.", ["Put on your gloves"]),
        ("I've clicked on Orders and typed in the number 4417.", ["Click Orders", "Type in the number 4417"]),
        ("We start by searching for the customer.", ["Search for the customer"]),
        ("Alright let's get started by opening the app.", ["Open the app"]),
        ("And then it's just a matter of clicking Publish.", ["Click Publish"]),
        ("Let me scroll down a bit and find the invoice.", ["Scroll down a bit", "Find the invoice"]),
        ("Type the order number and press Enter.", ["Type the order number", "Press Enter"]),
        ("Type the order number, and press enter.", ["Type the order number", "Press enter"]),
        ("You'll want to copy the link and paste it into the chat.", ["Copy the link", "Paste the link into the chat"]),
        ("Select the row, right-click it, and choose Delete.", ["Select the row and right-click it", "Choose Delete"]),
        ("Press and hold the power button for five seconds.", ["Press and hold the power button for five seconds"]),
        ("In the top right corner, press Refund.", ["Press Refund in the top right corner"]),
        ("From the drop-down menu choose Express.", ["Choose Express from the drop-down menu"]),
        ("To change the address, click the pencil.", ["Click the pencil to change the address"]),
        (
            "Give the form to the customer and ask them to sign it.",
            ["Give the form to the customer", "Ask them to sign it"],
        ),
        ("Choose yes or no, and click Next.", ["Choose yes or no", "Click Next"]),
        ("Okay so um click on the the Reports tab and uh select March.", ["Click the Reports tab", "Select March"]),
        ("Click Edit, no, sorry, click Delete.", ["Click Delete"]),
        ("I click Edit, sorry, Delete.", ["Click Delete"]),
    ],
)
def test_what_a_speaker_does_becomes_an_order(said: str, titles: list[str]) -> None:
    assert [step.title for step in steps(said)] == titles


@pytest.mark.parametrize(
    "said",
    [
        "We used to print this on paper.",
        "I told her that I would make a video.",
        "I have to run the report twice a day.",
        "You could call the customer, but nobody picks up.",
        "I clicked the wrong thing there, let me undo that.",
        "Thanks for watching, and see you next time.",
        "Let's take a quick look at the numbers.",
        "Can you see the screen?",
        "The printer started and printed the page.",
        "I don't know why they moved the button.",
    ],
)
def test_stories_habits_and_slips_are_no_steps(said: str) -> None:
    assert [step.title for step in steps(said, "Now open the list.")] == ["Open the list"]


def test_a_step_starts_with_its_own_clause() -> None:
    first, second = steps("Type the order number into the search box and then press Enter.")

    assert first.start == 0.0
    assert second.start == pytest.approx(10 / 2.6, abs=0.5)
    assert first.end <= second.start


def test_what_was_taken_back_is_left_out() -> None:
    assert [step.title for step in steps("Click Orders.", "No wait, not that one.", "Click Returns.")] == [
        "Click Returns"
    ]


def test_it_means_the_thing_that_was_pointed_at() -> None:
    (step,) = steps("At the top there's a green button called Approve.", "Click on it.")

    assert step.title == "Click the green button called Approve"
    assert step.evidence == (0, 1)


def test_a_sentence_over_several_segments_rests_on_all_of_them() -> None:
    (step,) = steps("Click the Save button", "in the top right corner.")

    assert step.title == "Click Save in the top right corner"
    assert step.evidence == (0, 1)


def test_a_reason_and_a_warning_go_with_the_step() -> None:
    (step,) = steps("Fold the dough twice because the air must get out.")
    assert (step.title, step.body) == ("Fold the dough twice", "The air must get out.")

    (step,) = steps("Click Save, otherwise the changes are lost.")
    assert (step.title, step.cautions) == ("Click Save", ("Click Save, otherwise the changes are lost.",))


def test_when_something_is_done_stays_a_condition() -> None:
    (step,) = steps("As soon as the bell rings, take the tray out of the oven.")

    assert (step.title, step.conditions) == ("Take the tray out of the oven", ("As soon as the bell rings",))


def test_what_is_said_again_at_the_end_is_not_written_twice() -> None:
    written = steps(
        "Open the list.", "Choose the order.", "So to recap, that's it.", "Open the list.", "Choose the order."
    )

    assert [step.title for step in written] == ["Open the list", "Choose the order"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("In this video I'll show you how to refund an order.", "Refund an order"),
        ("Today I'll be showing you how to book a meeting room in Outlook.", "Book a meeting room in Outlook"),
        ("In this video we're going to be refunding an order.", "Refund an order"),
        ("Hi, this is a quick tutorial on creating purchase orders.", "Create purchase orders"),
        ("I want to walk you through closing the till.", "Close the till"),
        ("People keep asking me how to print a badge.", "Print a badge"),
    ],
)
def test_the_title_is_what_the_speaker_announces(said: str, title: str) -> None:
    assert write(said, "First, open the list.").title == title


def test_nothing_announced_leaves_the_title_open() -> None:
    assert write("Open the list.", "Choose the order.").title == ""


def test_another_language_is_refused_by_its_name() -> None:
    with pytest.raises(PermanentError, match="in German") as refused:
        ExtractiveWriter().write(listen("Klicken Sie auf Speichern."), language="de", duration=9)
    assert refused.value.code == "language_not_supported"


def test_silence_is_no_speech() -> None:
    with pytest.raises(PermanentError, match="Nobody speaks") as refused:
        ExtractiveWriter().write([], language="en", duration=9)
    assert refused.value.code == "no_speech"


def test_talk_without_instructions_says_what_to_do() -> None:
    with pytest.raises(PermanentError, match="say each action") as refused:
        write("Hello everybody.", "The weather is nice today.")
    assert refused.value.code == "no_steps_found"


def test_a_condition_heard_as_a_question_stays_a_condition() -> None:
    first, last = steps("Open the list.", "Should the truck be late?", "Print the labels again.", "Press Print.")
    assert (first.title, last.title) == ("Open the list", "Press Print")
    assert "Should the truck be late? Print the labels again." in (*first.conditions, *last.conditions)


def test_a_question_that_nothing_is_ordered_after_sets_no_condition() -> None:
    (step,) = steps("Should the box be ticked?", "I never know.", "Press Print.")
    assert (step.title, step.conditions) == ("Press Print", ())


def test_whom_a_recording_is_for_is_no_part_of_its_title() -> None:
    said = "This short video is about the labels on a pallet for everybody who is new at the packing table."
    assert write(said, "Press Print.").title == "Labels on a pallet"
