"""What stands before an order: "in the top right corner,", "once the file is there,", "to send it back,"."""

from __future__ import annotations

import re

from trainings.providers.extractive import lexicon

PLACE = lexicon.words(
    "in on at from under for inside below above with next behind beside near into over across through"
)
WHEN = lexicon.words("when once after while before until whenever as if")
HERE = (
    r"(?:here|there|this|that|this case|that case|this point|this one|that one|now|the end|the meantime|me|us|"
    r"do (?:this|that|so)|finish(?: up| off)?|start(?: off)?|begin)"
)
EMPTY = re.compile(
    r"^(?:(?:once|when|after|as soon as|now that) (?:that|this|it|you|we|i|everything|all)\b"
    r"(?: (?:'s|is|are|'re|have|has|'ve|was|all))*"
    r"(?: (?:done|ready|finished|set|good|there|in|complete|completed|happy)\b.*)?$"
    rf"|(?:from|in|for|on|at|with|to do|to) {HERE}$"
    r"|before (?:that|this|you start|we start|anything else|you do anything else)$"
    r"|as (?:you can see|i said|always|usual|you know|we said)\b.*|in (?:our|my|this|the) (?:example|case)$)"
)
"""Prefixes that only lead over and say nothing a reader needs."""


def is_one(lower: str) -> bool:
    """Whether a clause, in lower case, can only stand before another one."""
    first = lower.split(" ", 1)[0]
    return first in PLACE or first in WHEN or first in {"to", "by", "now"}


def join(order: str, lower: str, said: str, conditions: list[str]) -> str:
    """Return `order` with the place or purpose behind it; what says when goes to `conditions`, as said."""
    if EMPTY.match(lower):
        return order
    first = lower.split(" ", 1)[0]
    if first in PLACE or first == "to":
        return f"{order} {said[:1].lower()}{said[1:]}"
    if first in WHEN:
        conditions.append(said[:1].upper() + said[1:])
    return order
