"""Reads a sentence clause by clause: steps with their places, reasons and results."""

from __future__ import annotations

import re

from trainings.providers.extractive import answers, classify, imperative, prefixes
from trainings.providers.extractive.classify import Kind
from trainings.providers.extractive.imperative import Imperative
from trainings.providers.extractive.notes import Note, Thing, sentence_case
from trainings.providers.extractive.pieces import Piece
from trainings.providers.extractive.pointing import pointed_at
from trainings.providers.extractive.utterance import Utterance

FIRST = re.compile(
    r"^(?:(?:so|now|okay|ok|alright|all right|right|well),? )*,? ?(?:first\b|firstly|to (?:start|begin)|"
    r"we (?:start|begin) by|let 's start|start by|step one)"
)
REPORTED = re.compile(r"\b(?:thought|figured|said|asked|decided)(?: to myself)?(?: ,? ?(?:well|okay|so))?$")
DEMONSTRATES = re.compile(r"^so i\b")
"""A general "you set the number" is followed by what is done here: "so I put in eight"."""
PLAN = re.compile(
    r"^(?:let 's|let us|lets|we (?:'re|are|'ll|will|want|need|have|can)|i (?:'m|'ll|am|will|want|need|have))\b"
)
SHORT_ORDER = 3
"""Words of an order such as "send it off"."""


class ClauseReader:
    """Reads one sentence; `pointed` is the thing that was pointed at last, for an "it" to mean."""

    def __init__(self, utterance: Utterance, pointed: Thing | None) -> None:
        self.utterance, self.pointed = utterance, pointed
        self.evidence = utterance.sentence.evidence

    def notes(self, kind: Kind) -> list[Note]:
        """Return the notes of the clauses; `kind` is what the sentence as a whole is for."""
        steps: list[Note] = []
        prefix: list[Piece] = []
        warned = reported = False
        for piece in self.utterance.pieces:
            lower = piece.lower
            reported = reported or bool(REPORTED.search(lower))
            if classify.CAUTION.search(lower) or (warned and not piece.action):
                warned = True
            elif classify.GREETING.match(lower) or (warned and lower.startswith("so ")):
                continue
            elif steps and lower.startswith("because "):
                steps[-1].body.append(sentence_case(piece.text.split(" ", 1)[1]))
            elif steps and lower.startswith(("otherwise", "or else")):
                continue
            elif piece.action and reported:
                reported = False
            elif piece.action and steps and DEMONSTRATES.match(self.utterance.clause(piece)):
                steps[-1].body.append(sentence_case(piece.action.text))
            elif piece.action:
                self._act(piece, piece.action, steps, prefix)
                prefix = []
            elif not steps and prefixes.is_one(lower) and not pointed_at(piece, self.evidence):
                prefix.append(piece)
            else:
                self.pointed = pointed_at(piece, self.evidence) or self.pointed
                if steps and answers.happens(piece):
                    steps[-1].body.append(sentence_case(piece.text))
        notes = self._with_caution(steps) if kind is Kind.CAUTION else steps
        if not notes and kind is Kind.OTHER and answers.is_result(self.utterance):
            notes = [self.utterance.note("result", self.utterance.said)]
        return notes or [self.utterance.note("talk")]

    def _with_caution(self, steps: list[Note]) -> list[Note]:
        if not steps:
            return [self.utterance.note("caution", self.utterance.said)]
        steps[-1].cautions.append(self.utterance.said)
        return steps

    def _act(self, piece: Piece, action: Imperative, steps: list[Note], prefix: list[Piece]) -> None:
        """Add a step, or join it to the one before when it only names that one's object again ("and save it")."""
        before = steps[-1] if steps else None
        if action.bare and before is not None:
            before.text = f"{before.text} and {action.text}"
            before.end = self.utterance.end(piece)
            return
        meant = before.thing if before is not None else self.pointed
        # "Send it off" says too little to tell what "it" is: the last thing named may well be a person.
        tells = before is None or len(action.text.split()) > SHORT_ORDER
        resolved = meant if meant is not None and tells and meant.fits(action.pronoun) else None
        text = imperative.resolve(action, resolved.text) if resolved else action.text
        start = self.utterance.start(prefix[0] if prefix else piece)
        note = Note(
            "step",
            "",
            start,
            self.utterance.end(piece),
            self.utterance.evidence([*prefix, piece]),
            self.utterance.number,
        )
        note.text = self._with_prefix(text, prefix, note)
        if piece.lower.startswith("otherwise"):
            note.conditions.append(self.utterance.said)
        note.opens = bool(FIRST.match(self.utterance.whole))
        note.plans = bool(PLAN.match(piece.lower))
        if resolved:
            note.evidence = tuple(sorted({*note.evidence, *resolved.evidence}))
        note.thing = Thing(action.thing, action.plural, note.evidence) if action.thing else resolved
        steps.append(note)
        self.pointed = None

    def _with_prefix(self, text: str, prefix: list[Piece], note: Note) -> str:
        for piece in prefix:
            text = prefixes.join(text, piece.lower, piece.text, note.conditions)
        return text
