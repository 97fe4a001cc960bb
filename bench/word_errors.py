"""How heard words are compared with spoken ones."""

from __future__ import annotations

import re

import jiwer

NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)


def word_error_rate(spoken: str, heard: str) -> float:
    """Return the share of spoken words that were heard wrong, missed or added, 0 and up.

    Case, punctuation, "15 %" for "fifteen percent" and spelling with or without a hyphen are no errors.
    """
    rate: float = jiwer.wer(comparable(spoken), comparable(heard))
    return rate


def comparable(text: str) -> str:
    """Return the words of `text` in lower case, without punctuation, small numbers in figures."""
    words = re.findall(r"[\w']+", text.lower().replace("%", " percent ").replace("\u2019", "'"))
    return " ".join(str(NUMBERS.index(word)) if word in NUMBERS else word for word in words)
