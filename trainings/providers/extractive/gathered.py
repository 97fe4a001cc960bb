"""All that was read, before it is parted and named."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step


@dataclass
class Reading:
    """All that was read: steps in order, and the notes that are not steps."""

    steps: list[Step] = field(default_factory=list)
    topics: list[Note] = field(default_factory=list)
    titles: list[Note] = field(default_factory=list)
    hints: list[Note] = field(default_factory=list)
    """Titles that nobody announced as such."""
    rules: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    sentences: list[Heard] = field(default_factory=list)
    """Every sentence, at the place of its number."""
