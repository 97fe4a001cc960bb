"""Reads sentences into notes: what each one contributes to a procedure, with its time and its segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from trainings.providers.extractive import classify, english, listening, pieces, whole_sentence
from trainings.providers.extractive.clause_reader import ClauseReader
from trainings.providers.extractive.notes import Note, Thing
from trainings.providers.extractive.sentences import Sentence
from trainings.providers.extractive.utterance import Utterance


def read(sentences: Iterable[Sentence], silences: dict[int, float]) -> Iterator[list[Note]]:
    """Yield the notes of each sentence, in order, a batch of sentences in memory at a time.

    `silences` is filled with the seconds of silence before sentences, by their numbers.
    """
    pointed: Thing | None = None
    for utterance in _utterances(sentences, silences):
        kind = classify.kind_of(utterance.lower)
        if note := whole_sentence.read(utterance, kind):
            pointed = None
            yield [note]
            continue
        reader = ClauseReader(utterance, pointed)
        yield reader.notes(kind)
        pointed = reader.pointed if reader.pointed is not pointed else None


def _utterances(sentences: Iterable[Sentence], silences: dict[int, float]) -> Iterator[Utterance]:
    numbered = enumerate(listening.listen(sentences, silences))
    while batch := list(islice(numbered, english.BATCH)):
        parsed = list(english.parse(sentence.text for _, sentence in batch))
        cut = [pieces.cut(document) for document in parsed]
        pieces.decide(cut)
        for (number, sentence), document, group in zip(batch, parsed, cut, strict=True):
            yield Utterance(number, sentence, document, group)
