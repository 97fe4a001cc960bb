"""Whether a Korean word was said: its particles and endings, and the sounds that change before them, do not count."""

from __future__ import annotations

import re
import unicodedata

_HANGUL = re.compile("[\uac00-\ud7a3]")
_PARTICLE = re.compile("(에서|으로|까지|부터|을|를|이|가|은|는|에|로|의|도|만|와|과)$")
_ENDING = re.compile(
    "(하십시오|하세요|합니다|하시면|해주세요|주십시오|주세요|으십시오|으세요|십시오|세요|습니다|니다|해요|어요|아요|하기|하고|하면|해서|기|고|면|하다|다)$"
)
_BRIGHT = str.maketrans("\u1162\u1165\u1173", "\u1161\u1161\u1161")
"""Vowels that verbs put for each other: "누르" and "눌러", "끄" and "꺼"."""


def is_written_in(text: str) -> bool:
    """Whether there is Korean script in a text."""
    return bool(_HANGUL.search(text))


def is_said(word: str, spoken: str) -> bool:
    """Whether the stem of a word stands in what was spoken; what is nothing but an ending says nothing."""
    stem = _ENDING.sub("", word) or word
    stem = _PARTICLE.sub("", stem) or stem if stem == word else stem
    if not is_written_in(stem):
        return stem.lower() in spoken.lower()
    return _sounds(stem) in _sounds(spoken)


def _sounds(text: str) -> str:
    """Return each syllable without its last consonant, which changes before an ending, and without the spaces."""
    syllables = (unicodedata.normalize("NFD", sign)[:2] for sign in text.lower() if sign.isalnum())
    return "".join(syllables).translate(_BRIGHT)
