"""The last check: what no segment supports is not written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from trainings.providers import ChapterDraft, KeyPointDraft, SopDraft, SpokenSegment, StepDraft
from trainings.providers.extractive import english

WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


def content_words(text: str) -> set[str]:
    """Return the stems of the words of `text` that carry content."""
    return set(stems(text))


def stems(text: str) -> list[str]:
    """Return the same in the order of the text, each as often as it is said."""
    words = (found.group().lower() for found in WORD.finditer(text))
    return [stem(word) for word in words if not english.is_stop(word)]


def stem(word: str) -> str:
    """Return a crude stem: enough to see regular verb forms and plurals ("choosing", "choose") as one word."""
    word = word.removesuffix("'s")
    for suffix in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word.removesuffix(suffix) + ("y" if suffix in {"ied", "ies"} else "")
            break
    word = word.removesuffix("e")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def supported(text: str, evidence: Iterable[int], segments: list[str]) -> bool:
    """Whether every content word of `text` was said in the segments it names; with none named nothing is."""
    said = " ".join(segments[index] for index in evidence if index < len(segments))
    spoken = {stem(found.group().lower()) for found in WORD.finditer(said)}
    if missing := content_words(text) - spoken:
        lemmas = {stem(token.lemma_.lower()) for document in english.parse([said]) for token in document}
        missing -= lemmas
        return bool(said) and not missing
    return bool(said)


def keep_supported(draft: SopDraft, segments: Iterable[SpokenSegment], check: Callable[[], None]) -> SopDraft:
    """Return the draft without what its segments do not carry; `check`, called for each chapter and step, may raise."""
    said = [" ".join(word.text.strip() for word in each.words) or each.text for each in segments]
    chapters = tuple(_chapter(chapter, said, check) for chapter in draft.chapters)
    key_points = tuple(point for point in draft.key_points if _key_point(point, said))
    return replace(draft, chapters=tuple(chapter for chapter in chapters if chapter.steps), key_points=key_points)


def _chapter(chapter: ChapterDraft, said: list[str], check: Callable[[], None]) -> ChapterDraft:
    steps: list[StepDraft] = []
    for step in chapter.steps:
        check()
        if supported(step.title, step.evidence, said):
            steps.append(_step(step, said))
    title = chapter.title if supported(chapter.title, chapter.evidence, said) else (steps[0].title if steps else "")
    return replace(chapter, steps=tuple(steps), title=title[:200])


def _step(step: StepDraft, said: list[str]) -> StepDraft:
    def carried(text: str) -> bool:
        return supported(text, step.evidence, said)

    return replace(
        step,
        body=step.body if carried(step.body) else "",
        cautions=tuple(filter(carried, step.cautions)),
        conditions=tuple(filter(carried, step.conditions)),
    )


def _key_point(point: KeyPointDraft, said: list[str]) -> bool:
    return bool(point.evidence) and supported(point.text, point.evidence, said)
