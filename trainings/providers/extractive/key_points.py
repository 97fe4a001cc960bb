"""What to remember: rules first, then warnings."""

from __future__ import annotations

import re

from trainings.providers import KeyPointDraft
from trainings.providers.extractive import classify
from trainings.providers.extractive.gathered import Reading
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.support import content_words

MOST = 5
"""A list longer than this is not remembered."""
ENOUGH = 2
"""Warnings, which stand at their steps already, join the key points only while there are fewer rules than this."""
ALIKE = 0.6
"""Two points that share this part of their words say the same."""
STRICT = re.compile(
    r"\b(?:never|always|must|only|nobody|no one|at least|at most|unless|cannot|can't|within|important)\b"
)
POINTS_BACK = re.compile(r"^(?:it|this|that|these|those|they|he|she)\b")
"""Alone, such a statement says too little: it is kept for a strict word or a limit of time only."""
DETAILS = re.compile(
    r"\b(?:\d+|once|twice|one|two|three|four|five|six|ten|twelve|\w+ty) (?:\w+ )?"
    r"(?:minute|hour|day|week|month|year)s?\b"
)


def choose(reading: Reading) -> tuple[KeyPointDraft, ...]:
    """Return the key points of a reading, in order of time."""
    chosen = _best(reading.rules, MOST, [])
    if len(chosen) < ENOUGH:
        warnings = [note for note in reading.warnings if note.kind == "caution"]
        chosen += _best(warnings, ENOUGH - len(chosen), chosen)
    chosen.sort(key=lambda note: note.start)
    return tuple(KeyPointDraft(note.text, note.start, note.end, note.evidence) for note in chosen)


def _best(notes: list[Note], most: int, beside: list[Note]) -> list[Note]:
    """Return those that matter most, none of them saying what another one, or one of `beside`, says."""
    chosen: list[Note] = []
    for note in sorted(notes, key=_weight, reverse=True):
        if (
            note.text
            and _weight(note) >= 0
            and len(chosen) < most
            and not any(_alike(note, other) for other in [*beside, *chosen])
        ):
            chosen.append(note)
    return chosen


def _weight(note: Note) -> int:
    """How much a statement asks to be remembered: said to be so, then strict, then a limit of time."""
    lower = note.text.lower()
    asks = 4 * classify.starts_rule(lower) + 2 * bool(STRICT.search(lower)) + bool(DETAILS.search(lower))
    return asks - bool(POINTS_BACK.match(lower))


def _alike(note: Note, other: Note) -> bool:
    one, two = content_words(note.text), content_words(other.text)
    return len(one & two) >= ALIKE * max(1, min(len(one), len(two)))
