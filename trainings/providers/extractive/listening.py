"""Sentences without what was not meant to be said, and the silences between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainings.providers.extractive.fluency import smooth
from trainings.providers.extractive.sentences import Sentence

LEAST_SILENCE = 0.2
"""Seconds; shorter ones are breath."""


def listen(sentences: Iterable[Sentence], silences: dict[int, float]) -> Iterator[Sentence]:
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
