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
        if _cuts(tokens, cuts[-1], place):
            cuts.append(place)
    ends = [*cuts[1:], len(tokens)]
    pieces = [_trim(list(tokens[start:end])) for start, end in zip(cuts, ends, strict=True)]
    return [piece for piece in pieces if piece]


def _cuts(tokens: Sequence[Any], start: int, place: int) -> bool:
    """Whether the clause that began at `start` ends before `place`."""
    word, before = tokens[place].lower_, tokens[place - 1].lower_
    if word in TAILS or (word == "or" and place + 1 < len(tokens) and tokens[place + 1].lower_ == "else"):
        return True
    if _after_place(tokens, start, place):
        return True
    if before not in SEPARATORS or word in SEPARATORS or _shares_object(tokens, start, place):
        return False
    return opens(tokens, place)


def _shares_object(tokens: Sequence[Any], start: int, place: int) -> bool:
    """Whether two verbs stand before one object: "press and hold the button"."""
    begins = lead.read([token.lower_ for token in tokens[start : place - 1]])
    return tokens[place - 1].lower_ == "and" and place - 1 - start - begins.length == 1


def _after_place(tokens: Sequence[Any], start: int, place: int) -> bool:
    """Whether a place ends here that no comma ended: "from the three dots I pick", "from the menu choose"."""
    token = tokens[place]
    first = start + lead.markers([each.lower_ for each in tokens[start:place]])
    if place - first < 3 or tokens[first].tag_ != "IN" or tokens[first].dep_ != "prep":
        return False
    if token.lower_ in {"i", "we", "you"}:
        return token.dep_ == "nsubj" and token.head.dep_ in {"ROOT", "conj", "ccomp"}
    ends = tokens[place - 1].tag_[0] == "N"
    return bool(ends and token.dep_ == "ROOT" and token.tag_ in {"VB", "VBP"} and is_verb(tokens[place:]))


def opens(tokens: Sequence[Any], place: int) -> bool:
    """Whether a clause begins at `place`: a person doing something, a bare verb, or a subject of its own."""
    rest = tokens[place:]
    rest = rest[lead.markers([token.lower_ for token in rest]) :]
    if not rest:
        return False
    if rest[0].lower_ in SUBJECTS and len(rest) > 2:
        return True
    return is_verb(rest) or inherits(rest[0]) or _has_subject(rest)


def inherits(verb: Any) -> bool:
    """Whether a past or -ing form goes on with what "I", "we" or "you" began: "I opened it and typed the name"."""
    head = verb
    if verb.tag_ not in {"VBD", "VBN", "VBG"} or verb.lemma_.lower() not in lexicon.ACTIONS:
        return False
    while head.dep_ == "conj":
        head = head.head
    subjects = [child.lower_ for child in head.children if child.dep_ == "nsubj"]
    return head is not verb and head.tag_[0] == "V" and subjects[:1] in (["i"], ["we"], ["you"])


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
    if verb.lower_ in lexicon.CLICKS | {"choose", "select"} and following.is_alpha:
        return following.lower_ not in {"and", "or", "of"}
    if verb.lower_ in lexicon.ACTIONS:
        goes_on = following.tag_ in {"RP", "IN", "TO"} and following.lower_ != "of"
        return takes_object or (goes_on and (first or verb.tag_[0] == "V"))
    return first and following.lower_ in lexicon.DETERMINERS and verb.tag_ in {"NN", "NNP", "JJ", "VB", "VBP", "VBD"}


def _has_own_subject(verb: Any) -> bool:
    return any(child.dep_ in {"nsubj", "nsubjpass"} and child.i < verb.i for child in verb.children)


def _has_subject(rest: Sequence[Any]) -> bool:
    """Whether a noun phrase begins here that is the subject of a later finite verb."""
    if rest[0].tag_ == "DT" and any(token.tag_ == "VBZ" for token in rest[1:5]):
        return not any(token.tag_ in {"WDT", "WP"} for token in rest[1:5])
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
