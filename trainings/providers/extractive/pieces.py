"""The clauses of a sentence on their way through two parses: as said, then as orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import candidates, clauses, english, imperative, lead
from trainings.providers.extractive.candidates import Candidate
from trainings.providers.extractive.imperative import Imperative


@dataclass
class Piece:
    """A clause; `action` is what it tells to do, if anything."""

    tokens: clauses.Clause
    candidate: Candidate | None
    action: Imperative | None = None

    @property
    def text(self) -> str:
        """The clause without the markers before it."""
        return "".join(token.text_with_ws for token in self.unmarked).strip()

    @property
    def lower(self) -> str:
        """The same in lower case, its tokens parted by one space."""
        return " ".join(token.lower_ for token in self.unmarked)

    @property
    def unmarked(self) -> clauses.Clause:
        return self.tokens[lead.markers([token.lower_ for token in self.tokens]) :]


def cut(document: Any) -> list[Piece]:
    """Return the clauses of a parsed sentence, their actions still open."""
    return [Piece(tokens, candidates.candidate(_without_otherwise(tokens))) for tokens in clauses.split(list(document))]


def decide(groups: Iterable[list[Piece]]) -> None:
    """Parse every clause that may be something to do as an order, all together, and set its action."""
    asked = [(piece, piece.candidate) for group in groups for piece in group if piece.candidate]
    answers = english.parse(f"{imperative.FRAME}{candidate.phrase}." for _, candidate in asked)
    for (piece, candidate), answer in zip(asked, answers, strict=True):
        piece.action = imperative.finish(answer, candidate.sure)


def _without_otherwise(tokens: clauses.Clause) -> clauses.Clause:
    """ "Otherwise press Approve" is an order; "otherwise you lose it" is none, with or without the word."""
    if tokens[0].lower_ != "otherwise" or len(tokens) < 3:
        return tokens
    rest = tokens[2:] if tokens[1].is_punct else tokens[1:]
    return rest if rest[0].lower_ not in clauses.SUBJECTS else tokens
