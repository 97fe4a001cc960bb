"""Lays lines and actions on one clock, before anything is filmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.recordings.script import Action, Line, Script

LEAD = 0.8
"""Seconds of picture before the first word."""
TAIL = 1.6
"""Seconds of picture after the last word."""
REACH = 0.7
"""Seconds the pointer travels before it acts."""
KEYSTROKE = 0.1
"""Seconds a character takes to type."""
CHOOSE = 1.0
"""Seconds between opening a list and taking one of its options."""
SETTLE = 0.4
"""Seconds the hand rests after an action."""


@dataclass(frozen=True)
class Move:
    """An action with the second at which it takes effect."""

    at: float
    action: Action

    @property
    def until(self) -> float:
        """The second at which the hand is free again."""
        lasts = {"type": len(self.action.value) * KEYSTROKE, "choose": CHOOSE}
        return self.at + lasts.get(self.action.verb, 0.0) + SETTLE


@dataclass(frozen=True)
class PlacedLine:
    """A line with the seconds of its first and last audible sample."""

    start: float
    end: float
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that will happen, in order."""

    lines: tuple[PlacedLine, ...]
    duration: float

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(move for line in self.lines for move in line.moves)


def lay(script: Script, lengths: Sequence[float]) -> Plan:
    """Place each line (spoken in `lengths` seconds) after the one before, its pause and what the hand still does."""
    placed: list[PlacedLine] = []
    now, free = LEAD, 0.0
    for line, length in zip(script.lines, lengths, strict=True):
        moves = place_moves(line, now, length, free)
        placed.append(PlacedLine(now, now + length, moves))
        free = moves[-1].until if moves else free
        now = max(now + length + line.pause, free)
    return Plan(tuple(placed), round(max(placed[-1].end, free) + TAIL, 1))


def place_moves(line: Line, start: float, length: float, free: float) -> tuple[Move, ...]:
    """The hand does one thing after the other: an action waits for the one before and for the pointer's way."""
    moves: list[Move] = []
    for action in line.actions:
        at = max(start + offset(action, line, length), free + (0.0 if action.verb in {"press", "wait"} else REACH))
        moves.append(Move(at, action))
        free = moves[-1].until
    return tuple(moves)


def offset(action: Action, line: Line, length: float) -> float:
    """Seconds after the line's start. A word is where it stands in the text: the voice speaks evenly enough."""
    if action.word:
        return length * line.text.index(action.word) / len(line.text)
    return length if action.at is None else action.at
