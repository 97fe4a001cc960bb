"""Sentences that are read as a whole: corrections, announcements, titles, conditions and rules."""

from __future__ import annotations

import re

from trainings.providers.extractive import classify, title, topics
from trainings.providers.extractive.classify import Kind
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.utterance import Utterance

WRAPS_UP = re.compile(r"^that (?:'s|is|was) ")
CLOSING = re.compile(
    r"\b(?:that (?:'s|is) how|now you (?:know|can)|you (?:have|'ve) (?:learned|seen)|we (?:have|"
    r"'ve) (?:learned|seen))\b"
)


def read(utterance: Utterance, kind: Kind) -> Note | None:
    """Return the one note of such a sentence, or None when its clauses decide."""
    return _about_the_narration(utterance) or _statement(utterance, kind)


def _about_the_narration(utterance: Utterance) -> Note | None:
    """What a speaker says about what was or will be said."""
    text = utterance.sentence.text
    if classify.takes_back(utterance.whole) or classify.takes_back(utterance.lower):
        return utterance.note("retraction")
    if topics.is_recap(utterance.whole):
        return utterance.note("recap")
    topic = topics.announced_by(text)
    if topic is not None and (not utterance.has_step or WRAPS_UP.match(utterance.lower)):
        return utterance.note("topic", title.headline(topic))
    suggested = title.suggested_by(text)
    if suggested or classify.INTRO.search(utterance.lower):
        return utterance.note("title", suggested, closes=bool(CLOSING.search(utterance.whole)))
    if (hint := title.hinted_by(text)) and not any(piece.action for piece in utterance.pieces[:1]):
        return utterance.note("hint", hint)
    return None


def _statement(utterance: Utterance, kind: Kind) -> Note | None:
    if kind is Kind.CONDITION:
        return utterance.note("condition", utterance.said)
    if kind is Kind.KEY_POINT and (classify.starts_rule(utterance.lower) or not utterance.has_step):
        return utterance.note("rule", utterance.said)
    if classify.REASSURES.search(utterance.lower) and _only_tells(utterance):
        return utterance.note("rule", utterance.said)
    return None


def _only_tells(utterance: Utterance) -> bool:
    """Whether nothing else is done in the sentence."""
    return all(piece.action.verb in classify.TELLS for piece in utterance.pieces if piece.action)
