"""Takes out what a speaker did not mean to say: fillers, stutters, and what a correction takes back."""

from __future__ import annotations

import re

from trainings.providers.extractive import lexicon
from trainings.providers.extractive.sentences import Said, Sentence

FILLERS = {"um", "umm", "uh", "uhm", "er", "erm", "hmm", "mm", "mhm", "uhh", "ehm"}
ASIDES = ("you know", "i mean", "like", "sort of", "kind of")
"""Dropped between commas only: "the, like, second row"."""
REPAIR = re.compile(
    r"(?:^|(?<=[\s,.\-]))(?<!or )(?<!nd )(?<!th )(?<!ay )(?:(?:oh|ah|actually|wait|no),?\s+)*"
    r"(?:no wait|oh wait|no|sorry|oops|whoops|scratch that|i meant|or rather|correction|hang on|hold on)"
    r"(?:,?\s+(?:no|wait|sorry|oops|actually))*\s*[,.\-]+\s+",
    re.IGNORECASE,
)
STUTTERED = lexicon.words(
    "a an and at but can from go going i i'm in is it it's just of on or our so that's the then this to we we're "
    "with you you're your click we'll i'll"
)


def smooth(sentence: Sentence) -> Sentence | None:
    """Return the sentence without fillers, stutters and taken-back words; None when nothing is left."""
    words = _without_stutters(_without_asides([word for word in sentence.words if _bare(word.text) not in FILLERS]))
    words = after_repair(words)
    return Sentence(tuple(words)) if any(_bare(word.text) for word in words) else None


def after_repair(words: list[Said]) -> list[Said]:
    """Drop what stands before "sorry," or "no wait,": the speaker says it anew behind it.

    When only the object is said anew ("click Edit, sorry, Delete"), the verb before it is kept.
    """
    text = " ".join(word.text for word in words)
    repairs = list(REPAIR.finditer(text))
    if not repairs:
        return words
    rest = words[text[: repairs[-1].end()].count(" ") :]
    if len(rest) > 2 or (rest and rest[0].text.strip(".,") in lexicon.ACTIONS):
        return rest
    taken_back = words[: text[: repairs[0].start()].count(" ")]
    verb = next((place for place, word in enumerate(taken_back) if _bare(word.text) in lexicon.ACTIONS), None)
    return words if verb is None else [*taken_back[: verb + 1], *rest]


def _without_asides(words: list[Said]) -> list[Said]:
    kept: list[Said] = []
    place = 0
    while place < len(words):
        length = _aside_at(words, place)
        if length and (not kept or kept[-1].text.endswith(",")):
            place += length
            continue
        kept.append(words[place])
        place += 1
    return kept


def _aside_at(words: list[Said], place: int) -> int:
    """Return how many words from `place` on are an aside that ends in a comma, or 0."""
    for aside in ASIDES:
        length = aside.count(" ") + 1
        said = words[place : place + length]
        if " ".join(word.text for word in said).lower() == aside + ",":
            return length
    return 0


def _without_stutters(words: list[Said]) -> list[Said]:
    """Keep the last of "the the" and "I want, I want": labels such as "Walla Walla" are not stutters."""
    kept: list[Said] = []
    for word in words:
        if kept and _bare(word.text) == _bare(kept[-1].text) and _bare(word.text) in STUTTERED:
            kept.pop()
        kept.append(word)
    return kept


def _bare(text: str) -> str:
    return text.strip(".,;:!?\"'-\u2013\u2014…()").lower()
