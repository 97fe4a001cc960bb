"""Whether the narration says what the model wrote."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from trainings.providers.extractive import support
from trainings.providers.openai_ import korean
from trainings.sentences import UNSPACED

LETTERS = 5
"""Of a word's beginning that are compared: endings change, and words are glued together."""
STEM = 3
"""Letters that two shorter words must share, and half of the longer one."""
GLUE = 4
"""A word of so few letters, written small, joins others: "den" may stand for "die"."""
FEW = 5
"""With fewer words than these every one must have been said."""
SHARE = 0.8
"""Of more words, or of the characters where no spaces are written, that must have been said."""
YES_AND_NO = {
    "ja",
    "nein",
    "nee",
    "no",
    "non",
    "não",
    "nao",
    "si",
    "sí",
    "sì",
    "sim",
    "oui",
    "да",
    "нет",
    "tak",
    "evet",
}
SWITCHES = {"ein", "aus", "on", "off", "an", "uit"}
NEGATIONS = {"nicht", "kein", "keine", "pas", "ne", "not", "не", "nie", "nunca", "mai", "nooit"}
DECISIVE = YES_AND_NO | SWITCHES | NEGATIONS
"""Short words that are never mere glue."""
VOWELS = re.compile(r"[aeiouyhäöüáéíóúàèìòùâêîôû]")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]{2,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, Burmese, kana, Han


def carried(text: str, evidence: Sequence[int], said: Sequence[str], language: str) -> bool:
    """Say whether `text` is carried by the segments it names; without any it is not.

    English is compared word for word, as the local writer does; its words' forms are known here. A number must be said
    in every language.
    """
    if not evidence:
        return False
    if language == "en":
        return support.supported(text, evidence, list(said))
    spoken = " ".join(said[index] for index in evidence)
    if not set(_NUMBER.findall(text)) <= set(_NUMBER.findall(spoken)):
        return False
    if korean.is_written_in(text):
        return _enough([korean.is_said(word, spoken) for word in _WORD.findall(text)])
    if language in UNSPACED or _UNSPACED.search(text):
        return _by_signs(text.lower(), spoken.lower())
    return _by_words(text, spoken.lower())


def _by_signs(text: str, spoken: str) -> bool:
    signs = [sign for sign in text if sign.isalnum()]
    names = _LATIN.findall(text)
    return all(name in spoken for name in names) and _enough([sign in spoken for sign in signs], few=1)


def _by_words(text: str, spoken: str) -> bool:
    words = _WORD.findall(text)
    heard = set(_WORD.findall(spoken))
    known = [_is_heard(word.lower(), heard, is_first=place == 0) for place, word in enumerate(words)]
    mere_order = len(words) > 1 and len(words[0]) <= STEM and words[0].lower() not in DECISIVE  # "Haz", "Geh", "Va"
    words, known = words[mere_order:], known[mere_order:]
    weighty = [is_known for word, is_known in zip(words, known, strict=True) if not _is_glue(word)]
    return _enough(weighty) if len(weighty) > 1 else bool(known) and all(known)


def _is_glue(word: str) -> bool:
    """Whether a word may be another than was said. What is written large, or in a script without that, is a name."""
    return len(word) <= GLUE and word != word.upper() and word == word.lower() and word not in DECISIVE


def _is_heard(word: str, heard: set[str], *, is_first: bool) -> bool:
    return word in heard or any(_alike(word, other) or (is_first and _same_verb(word, other)) for other in heard)


def _alike(word: str, other: str) -> bool:
    """Whether two words share their beginning, or one is part of the other: "Einstellung", "Grundeinstellungen"."""
    if len(word) >= LETTERS and len(other) >= LETTERS and (other[:LETTERS] in word or word[:LETTERS] in other):
        return True
    same = _same_letters(word, other)
    return same >= STEM and 2 * same >= max(len(word), len(other))


def _same_verb(word: str, other: str) -> bool:
    """Whether an order may be of a verb: "abre" of "abrimos", "nimm" of "nehmen"."""
    return _same_letters(word, other) >= STEM or _skeleton(word) == _skeleton(other)


def _same_letters(word: str, other: str) -> int:
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))
    return sum(1 for _ in pairs)


def _skeleton(word: str) -> str:
    consonants = VOWELS.sub("", word[1:])
    return word[0] + re.sub(r"(.)\1", r"\1", consonants).rstrip("n")


def _enough(known: Sequence[bool], *, few: int = FEW) -> bool:
    needed = len(known) if len(known) < few else SHARE * len(known)
    return bool(known) and sum(known) >= needed
