"""How much what is said before a place has in common with what is said behind it.

Blocks of sentences on both sides are compared by their words; a place is deep when the likeness there is low between
higher ones (M. Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages", Computational
Linguistics 23, 1997).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from trainings.providers.extractive.support import stems

BLOCK = 4
"""Sentences compared on each side. Hearst takes a paragraph; spoken procedures have parts of five to ten sentences."""


def depths(sentences: Sequence[str], places: Sequence[int]) -> list[float]:
    """Return for each place, the number of the sentence behind it, how deep it lies: 0 to 2."""
    words = [Counter(stems(sentence)) for sentence in sentences]
    likes = [_likeness(words[max(0, place - BLOCK) : place], words[place : place + BLOCK]) for place in places]
    return [_climb(likes[place::-1]) + _climb(likes[place:]) for place in range(len(likes))]


def _likeness(before: Sequence[Counter[str]], after: Sequence[Counter[str]]) -> float:
    """Return the cosine of the words of two blocks, 0 to 1."""
    one, other = sum(before, Counter[str]()), sum(after, Counter[str]())
    both = sum(count * other[word] for word, count in one.items())
    length = math.hypot(*one.values()) * math.hypot(*other.values())
    return both / length if length else 0.0


def _climb(likes: Sequence[float]) -> float:
    """Return how far likeness rises from its first value before it falls again."""
    top = likes[0]
    for like in likes[1:]:
        if like < top:
            break
        top = like
    return top - likes[0]
