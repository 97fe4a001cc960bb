"""The transcript as a person reads it."""

from __future__ import annotations

from trainings.models import Segment
from trainings.spoken_lines import Piece, count_words, lines


def segment(text: str, *words: tuple[str, float]) -> Segment:
    spoken = [{"start": 0.0, "end": 1.0, "text": word, "probability": sure} for word, sure in words]
    return Segment(position=0, start=0.0, end=1.0, text=text, words=spoken)


def test_words_the_model_was_unsure_of_are_marked_where_they_stand() -> None:
    (line,) = lines([segment("Press refund, now.", ("Press", 0.9), ("refund,", 0.2), ("now.", 0.9))])
    assert line.pieces == (Piece("Press ", False), Piece("refund,", True), Piece(" now.", False))
    assert "".join(piece.text for piece in line.pieces) == "Press refund, now."


def test_a_text_whose_words_do_not_fit_stays_whole() -> None:
    (line,) = lines([segment("Press refund.", ("Push", 0.1))])
    assert line.pieces == (Piece("Press refund.", False),)


def test_words_are_counted_with_and_without_their_times() -> None:
    assert count_words([segment("one two", ("one", 1), ("two", 1)), segment("three four five")]) == 5
