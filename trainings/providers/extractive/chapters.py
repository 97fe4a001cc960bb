"""Where one part ends and the next begins: announcements, long pauses, other words."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import english
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step
from trainings.providers.extractive.steps import Reading
from trainings.providers.extractive.support import content_words

LONG_PAUSE = 2.5
"""Seconds of silence that may part two chapters when the words change too."""
SHORT_PAUSE = 1.0
USUAL_PAUSES = 2.2
"""A pause from SHORT_PAUSE seconds on counts as long for a brisk speaker: this many times the median pause."""
WINDOW = 3
"""Steps compared on each side of a possible cut."""
FEW = 2
"""A chapter that was not announced has at least this many steps."""
MANY = 12
"""Steps after which a chapter is cut at the next change of words, pause or not."""


@dataclass
class Chapter:
    """A chapter in the making: its steps and what announced it."""

    steps: list[Step]
    announcement: Note | None = None


def divide(reading: Reading) -> list[Chapter]:
    """Return the chapters of a reading, each with at least one step, in order."""
    chapters: list[Chapter] = []
    words = [content_words(" ".join([step.title, *step.body])) for step in reading.steps]
    topics = list(reading.topics)
    for place, step in enumerate(reading.steps):
        announcement = _announcement(topics, step)
        if not chapters:
            chapters.append(Chapter([step], announcement if announcement and announcement.text else None))
        elif announcement or _changes(words, reading, place, len(chapters[-1].steps)):
            chapters.append(Chapter([step], announcement))
        else:
            chapters[-1].steps.append(step)
    return chapters


def _announcement(topics: list[Note], step: Step) -> Note | None:
    """Take the announcements made before this step off the list; the last one with a name counts."""
    found: Note | None = None
    while topics and topics[0].start <= step.start:
        topic = topics.pop(0)
        found = topic if topic.text or found is None else found
    return found


def _changes(words: Sequence[set[str]], reading: Reading, place: int, length: int) -> bool:
    steps = reading.steps
    if length < FEW or len(steps) - place < FEW:
        return False
    between = range(steps[place - 1].first + 1, steps[place].first + 1)
    pause = max((reading.silences.get(number, 0.0) for number in between), default=0.0)
    likeness = _likeness(words, place)
    usual = statistics.median(reading.silences.values()) if reading.silences else 0.0
    long = pause >= LONG_PAUSE or (pause >= SHORT_PAUSE and pause >= USUAL_PAUSES * usual)
    return (long and likeness < 0.15) or (length >= MANY and likeness == 0.0)


def _likeness(words: Sequence[set[str]], place: int) -> float:
    """How many words the steps on both sides share, 0 to 1 (Jaccard)."""
    before = set().union(*words[max(0, place - WINDOW) : place])
    after = set().union(*words[place : place + WINDOW])
    return len(before & after) / len(before | after) if before | after else 0.0


def name(chapter: Chapter, used: set[str], suggested: Note | None) -> tuple[str, set[int]]:
    """Return a chapter's title and the segments the title rests on.

    What announced it names it; else, for the first one, what the recording is said to be about (`suggested`); else
    the thing that most of its steps name; else its first step. `used` keeps things from naming two chapters.
    """
    named = chapter.announcement if chapter.announcement and chapter.announcement.text else suggested
    if named:
        return _short(named.text), set(named.evidence)
    if topic := _common_thing(chapter.steps, used):
        return topic, set().union(*(step.evidence for step in chapter.steps))
    return chapter.steps[0].title, set(chapter.steps[0].evidence)


def _short(topic: str) -> str:
    topic = re.sub(r"^(?:how (?:to|you|we) |the part (?:about|where we) |doing |do )", "", topic, flags=re.IGNORECASE)
    topic = re.sub(r"\s+(?:itself|now|part|next|first)$", "", topic, flags=re.IGNORECASE)
    return topic[:1].upper() + topic[1:]


def _common_thing(steps: list[Step], used: set[str]) -> str:
    """Return the thing a chapter is about: named by at least two of its steps and half of all."""
    counted: Counter[str] = Counter()
    forms: dict[str, set[str]] = {}
    for document in english.parse(step.title for step in steps):
        things = {
            token.lemma_.lower(): token
            for token in document[1:]
            if token.pos_ in {"NOUN", "PROPN"} and token.dep_ != "compound"
        }
        for key, token in things.items():
            counted[key] += 1
            forms.setdefault(key, set()).add(_phrase(token))
    for key, count in counted.most_common(3):
        if count >= max(2, len(steps) / 2) and key not in used and len(key) > 2:
            used.add(key)
            phrase = min(forms[key], key=lambda form: (len(form), form))
            return phrase[:1].upper() + phrase[1:]
    return ""


def _phrase(noun: Any) -> str:
    """ "order number" of "the order number": the noun with the nouns that make one word with it."""
    return " ".join([*(child.text for child in noun.lefts if child.dep_ == "compound"), noun.text])
