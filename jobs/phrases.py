"""Sentences that are stored as they were said, in English, and translated when they are shown.

A message of an error or of progress is a row long before anybody knows who will read it, and in which language. What
was put in between stands in the catalogue as a blank: "Picture %(blank1)s of %(blank2)s".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from django.utils.translation import get_language, trans_real
from django.utils.translation import gettext as _

BLANK = re.compile(r"%\((blank\d+)\)s")


def blanks(pieces: Sequence[str | None]) -> str:
    """Return a sentence of the catalogue: its pieces in order, None for what is put in between."""
    numbers = iter(range(1, len(pieces) + 1))
    return "".join(f"%(blank{next(numbers)})s" if piece is None else piece.replace("%", "%%") for piece in pieces)


def kept(sentence: str) -> str:
    """Mark a sentence that is stored as it is, for the catalogue."""
    return sentence


def said(text: str) -> str:
    """Return a stored sentence in the reader's language; as it is when nobody translated it."""
    if not text:
        return ""
    whole = _(text)
    if whole != text:
        return whole
    for pattern, sentence in _with_blanks(get_language() or "en"):
        if found := pattern.fullmatch(text):
            return _(sentence) % {blank: _(word) for blank, word in found.groupdict().items()}
    return text


@functools.cache
def _with_blanks(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the sentences with blanks that the catalogue knows, those that say most first."""
    catalogue = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
    known = {key for key in catalogue.keys() if isinstance(key, str) and BLANK.search(key)}  # noqa: SIM118
    return [(_pattern(sentence), sentence) for sentence in sorted(known, key=len, reverse=True)]


def _pattern(sentence: str) -> re.Pattern[str]:
    pieces = BLANK.split(sentence)
    return re.compile(
        "".join(
            f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece.replace("%%", "%")) for at, piece in enumerate(pieces)
        )
    )
