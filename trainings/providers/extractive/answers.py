"""What answers to an action: "the list opens", "you'll see a message"."""

from __future__ import annotations

from trainings.providers.extractive import classify, lead, lexicon
from trainings.providers.extractive.pieces import Piece
from trainings.providers.extractive.pointing import POINTS_AT
from trainings.providers.extractive.utterance import Utterance

PEOPLE = lexicon.words("i we you he she they somebody someone everybody everyone people nobody")
SHORTEST = 3
"""Words of a sentence that says what happens."""


def is_result(utterance: Utterance) -> bool:
    """Whether a sentence says what happens now."""
    if classify.PERSONAL.search(utterance.lower) or len(utterance.sentence.words) < SHORTEST:
        return False
    return any(happens(piece) for piece in utterance.pieces)


def happens(piece: Piece) -> bool:
    """Whether a clause says what answers to an action: "the list opens", "you'll see a message"."""
    begins = lead.read([token.lower_ for token in piece.tokens])
    rest = piece.tokens[begins.length :]
    if not rest:
        return False
    if begins.who:
        return begins.who in {"you", "we"} and rest[0].lemma_.lower() in lexicon.PERCEPTION
    if classify.PERSONAL.search(piece.lower):
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
