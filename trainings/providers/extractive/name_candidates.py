"""Phrases of a chapter that could be its name: purposes, labels, things with what is done to them, plans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import english, lexicon, openers
from trainings.providers.extractive.chapters import Chapter
from trainings.providers.extractive.imperative import FRAME
from trainings.providers.extractive.step import Step

PLAN, PLACE, PURPOSE, LABEL, DEED, THING = 2.5, 0.8, 0.6, 0.55, 0.3, 0.15
"""What a phrase is worth by its kind."""
LATE = 0.4
"""What a label or a deed gains at the end of its chapter: the last one is what all before it was for."""
MECHANICAL = lexicon.words(
    "click press tap hit type go choose select pick scroll hover double-click right-click enter switch move put get"
)
"""Verbs that say how and not what for."""
HOW = 0.3
"""What a deed loses with such a verb."""
TO = {"to", "into", "onto"}
MOST_WORDS = 6
LABELLED = re.compile(
    r"^(?:click|press|tap|hit|use|double-click)(?: on)? (?P<label>[A-Z0-9][\w'&-]*(?: (?!in\b|at\b|on\b|from\b|"
    r"again\b|and\b|or\b|under\b|as\b|twice\b|with\b|until\b|now\b)[\w'&-]+)*)",
    re.IGNORECASE,
)
COMMON = lexicon.words(
    "enter save next ok okay cancel back yes no done continue close finish submit send add escape tab return delete "
    "edit apply new"
)
"""Labels that are on every other page, and keys."""
LOOK = re.compile(r"^(?:have|take) an? (?:\w+ )?look (?=at )")


@dataclass(frozen=True)
class Candidate:
    """A phrase, the segments it rests on, and what it is worth before its words are looked at."""

    text: str
    evidence: frozenset[int]
    worth: float


def of(chapter: Chapter) -> list[Candidate]:
    """Return the phrases that could name a chapter."""
    steps = chapter.steps
    parsed = list(english.parse(f"{FRAME}{step.title[:1].lower()}{step.title[1:]}." for step in steps))
    found = [*_planned(chapter), *(_place(steps[0], parsed[0]) if chapter.opening else ())]
    things: Counter[str] = Counter()
    nouns: dict[str, Candidate] = {}
    for place, (step, document) in enumerate(zip(steps, parsed, strict=True)):
        evidence = frozenset(step.evidence)
        found += _purposes(document, evidence)
        late = LATE * (place + 1) / len(steps)
        found += _deeds(document, evidence, late)
        found += _labels(step, late)
        for key, text in _things(document).items():
            things[key] += 1
            nouns.setdefault(key, Candidate(text, evidence, THING))
    return [*found, *(nouns[key] for key, count in things.items() if count > 1)]


def _planned(chapter: Chapter) -> Iterator[Candidate]:
    """What the sentence with which the chapter begins says is done now ("we look at what came back")."""
    for heard in chapter.opening:
        if (plan := openers.planned(heard)) and len(plan.split()) <= MOST_WORDS + 2:
            yield Candidate(plan, frozenset(heard.evidence), PLAN)


def _place(step: Step, document: Any) -> Iterator[Candidate]:
    """Where the chapter's first step goes: what follows happens there."""
    if not openers.MOVES.match(step.title):
        return
    place = next((token for token in document if token.dep_ == "pobj" and token.head.lower_ in TO), None)
    if place is not None and place.pos_ in {"NOUN", "PROPN"}:
        nouns = [*(child for child in place.lefts if child.dep_ in {"compound", "amod"}), place]
        yield Candidate(" ".join(token.text for token in nouns), frozenset(step.evidence), PLACE)


def _purposes(document: Any, evidence: frozenset[int]) -> Iterator[Candidate]:
    """ "Click the row to open the order" is for opening the order."""
    for token in document[3:]:
        if token.tag_ == "VB" and token.i and document[token.i - 1].lower_ == "to" and (thing := _object(token)):
            yield from _phrase(document[token.i : _end(thing)], evidence, PURPOSE)


def _deeds(document: Any, evidence: frozenset[int], late: float) -> Iterator[Candidate]:
    verb = document[2] if len(document) > 2 else None
    if verb is not None and (thing := _object(verb)):
        worth = DEED + late - (HOW if verb.lower_ in MECHANICAL else 0.0)
        yield from _phrase(document[verb.i : _end(thing)], evidence, worth)


def _object(verb: Any) -> Any:
    """The last word of what a verb is done to; None for a pronoun."""
    return next(
        (
            child
            for child in verb.children
            if child.dep_ == "dobj" and child.pos_ in {"NOUN", "PROPN"} and child.i > verb.i
        ),
        None,
    )


def _end(noun: Any) -> int:
    """Where a thing ends: "the number of people" is one, "the name on the order" says where it stands."""
    of = next((child for child in noun.rights if child.lower_ == "of"), None)
    inner = next((child for child in of.rights if child.dep_ == "pobj"), None) if of is not None else None
    return int((inner if inner is not None else noun).i) + 1


def _phrase(span: Any, evidence: frozenset[int], worth: float) -> Iterator[Candidate]:
    if len(span) <= MOST_WORDS and not any(token.is_punct for token in span):
        yield Candidate(span.text, evidence, worth)


def _labels(step: Step, late: float) -> Iterator[Candidate]:
    """The label that is clicked: it says what the click does. Transcribers write it small: "press refund"."""
    found = LABELLED.match(step.title)
    label = found["label"] if found else ""
    first = label.lower().split(" ")[0]
    told = not label or first in lexicon.DETERMINERS or english.is_stop(first)
    if not told and label.lower() not in COMMON and len(label.split()) <= MOST_WORDS:
        yield Candidate(label, frozenset(step.evidence), LABEL + late)


def _things(document: Any) -> dict[str, str]:
    """The nouns of a step by their lemmas, each with the nouns that make one word with it."""
    return {
        token.lemma_.lower(): " ".join([*(child.text for child in token.lefts if child.dep_ == "compound"), token.text])
        for token in document[3:]
        if token.pos_ in {"NOUN", "PROPN"} and token.dep_ != "compound" and len(token.text) > 2
    }
