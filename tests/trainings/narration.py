"""Narrations with known truth, as spoken segments: `kind: text => step | step`, one line each.

`chapter: name` stands before the first line of a part, `pause: seconds` between two lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.boundaries import Part
from bench.matching import Expected
from trainings.providers import SpokenSegment, Word

FOLDER = Path(__file__).parent / "narrations"
WORDS_PER_SECOND = 2.6
PAUSE = 0.4
"""Seconds between two lines."""


@dataclass(frozen=True)
class Line:
    """A spoken line and the steps it yields."""

    kind: str
    text: str
    start: float
    end: float
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Narration:
    """A narration, its true title and its lines; one segment a line."""

    name: str
    title: str
    lines: tuple[Line, ...]
    segments: tuple[SpokenSegment, ...]
    chapters: tuple[Part, ...] = ()

    @property
    def duration(self) -> float:
        return self.segments[-1].end + 1

    @property
    def expected(self) -> list[Expected]:
        return [Expected((step,), line.start) for line in self.lines for step in line.steps]

    @property
    def tolerated(self) -> list[str]:
        return [line.text for line in self.lines if line.kind in {"condition", "caution"}]


def spoken(text: str, start: float) -> SpokenSegment:
    """Return a segment whose words follow each other at an even pace."""
    words, clock = [], start
    for word in text.split():
        words.append(Word(clock, clock + 0.9 / WORDS_PER_SECOND, " " + word, 0.9))
        clock += 1 / WORDS_PER_SECOND
    return SpokenSegment(start, words[-1].end if words else start, text, tuple(words))


def read(path: Path) -> Narration:
    """Read a narration file."""
    title, clock = "", 0.5
    lines: list[Line] = []
    segments: list[SpokenSegment] = []
    chapters: list[Part] = []
    for row in path.read_text().splitlines():
        kind, _, rest = row.partition(": ")
        if kind == "title":
            title = rest
        elif kind == "chapter":
            chapters.append(Part(clock, rest))
        elif kind == "pause":
            clock += float(rest)
        else:
            text, _, steps = rest.partition(" => ")
            segment = spoken(text, clock)
            segments.append(segment)
            lines.append(Line(kind, text, segment.start, segment.end, tuple(steps.split(" | ")) if steps else ()))
            clock = segment.end + PAUSE
    return Narration(path.stem, title, tuple(lines), tuple(segments), tuple(chapters))


def narrations(folder: str) -> list[Narration]:
    """Return the narrations of a folder.

    "known" are those the rules were tuned on. "held_out" were written before the rules for steps, which never saw them;
    "chapters_held_out" before the rules for chapters. Where their chapters begin changed no rule; one bad name ("We
    need is the approval") did, so their names are no fair measure any more.
    """
    return [read(path) for path in sorted((FOLDER / folder).glob("*.txt"))]
