"""Words become sentences."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from trainings.providers import Word
from trainings.sentences import LONGEST, sentences


def words(text: str, *, start: float = 0.0, each: float = 0.3, gap: float = 0.1) -> list[Word]:
    """Return the words of `text` as Whisper gives them, evenly spoken."""
    return [
        Word(start + n * (each + gap), start + n * (each + gap) + each, f" {word}", 0.9)
        for n, word in enumerate(text.split())
    ]


def texts(said: list[Word], language: str = "en") -> list[str]:
    return [segment.text for segment in sentences(said, language=language)]


def test_a_sentence_ends_at_its_mark() -> None:
    assert texts(words("Open the menu. Is it there? Good! Save it.")) == [
        "Open the menu.",
        "Is it there?",
        "Good!",
        "Save it.",
    ]


def test_a_segment_spans_its_words_and_keeps_them() -> None:
    first, second = sentences(words("Open it. Save it."))

    assert (first.start, first.end) == (0.0, first.words[-1].end)
    assert second.start == second.words[0].start
    assert [word.text for word in second.words] == ["Save", "it."]


def test_abbreviations_and_file_names_end_no_sentence() -> None:
    assert texts(words("Ask Mr. Smith for it, e.g. the file report. docx in May.")) == [
        "Ask Mr. Smith for it, e.g. the file report. docx in May."
    ]


def test_a_long_pause_ends_a_segment_without_a_mark() -> None:
    said = [*words("and then we wait"), *words("until it is there.", start=6.0)]

    assert texts(said) == ["and then we wait", "until it is there."]


def test_marks_split_off_by_the_model_stay_with_their_word() -> None:
    said = [
        Word(0, 0.3, " Take", 0.9),
        Word(0.3, 0.6, " 15", 0.9),
        Word(0.6, 0.7, "%", 0.4),
        Word(0.7, 0.9, " off.", 1),
    ]
    (segment,) = sentences(said)

    assert [word.text for word in segment.words] == ["Take", "15%", "off."]
    assert (segment.words[1].end, segment.words[1].probability) == (0.7, 0.4)


def test_scripts_without_spaces_keep_their_words_apart() -> None:
    said = [Word(0, 0.3, "保存", 0.9), Word(0.3, 0.6, "する。", 0.9), Word(0.6, 0.9, "次へ", 0.9)]

    assert texts(said, "ja") == ["保存する。", "次へ"]
    assert len(next(sentences(said, language="ja")).words) == 2


def test_an_endless_sentence_is_cut_at_a_comma() -> None:
    before = "when the list of all the customers has been loaded and you can see the one you want to change,"
    after = "you click on the name and then on the small pencil beside it and wait until the form has opened"

    assert texts(words(f"{before} {after}.", gap=0.1))[0] == before


@given(
    st.lists(
        st.tuples(st.floats(0.05, 3), st.floats(0, 4), st.sampled_from([" so", " then,", " done.", "%"])), max_size=80
    )
)
def test_no_word_is_lost_or_doubled_and_none_too_long(parts: list[tuple[float, float, str]]) -> None:
    said: list[Word] = []
    for length, pause, text in parts:
        start = said[-1].end + pause if said else pause
        said.append(Word(start, start + length, text, 0.5))
    segments = list(sentences(said))

    assert "".join(segment.text for segment in segments).replace(" ", "") == "".join(
        text for _, _, text in parts
    ).replace(" ", "")
    assert all(one.end <= other.start for one, other in itertools.pairwise(segments))
    assert all(segment.end - segment.start <= LONGEST or len(segment.words) == 1 for segment in segments)
