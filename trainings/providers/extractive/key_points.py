"""What to remember: rules first, then warnings."""

from __future__ import annotations

from trainings.providers import KeyPointDraft
from trainings.providers.extractive.steps import Reading

MOST = 8
"""A list longer than this is not remembered."""
ENOUGH = 3
"""Warnings join the key points only while there are fewer rules than this."""


def choose(reading: Reading) -> tuple[KeyPointDraft, ...]:
    """Return the key points of a reading, in order of time."""
    warnings = [note for note in reading.warnings if note.kind == "caution"]
    chosen = [*reading.rules[:MOST], *warnings[: max(0, ENOUGH - len(reading.rules))]]
    texts: set[str] = set()
    points: list[KeyPointDraft] = []
    for note in sorted(chosen, key=lambda note: note.start):
        if note.text and note.text not in texts:
            texts.add(note.text)
            points.append(KeyPointDraft(note.text, note.start, note.end, note.evidence))
    return tuple(points)
