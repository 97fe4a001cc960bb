"""Whether the narration says what the model wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trainings.providers.extractive import support
from trainings.sentences import UNSPACED

LETTERS = 5
"""Words of other languages are compared by their beginnings, from this length on: endings change, short words glue."""
SHARE = 0.8
"""Of the words, or of the characters where no spaces are written, that must have been said."""
_WORD = re.compile(r"[^\W\d_]{5,}|\d+")


def carried(text: str, evidence: Sequence[int], said: Sequence[str], language: str) -> bool:
    """Say whether `text` is carried by the segments it names; without any it is not.

    English is compared word for word, as the local writer does; its words' forms are known here.
    """
    if not evidence:
        return False
    if language == "en":
        return support.supported(text, evidence, list(said))
    spoken = " ".join(said[index] for index in evidence).lower()
    if language in UNSPACED:
        signs = [sign for sign in text.lower() if sign.isalnum()]
        return bool(signs) and sum(sign in spoken for sign in signs) >= SHARE * len(signs)
    words = _WORD.findall(text.lower())
    heard = set(_WORD.findall(spoken))
    known = sum(word in heard or any(_alike(word, other) for other in heard) for word in words)
    return known >= SHARE * len(words)


def _alike(word: str, other: str) -> bool:
    """Whether two words share their beginning, or one is part of the other: "Einstellung", "Grundeinstellungen"."""
    if word.isdigit() or other.isdigit():
        return False
    return other[:LETTERS] in word or word[:LETTERS] in other
