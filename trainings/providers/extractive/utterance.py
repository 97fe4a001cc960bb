"""A sentence with its parse, its clauses and the times of its words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from trainings.providers.extractive import lead
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note, sentence_case
from trainings.providers.extractive.pieces import Piece
from trainings.providers.extractive.sentences import Sentence


class Utterance:
    """`number` counts the sentences of a recording; `lower` is the sentence in lower case without leading markers."""

    def __init__(self, number: int, sentence: Sentence, document: Any, pieces: list[Piece]) -> None:
        self.number, self.sentence, self.document, self.pieces = number, sentence, document, pieces
        self._offsets = list(accumulate((len(word.text) + 1 for word in sentence.words), initial=0))
        tokens = [token.lower_ for token in document]
        self._skipped = lead.markers(tokens)
        self.lower = " ".join(tokens[self._skipped :])
        self.whole = " ".join(tokens)

    @property
    def has_step(self) -> bool:
        return any(piece.action for piece in self.pieces)

    @property
    def said(self) -> str:
        """The sentence as said, without the markers before it."""
        if self._skipped >= len(self.document):
            return sentence_case(self.sentence.text)
        return sentence_case(self.document[self._skipped :].text)

    def note(self, kind: str, text: str = "", *, closes: bool = False) -> Note:
        """Return a note of the whole sentence."""
        start, end = self.sentence.start, self.sentence.end
        return Note(kind, text, start, end, self.sentence.evidence, self.number, closes=closes)

    def heard(self, silence: float, notes: list[Note]) -> Heard:
        """Return the sentence with its notes, without its parse."""
        said = self.sentence
        return Heard(
            self.number, said.start, said.end, silence, said.text, self.whole, self.lower, said.evidence, notes
        )

    def clause(self, piece: Piece) -> str:
        """The clause in lower case, with the "so" that may stand before it."""
        first = piece.tokens[0]
        so = first.i and self.document[first.i - 1].lower_ == "so"
        return ("so " if so else "") + piece.lower

    def start(self, piece: Piece) -> float:
        """Return the second at which a clause begins."""
        return self.sentence.words[self._word(piece.tokens[0])].start

    def end(self, piece: Piece) -> float:
        """Return the second at which a clause ends."""
        return self.sentence.words[self._word(piece.tokens[-1])].end

    def evidence(self, pieces: Sequence[Piece]) -> tuple[int, ...]:
        """Return the segments in which clauses were said."""
        places = [self._word(token) for piece in pieces for token in (piece.tokens[0], piece.tokens[-1])]
        return tuple(sorted({word.segment for word in self.sentence.words[min(places) : max(places) + 1]}))

    def _word(self, token: Any) -> int:
        return min(bisect_right(self._offsets, token.idx) - 1, len(self.sentence.words) - 1)
