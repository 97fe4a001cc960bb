"""From what a speech model answers to words with times, within the piece that was sent.

whisper-1 gives words with times and without their punctuation, and a text with it: both are put together. Models that
give text only get times by the length of the words; within a piece of 30 s at most, whose pauses are known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, TypedDict

from trainings.providers.openai_ import client, errors
from trainings.sentences import UNSPACED

# Whisper's own thresholds (Radford et al. 2022, section 4.5), as the local transcriber uses them.
MOST_REPETITIVE = 2.4
NO_SPEECH = 0.6
UNLIKELY_SPEECH = -0.6
OPENERS = "([{\"'“‘«„¿¡"  # noqa: RUF001
_TOKEN = re.compile(r"\s*\S+")


class TimedWord(TypedDict):
    """Seconds within the piece; the text begins with a space where one stands before it."""

    start: float
    end: float
    text: str
    probability: float


def words_of(body: dict[str, Any], *, seconds: float, language: str) -> list[TimedWord]:
    """Return the words of an answer, whichever of its forms it has. Raises `TemporaryError` for a strange one."""
    text = body.get("text")
    if not isinstance(text, str):
        raise errors.strange("no text in the answer")
    segments = _dicts(body.get("segments"))
    if timed := _dicts(body.get("words")):
        return _restored(text, timed, segments, seconds)
    if segments:
        found: list[TimedWord] = []
        for segment in segments:
            if not _is_invented(segment):
                start, end = client.number(segment.get("start")), client.number(segment.get("end"))
                found += _spread(str(segment.get("text") or ""), start, min(end, seconds), language, _sure(segment))
        return found
    return _spread(text, 0.0, seconds, language, 1.0)


def _restored(
    text: str, timed: Sequence[dict[str, Any]], segments: Sequence[dict[str, Any]], seconds: float
) -> list[TimedWord]:
    """Give timed words the punctuation that the text has around them."""
    found: list[TimedWord] = []
    at = 0
    for item in timed:
        word = str(item.get("word") or "").strip()
        start = min(client.number(item.get("start")), seconds)
        end = min(max(client.number(item.get("end")), start), seconds)
        segment = next((s for s in segments if client.number(s.get("end")) > (start + end) / 2), None)
        if not word or (segment and _is_invented(segment)):
            continue
        place = text.find(word, at)
        if place < 0 or place - at > len(word) + 40:  # the text says something else here: believe the word
            before = " "
        else:
            gap = text[at:place]
            behind = gap.rstrip(OPENERS + " \n")
            if found:
                found[-1]["text"] += behind
            before = " " if gap[len(behind) :][:1].isspace() or not found else ""
            before += gap[len(behind) :].strip()
            at = place + len(word)
        found.append(
            {"start": start, "end": end, "text": before + word, "probability": _sure(segment) if segment else 1.0}
        )
    if found and len(text) - at < 10:
        found[-1]["text"] += text[at:].rstrip()
    return found


def _spread(text: str, start: float, end: float, language: str, probability: float) -> list[TimedWord]:
    """Spread the words of `text` over a time by their length."""
    tokens = list(text.strip()) if language in UNSPACED else _TOKEN.findall(f" {text.strip()}")
    tokens = [token for token in tokens if token.strip()]
    total = sum(len(token) for token in tokens)
    found: list[TimedWord] = []
    done = 0
    for token in tokens:
        first = start + (end - start) * done / total
        done += len(token)
        last = start + (end - start) * done / total
        found.append({"start": first, "end": last, "text": token, "probability": probability})
    return found


def _sure(segment: dict[str, Any]) -> float:
    """Return how likely the words of a segment are: the model says it per segment only."""
    logarithm = segment.get("avg_logprob")
    return math.exp(min(0.0, logarithm)) if isinstance(logarithm, int | float) else 1.0


def _is_invented(segment: dict[str, Any]) -> bool:
    """Whether the model made the segment up: it repeats itself, or nobody seems to speak."""
    repetitive, silent = segment.get("compression_ratio"), segment.get("no_speech_prob")
    likely = segment.get("avg_logprob")
    if isinstance(repetitive, int | float) and repetitive > MOST_REPETITIVE:
        return True
    if not isinstance(silent, int | float) or not isinstance(likely, int | float):
        return False
    return silent > NO_SPEECH and likely < UNLIKELY_SPEECH


def _dicts(value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise errors.strange("words or segments that are none")
    return value
