"""A step in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainings.providers.extractive.notes import Note, sentence_case


@dataclass
class Step:
    """A step in the making. Times in seconds, evidence as segment indexes."""

    title: str
    start: float
    end: float
    evidence: set[int]
    first: int
    last: int
    """Numbers of the first and last sentence."""
    body: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def add(self, note: Note, texts: list[str]) -> None:
        """Attach a note's text, once, and rest on its segments too."""
        if note.text and note.text not in texts:
            texts.append(note.text)
        self.evidence.update(note.evidence)
        if note.start >= self.start:
            self.end, self.last = max(self.end, note.end), max(self.last, note.sentence)


def body_of(step: Step) -> str:
    """Return the results and reasons of a step as one text."""
    return " ".join(filter(None, map(sentence_case, step.body)))
