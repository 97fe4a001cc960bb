"""A sentence as it was heard, with what it contributes."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainings.providers.extractive.notes import Note


@dataclass(frozen=True)
class Heard:
    """Times in seconds; `said` holds its lower-case tokens, `bare` the same without the markers before them."""

    number: int
    start: float
    end: float
    silence: float
    """Seconds of silence before it; 0 when there was only breath."""
    text: str
    said: str
    bare: str
    evidence: tuple[int, ...]
    notes: list[Note] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {note.kind for note in self.notes}
