"""Names for chapters: what the speaker called them, else a short phrase that sums up the steps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trainings.providers.extractive import name_candidates
from trainings.providers.extractive.chapters import Chapter
from trainings.providers.extractive.name_candidates import Candidate
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step
from trainings.providers.extractive.support import content_words

CENTRAL = 1.5
"""What a name whose every word is in every step, and in no other chapter, is worth beside its kind."""
COPIES, COPIES_FIRST = 0.15, 0.8
"""What a name loses that only repeats a step, and more when that is the first one."""
LONG = 0.15
"""What a name loses with each word beyond the fourth."""


@dataclass(frozen=True)
class Name:
    """A name and the segments it rests on."""

    text: str
    evidence: frozenset[int]


def name(chapters: Sequence[Chapter], suggested: Note | None, check: Callable[[], None]) -> list[Name]:
    """Return the names of all chapters. `suggested` is what the recording is said to be about; `check` may raise."""
    words = [content_words(" ".join(map(_text, chapter.steps))) for chapter in chapters]
    named: dict[int, Name] = {}
    for place, chapter in enumerate(chapters):
        if chapter.announcement and chapter.announcement.text:
            named[place] = _from(chapter.announcement)
    if suggested and _names_the_first(suggested, chapters, named):
        named[0] = _from(suggested)
    taken = [content_words(each.text) for each in named.values()]
    if suggested:
        taken.append(content_words(suggested.text))
    for place, chapter in enumerate(chapters):
        check()
        if place not in named:
            named[place] = _best(chapter, words, taken)
            taken.append(content_words(named[place].text))
    return [named[place] for place in range(len(chapters))]


def _names_the_first(suggested: Note, chapters: Sequence[Chapter], named: dict[int, Name]) -> bool:
    """Whether what the recording is about names its first part: there is no other, or the others have their own."""
    if 0 in named:
        return False
    about = content_words(suggested.text)
    return len(named) == len(chapters) - 1 and not any(about & content_words(each.text) for each in named.values())


def _from(note: Note) -> Name:
    text = re.sub(
        r"^(?:how (?:to|you|we) |the part (?:about|where we) |doing |do )", "", note.text, flags=re.IGNORECASE
    )
    text = re.sub(r"\s+(?:itself|now|part|next|first)$", "", text, flags=re.IGNORECASE)
    return Name(text[:1].upper() + text[1:], frozenset(note.evidence))


def _best(chapter: Chapter, words: Sequence[set[str]], taken: Sequence[set[str]]) -> Name:
    candidates = [each for each in name_candidates.of(chapter) if content_words(each.text) not in taken]
    if not candidates:
        step = chapter.steps[0]
        return Name(step.title, frozenset(step.evidence))
    best = max(candidates, key=lambda each: _worth(each, chapter, words))
    return Name(best.text[:1].upper() + best.text[1:], best.evidence)


def _worth(candidate: Candidate, chapter: Chapter, words: Sequence[set[str]]) -> float:
    titles = [step.title.lower() for step in chapter.steps]
    said = candidate.text.lower()
    copied = COPIES_FIRST if said == titles[0] else COPIES * (said in titles)
    long = max(0, len(candidate.text.split()) - 4)
    return candidate.worth + CENTRAL * _centrality(candidate, chapter, words) - copied - LONG * long


def _centrality(candidate: Candidate, chapter: Chapter, words: Sequence[set[str]]) -> float:
    """Return how much a name's words are in all steps of its chapter, and in no other chapter: 0 to 1.

    One central word is enough ("Rinse the lettuce"): it counts as much as all together.
    """
    own = [content_words(_text(step)) for step in chapter.steps]
    shares = [
        sum(stem in step for step in own) / len(own) / math.sqrt(max(1, sum(stem in other for other in words)))
        for stem in content_words(candidate.text)
    ]
    return (max(shares) + sum(shares) / len(shares)) / 2 if shares else 0.0


def _text(step: Step) -> str:
    return " ".join([step.title, *step.body, *step.cautions, *step.conditions])
