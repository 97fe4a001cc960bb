"""What is known to be true of a finished recording. Times are seconds of the video."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast

from bench.recordings.kinds import Kind
from bench.recordings.plan import Plan
from bench.recordings.script import Script


class TrueChapter(TypedDict):
    title: str
    title_words: list[str]
    start: float
    end: float


class TrueLine(TypedDict):
    """`start` and `end` are the first and last audible sample; `acted_at` is the line's first action, if any."""

    index: int
    chapter: int
    kind: Kind
    text: str
    start: float
    end: float
    expect: list[list[str]]
    acted_at: float | None


class TrueStep(TypedDict):
    """One thing to do, in all wordings that are right. Two steps of one line share its times."""

    line: int
    chapter: int
    expect: list[str]
    start: float
    end: float
    acted_at: float | None


class Truth(TypedDict):
    name: str
    title: str
    title_words: list[str]
    duration: float
    voice: str
    chapters: list[TrueChapter]
    lines: list[TrueLine]
    steps: list[TrueStep]
    text: str


def read_truth(path: Path) -> Truth:
    """Read the truth beside a recording."""
    return cast("Truth", json.loads(path.read_text(encoding="utf-8")))


def truth_of(script: Script, plan: Plan, voice: str) -> Truth:
    """Join what was written with when it happened."""
    lines = lines_of(script, plan)
    return {
        "name": script.name,
        "title": script.title,
        "title_words": list(script.title_words),
        "duration": plan.duration,
        "voice": voice,
        "chapters": chapters_of(script, lines, plan.duration),
        "lines": lines,
        "steps": steps_of(lines),
        "text": script.text,
    }


def lines_of(script: Script, plan: Plan) -> list[TrueLine]:
    homes = [number for number, chapter in enumerate(script.chapters) for _ in chapter.lines]
    return [
        {
            "index": index,
            "chapter": homes[index],
            "kind": line.kind,
            "text": line.text,
            "start": round(placed.start, 2),
            "end": round(placed.end, 2),
            "expect": [list(wordings) for wordings in line.expect],
            "acted_at": round(placed.moves[0].at, 2) if placed.moves else None,
        }
        for index, (line, placed) in enumerate(zip(script.lines, plan.lines, strict=True))
    ]


def chapters_of(script: Script, lines: list[TrueLine], duration: float) -> list[TrueChapter]:
    """A chapter lasts from its first word to the first word of the next; the first begins with the video."""
    starts = [
        next(line["start"] for line in lines if line["chapter"] == number) for number in range(len(script.chapters))
    ]
    starts[0] = 0.0
    return [
        {"title": chapter.title, "title_words": list(chapter.title_words), "start": start, "end": end}
        for chapter, start, end in zip(script.chapters, starts, [*starts[1:], duration], strict=True)
    ]


def steps_of(lines: list[TrueLine]) -> list[TrueStep]:
    return [
        {
            "line": line["index"],
            "chapter": line["chapter"],
            "expect": wordings,
            "start": line["start"],
            "end": line["end"],
            "acted_at": line["acted_at"],
        }
        for line in lines
        if line["kind"] == "step"
        for wordings in line["expect"]
    ]
