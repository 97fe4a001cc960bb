"""Whatever was heard, a draft keeps its promises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import PermanentError
from trainings.draft_check import require_sound
from trainings.providers import SopDraft, SpokenSegment, Word
from trainings.providers.extractive import ExtractiveWriter, lexicon, sentences
from trainings.providers.extractive.reading import read

SAID = lexicon.words("""
click Save open the list. and then, press Enter if when unless don't make sure careful now next we are going to I you it
them there's a green button no wait, sorry, because otherwise order 4417 . ? ! , so let's move on
""")
SPEECH = st.sampled_from(sorted(SAID))
HOSTILE = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["<script>alert(1)</script>", "x" * 5000, "\x00\x07", "\u202eevil", "🙂" * 30, "'; --", "…", "  ", "%s", "{0}"]
    ),
)
SECONDS = st.floats(min_value=-5, max_value=200) | st.sampled_from([float("nan"), float("inf")])


@st.composite
def segments(draw: st.DrawFn) -> SpokenSegment:
    texts = draw(st.lists(SPEECH | HOSTILE, max_size=25))
    start, end = draw(SECONDS), draw(SECONDS)
    words = tuple(Word(draw(SECONDS), draw(SECONDS), f" {text}", 0.5) for text in texts) if draw(st.booleans()) else ()
    return SpokenSegment(start, end, " ".join(texts), words)


def write(spoken: list[SpokenSegment], duration: float) -> SopDraft | str:
    try:
        return ExtractiveWriter().write(spoken, language="en", duration=duration)
    except PermanentError as error:
        return error.code


@settings(max_examples=120, deadline=None)
@given(spoken=st.lists(segments(), max_size=8), duration=st.floats(min_value=0, max_value=150))
def test_any_speech_gives_a_sound_draft_or_a_reason(spoken: list[SpokenSegment], duration: float) -> None:
    draft = write(spoken, duration)

    if isinstance(draft, str):
        assert draft in {"no_speech", "no_steps_found"}
    else:
        require_sound(draft, segments=len(spoken), duration=duration)
    assert write(spoken, duration) == draft


def test_a_pause_ends_a_sentence_that_has_no_full_stop() -> None:
    spoken = [
        SpokenSegment(
            0, 1, "open the list", (Word(0, 0.3, "open", 1), Word(0.3, 0.6, "the", 1), Word(0.6, 1, "list", 1))
        ),
        SpokenSegment(5, 6, "choose", (Word(5, 6, "choose", 1),)),
    ]

    assert [sentence.text for sentence in sentences.read(spoken, 10)] == ["open the list", "choose"]


@pytest.mark.parametrize("word", ["just", "actually,", "no,", "so", "we", "and", "go ahead and", "the first"])
def test_a_word_said_hundreds_of_times_costs_no_more_than_its_length(word: str) -> None:
    # A regular expression that backtracks would run for hours here, into the time limit of the test.
    spoken = [SpokenSegment(0, 60, f"{word} " * 2000)]

    assert list(read(sentences.read(spoken, 60))) is not None
