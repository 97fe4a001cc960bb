"""Sentences without what was not meant to be said, each with the silence before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainings.providers.extractive.fluency import smooth
from trainings.providers.extractive.sentences import Sentence

LEAST_SILENCE = 0.2
"""Seconds; shorter ones are breath."""


def listen(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, float]]:
    """Yield what is left of each sentence when fillers are gone, and the seconds of silence before it, or 0."""
    heard_until = longest = 0.0
    for sentence in sentences:
        longest = max(longest, sentence.start - heard_until)
        heard_until = sentence.end
        if kept := smooth(sentence):
            yield kept, longest if longest >= LEAST_SILENCE else 0.0
            longest = 0.0
