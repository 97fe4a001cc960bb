"""Reads sentences into notes: what each one contributes to a procedure, with its time and its segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from trainings.providers.extractive import classify, english, listening, pieces, whole_sentence
from trainings.providers.extractive.clause_reader import ClauseReader
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Thing
from trainings.providers.extractive.sentences import Sentence
from trainings.providers.extractive.utterance import Utterance


def read(sentences: Iterable[Sentence]) -> Iterator[Heard]:
    """Yield each sentence with its notes, in order, a batch of sentences in memory at a time."""
    pointed: Thing | None = None
    for utterance, silence in _utterances(sentences):
        kind = classify.kind_of(utterance.lower)
        if note := whole_sentence.read(utterance, kind):
            pointed = None
            yield utterance.heard(silence, [note])
            continue
        reader = ClauseReader(utterance, pointed)
        yield utterance.heard(silence, reader.notes(kind))
        pointed = reader.pointed if reader.pointed is not pointed else None


def _utterances(sentences: Iterable[Sentence]) -> Iterator[tuple[Utterance, float]]:
    """Yield each sentence with its parse, and the silence before it."""
    numbered = enumerate(listening.listen(sentences))
    while batch := list(islice(numbered, english.BATCH)):
        parsed = list(english.parse(sentence.text for _, (sentence, _) in batch))
        cut = [pieces.cut(document) for document in parsed]
        pieces.decide(cut)
        for (number, (sentence, silence)), document, group in zip(batch, parsed, cut, strict=True):
            yield Utterance(number, sentence, document, group), silence
