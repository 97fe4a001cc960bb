"""Reads sentences into notes: what each one contributes to a procedure, with its time and its segments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

from trainings.providers.extractive import (
    classify,
    clauses,
    english,
    imperative,
    lead,
    lexicon,
    prefixes,
    title,
    topics,
)
from trainings.providers.extractive.classify import Kind
from trainings.providers.extractive.fluency import smooth
from trainings.providers.extractive.imperative import Candidate, Imperative
from trainings.providers.extractive.notes import Note, Thing, sentence_case
from trainings.providers.extractive.sentences import Sentence

POINTS_AT = re.compile(
    r"^(?:(?:in|on|at|from|under|below|above|next to) (?:\w+ ){1,4}(?:, )?)?"
    r"(?:there 's|there is|there are|here 's|here is|you 'll (?:see|find|notice|have|get)|you will (?:see|"
    r"find)|you can (?:see|find)|you (?:see|find|get|have)|"
    r"we (?:have|get|see)|this is|that is|that 's|it 's|you should (?:see|find)) (?=(?:also )?(?:a|an|the|"
    r"this|these|your|our)\b)"
)

FIRST = re.compile(
    r"^(?:(?:so|now|okay|ok|alright|all right|right|well),? )*,? ?(?:first\b|firstly|to (?:start|begin)|"
    r"we (?:start|begin) by|let 's start|start by|step one)"
)
PEOPLE = lexicon.words("i we you he she they somebody someone everybody everyone people nobody")
REPORTED = re.compile(r"\b(?:thought|figured|said|asked|decided)(?: to myself)?(?: ,? ?(?:well|okay|so))?$")
DEMONSTRATES = re.compile(r"^so i\b")
"""A general "you set the number" is followed by what is done here: "so I put in eight"."""
WRAPS_UP = re.compile(r"^that (?:'s|is|was) ")
CLOSING = re.compile(
    r"\b(?:that (?:'s|is) how|now you (?:know|can)|you (?:have|'ve) (?:learned|seen)|we (?:have|"
    r"'ve) (?:learned|seen))\b"
)
PLAN = re.compile(
    r"^(?:let 's|let us|lets|we (?:'re|are|'ll|will|want|need|have|can)|i (?:'m|'ll|am|will|want|need|have))\b"
)


@dataclass
class _Piece:
    """A clause on its way through the second parse."""

    tokens: clauses.Clause
    candidate: Candidate | None
    action: Imperative | None = None


LONGEST_THING = 8
"""Words; what takes more is a story."""
SHORT_ORDER = 3
"""Words of an order such as "send it off"."""
LEAST_SILENCE = 0.2
"""Seconds; shorter ones are breath."""


def read(sentences: Iterable[Sentence], silences: dict[int, float]) -> Iterator[list[Note]]:
    """Yield the notes of each sentence, in order, a batch of sentences in memory at a time.

    `silences` is filled with the seconds of silence before sentences, by their numbers.
    """
    numbered = enumerate(_listen(sentences, silences))
    pointed: Thing | None = None
    while batch := list(islice(numbered, english.BATCH)):
        parsed = list(english.parse(sentence.text for _, sentence in batch))
        pieces = [_pieces(document) for document in parsed]
        asked = [(piece, piece.candidate) for group in pieces for piece in group if piece.candidate]
        answers = english.parse(f"{imperative.FRAME}{candidate.phrase}." for _, candidate in asked)
        for (piece, candidate), answer in zip(asked, answers, strict=True):
            piece.action = imperative.finish(answer, candidate.sure)
        for (number, sentence), document, group in zip(batch, parsed, pieces, strict=True):
            reader = _Reader(number, sentence, document, group, pointed)
            yield reader.notes()
            pointed = reader.pointed if reader.pointed is not pointed else None


def _listen(sentences: Iterable[Sentence], silences: dict[int, float]) -> Iterator[Sentence]:
    """Yield what is left of each sentence when fillers are gone, and note the silence before it."""
    number, heard_until = 0, 0.0
    for sentence in sentences:
        silence = sentence.start - heard_until
        heard_until = sentence.end
        if silence >= LEAST_SILENCE:
            silences[number] = max(silences.get(number, 0.0), silence)
        if kept := smooth(sentence):
            number += 1
            yield kept


def _pieces(document: Any) -> list[_Piece]:
    return [
        _Piece(tokens, imperative.candidate(_without_otherwise(tokens))) for tokens in clauses.split(list(document))
    ]


def _without_otherwise(tokens: clauses.Clause) -> clauses.Clause:
    """ "Otherwise press Approve" is an order; "otherwise you lose it" is none, with or without the word."""
    if tokens[0].lower_ != "otherwise" or len(tokens) < 3:
        return tokens
    rest = tokens[2:] if tokens[1].is_punct else tokens[1:]
    return rest if rest[0].lower_ not in clauses.SUBJECTS else tokens


class _Reader:
    """One sentence on its way to notes."""

    def __init__(
        self, number: int, sentence: Sentence, document: Any, pieces: list[_Piece], pointed: Thing | None
    ) -> None:
        self.pointed = pointed
        """What was pointed at last, for an "it" to mean."""
        self.number, self.sentence, self.document, self.pieces = number, sentence, document, pieces
        self.offsets = list(accumulate((len(word.text) + 1 for word in sentence.words), initial=0))
        tokens = [token.lower_ for token in document]
        self.skipped = lead.markers(tokens)
        self.lower = " ".join(tokens[self.skipped :])
        self.whole = " ".join(tokens)

    def notes(self) -> list[Note]:
        if classify.takes_back(self.whole) or classify.takes_back(self.lower):
            return [self._whole("retraction")]
        if topics.is_recap(self.whole):
            return [self._whole("recap")]
        topic = topics.announced_by(self.sentence.text)
        if topic is not None and (not self._has_step() or WRAPS_UP.match(self.lower)):
            return [self._whole("topic", title.headline(topic))]
        suggested = title.suggested_by(self.sentence.text)
        if suggested or classify.INTRO.search(self.lower):
            return [self._whole("title", suggested, closes=bool(CLOSING.search(self.whole)))]
        if (hint := title.hinted_by(self.sentence.text)) and not any(piece.action for piece in self.pieces[:1]):
            return [self._whole("hint", hint)]
        kind = classify.kind_of(self.lower)
        if kind is Kind.CONDITION:
            return [self._whole("condition", self._said())]
        if kind is Kind.KEY_POINT and (classify.starts_rule(self.lower) or not self._has_step()):
            return [self._whole("rule", self._said())]
        return self._clause_by_clause(kind)

    def _has_step(self) -> bool:
        return any(piece.action for piece in self.pieces)

    def _clause_by_clause(self, kind: Kind) -> list[Note]:
        steps: list[Note] = []
        prefix: list[_Piece] = []
        warned = reported = False
        for piece in self.pieces:
            lower = self._lower(piece)
            reported = reported or bool(REPORTED.search(lower))
            if classify.CAUTION.search(lower) or (warned and not piece.action):
                warned = True
            elif classify.GREETING.match(lower) or (warned and lower.startswith("so ")):
                continue
            elif steps and lower.startswith("because "):
                steps[-1].body.append(sentence_case(self._text(piece).split(" ", 1)[1]))
            elif steps and lower.startswith(("otherwise", "or else")):
                continue
            elif piece.action and reported:
                reported = False
            elif piece.action and steps and DEMONSTRATES.match(self._full(piece)):
                steps[-1].body.append(sentence_case(piece.action.text))
            elif piece.action:
                self._act(piece, piece.action, steps, prefix)
                prefix = []
            elif not steps and prefixes.is_one(lower) and not self._pointed_at(piece):
                prefix.append(piece)
            else:
                self.pointed = self._pointed_at(piece) or self.pointed
                if steps and self._happens(piece):
                    steps[-1].body.append(sentence_case(self._text(piece)))
        notes = self._with_caution(steps) if kind is Kind.CAUTION else steps
        if not notes and kind is Kind.OTHER and self._is_result():
            notes = [self._whole("result", self._said())]
        return notes or [self._whole("talk")]

    def _with_caution(self, steps: list[Note]) -> list[Note]:
        if not steps:
            return [self._whole("caution", self._said())]
        steps[-1].cautions.append(self._said())
        return steps

    def _act(self, piece: _Piece, action: Imperative, steps: list[Note], prefix: list[_Piece]) -> None:
        """Add a step, or join it to the one before when it only names that one's object again ("and save it")."""
        before = steps[-1] if steps else None
        if action.bare and before is not None:
            before.text = f"{before.text} and {action.text}"
            before.end = self._end(piece)
            return
        meant = before.thing if before is not None else self.pointed
        # "Send it off" says too little to tell what "it" is: the last thing named may well be a person.
        tells = before is None or len(action.text.split()) > SHORT_ORDER
        resolved = meant if meant is not None and tells and meant.fits(action.pronoun) else None
        text = imperative.resolve(action, resolved.text) if resolved else action.text
        start = self._start(prefix[0] if prefix else piece)
        note = Note("step", "", start, self._end(piece), self._evidence([*prefix, piece]), self.number)
        note.text = self._with_prefix(text, prefix, note)
        if self._lower(piece).startswith("otherwise"):
            note.conditions.append(self._said())
        note.opens = bool(FIRST.match(self.whole))
        note.plans = bool(PLAN.match(self._lower(piece)))
        if resolved:
            note.evidence = tuple(sorted({*note.evidence, *resolved.evidence}))
        note.thing = Thing(action.thing, action.plural, note.evidence) if action.thing else resolved
        steps.append(note)
        self.pointed = None

    def _with_prefix(self, text: str, prefix: list[_Piece], note: Note) -> str:
        for piece in prefix:
            text = prefixes.join(text, self._lower(piece), self._text(piece), note.conditions)
        return text

    def _pointed_at(self, piece: _Piece) -> Thing | None:
        """Return the thing a clause points at ("there's this Merge button at the bottom")."""
        tokens = piece.tokens[lead.markers([token.lower_ for token in piece.tokens]) :]
        found = POINTS_AT.match(" ".join(token.lower_ for token in tokens))
        thing = tokens[found.group().count(" ") :] if found else []
        thing = thing[1:] if thing and thing[0].lower_ == "also" else thing
        if not thing or len(thing) > LONGEST_THING or not any(token.pos_ in {"NOUN", "PROPN"} for token in thing):
            return None
        text = "".join(token.text_with_ws for token in thing).strip(" ,.")
        return Thing(text, thing[0].lower_ in {"these", "those"}, self.sentence.evidence)

    def _is_result(self) -> bool:
        if classify.PERSONAL.search(self.lower) or len(self.sentence.words) < 3:
            return False
        return any(self._happens(piece) for piece in self.pieces)

    def _happens(self, piece: _Piece) -> bool:
        """Whether a clause says what answers to an action: "the list opens", "you'll see a message"."""
        begins = lead.read([token.lower_ for token in piece.tokens])
        rest = piece.tokens[begins.length :]
        if not rest:
            return False
        if begins.who:
            return begins.who in {"you", "we"} and rest[0].lemma_.lower() in lexicon.PERCEPTION
        if classify.PERSONAL.search(self._lower(piece)):
            return False
        if POINTS_AT.match(" ".join(token.lower_ for token in rest)):
            return True
        subject = next(
            (token for token in rest if token.dep_ in {"nsubj", "nsubjpass", "expl"} and token.head in rest), None
        )
        if subject is not None:
            answers = subject.head.lemma_.lower() in lexicon.HAPPENS or subject.head.pos_ == "AUX"
            return subject.lower_ not in PEOPLE and (answers or subject.dep_ == "nsubjpass")
        return rest[0].lower_ in {"which", "that"} and len(rest) > 2

    def _whole(self, kind: str, text: str = "", *, closes: bool = False) -> Note:
        start, end = self.sentence.start, self.sentence.end
        return Note(kind, text, start, end, self.sentence.evidence, self.number, closes=closes)

    def _said(self) -> str:
        """The sentence as said, without the markers before it."""
        if self.skipped >= len(self.document):
            return sentence_case(self.sentence.text)
        return sentence_case(self.document[self.skipped :].text)

    def _text(self, piece: _Piece) -> str:
        begins = lead.markers([token.lower_ for token in piece.tokens])
        return "".join(token.text_with_ws for token in piece.tokens[begins:]).strip()

    def _lower(self, piece: _Piece) -> str:
        tokens = [token.lower_ for token in piece.tokens]
        return " ".join(tokens[lead.markers(tokens) :])

    def _full(self, piece: _Piece) -> str:
        """The clause in lower case, with the "so" that may stand before it."""
        first = piece.tokens[0]
        so = first.i and self.document[first.i - 1].lower_ == "so"
        return ("so " if so else "") + self._lower(piece)

    def _word(self, token: Any) -> int:
        return min(bisect_right(self.offsets, token.idx) - 1, len(self.sentence.words) - 1)

    def _start(self, piece: _Piece) -> float:
        return self.sentence.words[self._word(piece.tokens[0])].start

    def _end(self, piece: _Piece) -> float:
        return self.sentence.words[self._word(piece.tokens[-1])].end

    def _evidence(self, pieces: list[_Piece]) -> tuple[int, ...]:
        places = [self._word(token) for piece in pieces for token in (piece.tokens[0], piece.tokens[-1])]
        return tuple(sorted({word.segment for word in self.sentence.words[min(places) : max(places) + 1]}))
