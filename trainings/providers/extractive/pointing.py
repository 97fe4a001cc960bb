"""Things a speaker points at ("there's this Merge button at the bottom"), for a later "it" to mean."""

from __future__ import annotations

import re

from trainings.providers.extractive.notes import Thing
from trainings.providers.extractive.pieces import Piece

POINTS_AT = re.compile(
    r"^(?:(?:in|on|at|from|under|below|above|next to) (?:\w+ ){1,4}(?:, )?)?"
    r"(?:there 's|there is|there are|here 's|here is|you 'll (?:see|find|notice|have|get)|you will (?:see|"
    r"find)|you can (?:see|find)|you (?:see|find|get|have)|"
    r"we (?:have|get|see)|this is|that is|that 's|it 's|you should (?:see|find)) (?=(?:also )?(?:a|an|the|"
    r"this|these|your|our)\b)"
)
LONGEST_THING = 8
"""Words; what takes more is a story."""


def pointed_at(piece: Piece, evidence: tuple[int, ...]) -> Thing | None:
    """Return the thing a clause points at; it rests on the segments `evidence`."""
    tokens = piece.unmarked
    found = POINTS_AT.match(" ".join(token.lower_ for token in tokens))
    thing = tokens[found.group().count(" ") :] if found else []
    thing = thing[1:] if thing and thing[0].lower_ == "also" else thing
    if not thing or len(thing) > LONGEST_THING or not any(token.pos_ in {"NOUN", "PROPN"} for token in thing):
        return None
    text = "".join(token.text_with_ws for token in thing).strip(" ,.")
    return Thing(text, thing[0].lower_ in {"these", "those"}, evidence)
