"""Cuts a sentence where another thing to do, or another statement, begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainings.providers.extractive import lead, lexicon

SEPARATORS = {",", ";", ":", "and", "then", "but", "so", "-", "\u2013", "\u2014"}
SUBJECTS = {"i", "we", "you", "let", "lets"}
TAILS = {"otherwise", "because"}

Clause = list[Any]
"""spaCy tokens, without the separators around them."""


def split(tokens: Sequence[Any]) -> list[Clause]:
    """Return the clauses of a parsed sentence, in order."""
    cuts = [0]
    for place in range(1, len(tokens)):
        before = tokens[place - 1].lower_
        tail = tokens[place].lower_ in TAILS or (
            tokens[place].lower_ == "or" and tokens[place + 1 : place + 2] and tokens[place + 1].lower_ == "else"
        )
        if (
            tail
            or _after_place(tokens, cuts[-1], place)
            or (before in SEPARATORS and tokens[place].lower_ not in SEPARATORS and opens(tokens, place))
        ):
            cuts.append(place)
    ends = [*cuts[1:], len(tokens)]
    pieces = [_trim(list(tokens[start:end])) for start, end in zip(cuts, ends, strict=True)]
    return [piece for piece in pieces if piece]


def _after_place(tokens: Sequence[Any], start: int, place: int) -> bool:
    """Whether "I" or "you" ends a place that no comma ended: "from the three dots I pick Export"."""
    token = tokens[place]
    skipped = start + lead.markers([each.lower_ for each in tokens[start:place]])
    return bool(
        token.lower_ in {"i", "we", "you"}
        and place - skipped > 2
        and tokens[skipped].tag_ == "IN"
        and tokens[skipped].dep_ == "prep"
        and token.dep_ == "nsubj"
        and token.head.dep_ in {"ROOT", "conj", "ccomp"}
    )


def opens(tokens: Sequence[Any], place: int) -> bool:
    """Whether a clause begins at `place`: a person doing something, a bare verb, or a subject of its own."""
    rest = tokens[place:]
    skipped = lead.markers([token.lower_ for token in rest])
    rest = rest[skipped:]
    if not rest:
        return False
    if rest[0].lower_ in SUBJECTS and len(rest) > 2:
        return True
    return is_verb(rest) or _has_subject(rest)


def is_verb(tokens: Sequence[Any], *, first: bool = False) -> bool:
    """Whether the first token is a verb in its base form. A capital inside a sentence is a label: "choose Save as"."""
    verb = tokens[0]
    following = tokens[1] if len(tokens) > 1 else None
    if not first and verb.text[0].isupper():
        return False
    named = verb.dep_ == "compound" and verb.lower_ not in lexicon.ACTIONS
    used = verb.dep_ in {"aux", "auxpass", "amod"} or named or _has_own_subject(verb)
    if verb.tag_ in {"VB", "VBP"} and not used:
        return True
    if following is None:
        return verb.lower_ in lexicon.INTRANSITIVE and verb.lower_ in lexicon.ACTIONS
    takes_object = following.lower_ in lexicon.DETERMINERS or following.text[0].isupper() or following.like_num
    if verb.lower_ in lexicon.ACTIONS:
        goes_on = following.tag_ in {"RP", "IN", "TO"} and following.lower_ != "of"
        return takes_object or (goes_on and (first or verb.tag_[0] == "V"))
    return first and following.lower_ in lexicon.DETERMINERS and verb.tag_ in {"NN", "NNP", "JJ", "VB", "VBP", "VBD"}


def _has_own_subject(verb: Any) -> bool:
    return any(child.dep_ in {"nsubj", "nsubjpass"} and child.i < verb.i for child in verb.children)


def _has_subject(rest: Sequence[Any]) -> bool:
    """Whether a noun phrase begins here that is the subject of a later finite verb."""
    for token in rest[:8]:
        if token.dep_ in {"nsubj", "nsubjpass", "expl"} and token.left_edge.i == rest[0].i:
            return bool(token.head.i > token.i and token.head.tag_[0] in "VM" and token.head.dep_ != "relcl")
    return False


def _trim(tokens: Clause) -> Clause:
    while tokens and (tokens[-1].lower_ in SEPARATORS or (tokens[-1].is_punct and tokens[-1].text not in "\"')\u201d")):
        tokens.pop()
    while tokens and (tokens[0].is_punct and tokens[0].text not in "\"'(\u201c"):
        tokens.pop(0)
    return tokens
