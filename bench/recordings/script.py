"""The written script of a recording: what is said, what kind of line it is, what it yields, what the hand does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bench.recordings.kinds import Kind

VERBS = ("click", "type", "press", "choose", "hover", "wait")
PAUSE = 0.35
"""Seconds of silence after a line that names none."""


class BadScript(ValueError):
    """The script file says something that the maker does not know."""


@dataclass(frozen=True)
class Action:
    """One thing the hand does. `at`: seconds after the line's start; None: when the line has been spoken."""

    verb: str
    value: str
    target: str = ""
    at: float | None = None
    word: str = ""
    """Instead of `at`: begin when this word of the line is spoken (estimated from its place in the text)."""


@dataclass(frozen=True)
class Line:
    """One breath of narration. `expect`: what it yields (outer), each in wordings that are all right (inner)."""

    kind: Kind
    text: str
    expect: tuple[tuple[str, ...], ...] = ()
    actions: tuple[Action, ...] = ()
    pause: float = PAUSE


@dataclass(frozen=True)
class Chapter:
    """A part with one topic."""

    title: str
    title_words: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Script:
    """A whole recording, written by hand. A good title has all of `title_words`."""

    name: str
    title: str
    title_words: tuple[str, ...]
    page: str
    chapters: tuple[Chapter, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for chapter in self.chapters for line in chapter.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def read_script(path: Path) -> Script:
    """Read a script. Raises `BadScript` with the place of the first thing it does not know."""
    data = json.loads(path.read_text(encoding="utf-8"))
    only(data, {"name", "title", "title_words", "page", "chapters"}, path.name)
    return Script(
        name=data["name"],
        title=data["title"],
        title_words=tuple(data["title_words"]),
        page=data["page"],
        chapters=tuple(chapter(item, f"{path.name}, chapter {number}") for number, item in enumerate(data["chapters"])),
    )


def chapter(data: dict[str, Any], place: str) -> Chapter:
    only(data, {"title", "title_words", "lines"}, place)
    lines = tuple(line(item, f"{place}, line {number}") for number, item in enumerate(data["lines"]))
    return Chapter(data["title"], tuple(data["title_words"]), lines)


def line(data: dict[str, Any], place: str) -> Line:
    only(data, {"kind", "text", "expect", "do", "pause"}, place)
    if data["kind"] not in get_args(Kind):
        raise BadScript(f"{place}: unknown kind {data['kind']!r}")
    if (data["kind"] == "talk") == bool(data.get("expect")):
        raise BadScript(f"{place}: every kind but talk needs an expect, and talk has none")
    return Line(
        kind=data["kind"],
        text=data["text"],
        expect=tuple(tuple(wordings) for wordings in data.get("expect", ())),
        actions=tuple(action(item, place, data["text"]) for item in data.get("do", ())),
        pause=float(data.get("pause", PAUSE)),
    )


def action(data: dict[str, Any], place: str, text: str) -> Action:
    only(data, {*VERBS, "into", "in", "at", "on"}, place)
    verbs = [verb for verb in VERBS if verb in data]
    if len(verbs) != 1:
        raise BadScript(f"{place}: an action has exactly one of {', '.join(VERBS)}")
    if data.get("on", "") not in text:
        raise BadScript(f"{place}: the line does not say {data['on']!r}")
    return Action(
        verb=verbs[0],
        value=str(data[verbs[0]]),
        target=data.get("into", data.get("in", "")),
        at=None if data.get("at", "end") == "end" else float(data["at"]),
        word=data.get("on", ""),
    )


def only(data: dict[str, Any], known: set[str], place: str) -> None:
    """Refuse keys that nobody reads: a typing error would be lost in silence."""
    if unknown := sorted(set(data) - known):
        raise BadScript(f"{place}: unknown {', '.join(unknown)}")
