"""A long narration in parts that one answer can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainings.providers import SpokenSegment

CHARACTERS = 20_000
"""Of speech in a part: about 25 minutes, 5,000 tokens."""


@dataclass(frozen=True)
class Part:
    """Segments that are read at once; `first` is the number of the first one."""

    first: int
    segments: tuple[SpokenSegment, ...]

    def halves(self) -> list[Part]:
        """Return two parts for one whose answer did not fit; one segment cannot be divided."""
        middle = len(self.segments) // 2
        return [Part(self.first, self.segments[:middle]), Part(self.first + middle, self.segments[middle:])]


def divide(segments: Sequence[SpokenSegment]) -> list[Part]:
    """Return the parts in order. Each but the last ends at the longest pause of its last quarter."""
    parts: list[Part] = []
    first = 0
    while first < len(segments):
        end, characters = first, 0
        while end < len(segments) and (end == first or characters + len(segments[end].text) <= CHARACTERS):
            characters += len(segments[end].text)
            end += 1
        if end < len(segments):
            end = _best_cut(segments, first, end)
        parts.append(Part(first, tuple(segments[first:end])))
        first = end
    return parts


def _best_cut(segments: Sequence[SpokenSegment], first: int, end: int) -> int:
    """Return where the next part begins: a topic rarely goes on over a long silence."""
    earliest = max(first + 1, end - max(1, (end - first) // 4))
    return max(range(earliest, end + 1), key=lambda cut: segments[cut].start - segments[cut - 1].end)
