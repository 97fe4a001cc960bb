"""From the JSON a model gave to drafts whose form can be trusted: types, lengths, characters, numbers in range."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from trainings.providers.openai_ import errors

TITLE = 200
BODY = 1_000
NOTES = 10
"""Most characters of a title and a body; most cautions, and most conditions, of a step."""


@dataclass
class Item:
    """A step or a key point as the model wrote it. `evidence` counts the narration's segments from 0."""

    text: str
    evidence: tuple[int, ...]
    body: str = ""
    cautions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass
class Group:
    """A chapter with its steps."""

    title: str
    evidence: tuple[int, ...]
    steps: list[Item] = field(default_factory=list)


@dataclass
class Written:
    """What a model wrote about one part."""

    title: str
    groups: list[Group]
    key_points: list[Item]


def written(answer: dict[str, Any], numbers: range) -> Written:
    """Read an answer about the segments `numbers`. Raises `TemporaryError` when it does not have the form."""
    groups = [
        Group(clean(chapter.get("title"), TITLE), evidence(chapter.get("segments"), numbers), _items(chapter, numbers))
        for chapter in objects(answer, "chapters")
    ]
    points = [
        Item(clean(point.get("text"), BODY), evidence(point.get("segments"), numbers))
        for point in objects(answer, "key_points")
    ]
    return Written(clean(answer.get("title"), TITLE), groups, points)


def objects(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the list of objects `name`, which must be one."""
    value = parent.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise errors.strange(f"{name} is not a list of objects")
    return value


def evidence(value: object, numbers: range) -> tuple[int, ...]:
    """Return the numbers that are there, in order; the others name nothing."""
    if not isinstance(value, list):
        return ()
    return tuple(sorted({each for each in value if type(each) is int and each in numbers}))


def clean(value: object, limit: int) -> str:
    """Return one line of plain text: no control, format or private characters, which could hide or turn it."""
    if not isinstance(value, str):
        return ""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in value)
    return " ".join(plain.split())[:limit].strip()


def _items(chapter: dict[str, Any], numbers: range) -> list[Item]:
    return [
        Item(
            clean(step.get("title"), TITLE),
            evidence(step.get("segments"), numbers),
            clean(step.get("body"), BODY),
            _texts(step.get("cautions")),
            _texts(step.get("conditions")),
        )
        for step in objects(chapter, "steps")
    ]


def _texts(value: object) -> tuple[str, ...]:
    found = [clean(each, BODY) for each in value] if isinstance(value, list) else []
    return tuple(text for text in found if text)[:NOTES]
