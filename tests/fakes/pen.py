"""A pen for the fake: writes what a good model would, by the local writer's rules."""

from __future__ import annotations

import json
from typing import Any

from jobs.errors import PermanentError
from tests.trainings.narration import spoken
from trainings.providers import SopDraft
from trainings.providers.extractive import ExtractiveWriter


def segments_of(messages: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the numbered segments that were sent."""
    told: dict[str, list[dict[str, Any]]] = json.loads(messages[-1]["content"])
    return told["segments"]


def write(messages: list[dict[str, str]], schema: dict[str, Any]) -> dict[str, Any]:
    """Write the procedure of the narration that was sent."""
    told = segments_of(messages)
    clock, said = 0.0, []
    for segment in told:
        said.append(spoken(segment["said"], clock))
        clock = said[-1].end + 0.4
    try:
        draft = ExtractiveWriter().write(said, language="en", duration=clock + 1)
    except PermanentError:
        return {"title": "", "chapters": [], "key_points": []}
    return as_answer(draft, told[0]["n"])


def as_answer(draft: SopDraft, first: int) -> dict[str, Any]:
    """Return a draft as the answer that stands for it; its segments count from `first`."""

    def numbers(evidence: tuple[int, ...]) -> list[int]:
        return [index + first for index in evidence]

    return {
        "title": draft.title,
        "chapters": [
            {
                "title": chapter.title,
                "segments": numbers(chapter.evidence),
                "steps": [
                    {
                        "title": step.title,
                        "body": step.body,
                        "cautions": list(step.cautions),
                        "conditions": list(step.conditions),
                        "segments": numbers(step.evidence),
                    }
                    for step in chapter.steps
                ],
            }
            for chapter in draft.chapters
        ],
        "key_points": [{"text": point.text, "segments": numbers(point.evidence)} for point in draft.key_points],
    }
