"""The hand on mouse and keyboard: where the pointer is at a second, and what it does there."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from bench.recordings.plan import CHOOSE, KEYSTROKE, REACH, Move
from bench.recordings.stage import Stage

REST = (820.0, 470.0)
FADE = 0.4
"""Seconds the ring around a click stays."""


class Hand:
    """Follows the moves of a plan. `be_at` is called once a frame with growing seconds."""

    def __init__(self, stage: Stage, moves: Sequence[Move]) -> None:
        self._stage = stage
        self._moves = deque(easy(moves))
        self._keys: deque[tuple[float, str]] = deque()
        self._here = self._from = REST
        self._to: tuple[float, float] | None = None
        self._pressed_at = -FADE

    def be_at(self, second: float) -> None:
        """Travel, click and type whatever is due at `second`, then draw the pointer."""
        self._travel(second)
        while self._moves and self._moves[0].at <= second + 1e-6:
            self._act(self._moves.popleft())
        while self._keys and self._keys[0][0] <= second + 1e-6:
            self._stage.page.keyboard.insert_text(self._keys.popleft()[1])
        self._stage.point(*self._here, max(0.0, 1 - (second - self._pressed_at) / FADE))

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left to do."""
        return not self._moves and not self._keys

    def _travel(self, second: float) -> None:
        if not self._moves or not (target := place(self._moves[0])):
            return
        done = 1 - (self._moves[0].at - second) / REACH
        if done < 0:
            return
        if self._to is None:
            self._from, self._to = self._here, self._stage.centre(target)
        self._here = between(self._from, self._to, min(1.0, done))

    def _act(self, move: Move) -> None:
        if target := place(move):
            self._here, self._to = self._stage.centre(target), None
            self._stage.page.mouse.move(*self._here)
        match move.action.verb:
            case "click" | "type":
                self._press(move.at)
            case "press":
                self._stage.page.keyboard.press(move.action.value)
            case "wait":
                self._stage.centre(move.action.value)
        if move.action.verb == "type":
            self._keys.extend((move.at + (n + 1) * KEYSTROKE, key) for n, key in enumerate(move.action.value))

    def _press(self, second: float) -> None:
        self._stage.page.mouse.down()
        self._stage.page.mouse.up()
        self._pressed_at = second


def easy(moves: Sequence[Move]) -> list[Move]:
    """Write a choice from a list as the two clicks it is."""
    return [simple for move in moves for simple in (clicks(move) if move.action.verb == "choose" else [move])]


def clicks(move: Move) -> list[Move]:
    kind = type(move.action)
    option = f"[role=option]:has-text({move.action.value!r})"
    return [Move(move.at, kind("click", move.action.target)), Move(move.at + CHOOSE, kind("click", option))]


def place(move: Move) -> str:
    """Return the selector the pointer must be at for a move; empty when it may stay where it is."""
    return {"click": move.action.value, "hover": move.action.value, "type": move.action.target}.get(
        move.action.verb, ""
    )


def between(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    """A point on the way of a wrist: slow, fast, slow, on a slight bow."""
    eased = share * share * (3 - 2 * share)
    bow = 0.06 * (1 - (2 * eased - 1) ** 2)
    across, down = end[0] - start[0], end[1] - start[1]
    return start[0] + across * eased + down * bow, start[1] + down * eased - across * bow
