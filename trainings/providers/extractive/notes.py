"""What a sentence contributes to a procedure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thing:
    """Something a later "it" or "them" may mean, with the segments that name it."""

    text: str
    plural: bool
    evidence: tuple[int, ...]

    def fits(self, pronoun: str) -> bool:
        """Whether the pronoun agrees with it."""
        return pronoun in ({"them", "those", "these"} if self.plural else {"it", "that", "this"})


@dataclass
class Note:
    """What a sentence, or a clause of it, says. Times in seconds; `evidence` holds segment indexes."""

    kind: str
    """"step", "condition", "caution", "rule", "result", "topic", "title", "hint", "retraction", "recap" or "talk"."""
    text: str
    start: float
    end: float
    evidence: tuple[int, ...]
    sentence: int
    thing: Thing | None = None
    """What a later "it" means."""
    opens: bool = False
    """Whether it begins with "first": what was planned before it was the plan for all."""
    plans: bool = False
    """Whether it is put as a plan ("let's", "we're going to")."""
    closes: bool = False
    """Whether a title looks back ("that's how you refund an order")."""
    conditions: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


def sentence_case(text: str) -> str:
    """Return `text` with a capital in front and a full stop behind."""
    text = re.sub(r"\s+", " ", text).strip(" ,;:-\u2013\u2014")
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else text + "."
