"""Turns "so now I'm just going to click on the Save button" into "Click Save"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import lexicon
from trainings.providers.extractive.tidying import tidy

FRAME = "You must "
"""Behind it a bare verb is parsed as a verb: "Press Enter" alone is often taken for a name."""
PRONOUNS = {"it", "them", "that", "this", "those", "these", "one"}


@dataclass(frozen=True)
class Imperative:
    """Something to do: `text` without capital and full stop. `thing` is the object a later "it" may mean."""

    text: str
    verb: str
    thing: str = ""
    plural: bool = False
    pronoun: str = ""
    """The pronoun that stands for its object, if any."""
    bare: bool = False
    """Whether nothing but verb and pronoun was said."""


def finish(parsed: Any, sure: bool) -> Imperative | None:
    """Return the imperative of a candidate, parsed behind FRAME, or None when it is not something to do."""
    verb = parsed[2] if len(parsed) > 2 else None
    if verb is None or (verb.tag_ != "VB" and verb.lower_ not in lexicon.ACTIONS):
        return None
    if not sure and verb.lower_ not in lexicon.ACTIONS:
        return None
    thing = next((child for child in verb.children if child.dep_ in {"dobj", "dative"} and child.i > verb.i), None)
    if thing is None and not _stands_alone(parsed, verb):
        return None
    on = (
        next((child for child in verb.children if child.lower_ == "on"), None)
        if verb.lower_ in lexicon.CLICKS
        else None
    )
    if thing is None and on is not None:
        thing = next(iter(on.children), None)
    text = tidy(parsed[2:].text)
    pronoun = thing.lower_ if thing is not None and thing.lower_ in PRONOUNS else ""
    return Imperative(
        text=text,
        verb=verb.lower_,
        thing=parsed[thing.left_edge.i : thing.i + 1].text
        if thing is not None and not pronoun and thing.pos_ in {"NOUN", "PROPN"}
        else "",
        plural=thing is not None and thing.tag_ in {"NNS", "NNPS"},
        pronoun=pronoun,
        bare=bool(pronoun) and len(text.split()) == 2,
    )


def _stands_alone(parsed: Any, verb: Any) -> bool:
    """Whether a verb without an object says enough: "scroll down to the end", "choose between them", "log in"."""
    if verb.lower_ in lexicon.INTRANSITIVE or any(token.dep_ == "pobj" for token in parsed):
        return True
    complements = {"prep", "ccomp", "xcomp", "acomp", "npadvmod", "dep", "oprd"}
    if any(child.dep_ in complements and child.i > verb.i for child in verb.children):
        return True
    if verb.lower_ in lexicon.LABELLED:
        return len(parsed) > 4 and parsed[3].pos_ not in {"ADV", "PUNCT"}
    things = {"NOUN", "PROPN", "NUM", "DET", "ADP"}
    return verb.lower_ in lexicon.ACTIONS and len(parsed) > 4 and parsed[3].pos_ in things


def resolve(action: Imperative, thing: str) -> str:
    """Return the text of `action` with its pronoun replaced by `thing`, which it stands for."""
    thing = re.sub(r"^(?:a|an|this|that|these|those)\b", "the", thing, flags=re.IGNORECASE)
    return tidy(re.sub(rf"\b{action.pronoun}\b", lambda _: thing, action.text, count=1))
