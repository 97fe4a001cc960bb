"""Words a verb phrase as a manual would print it."""

from __future__ import annotations

import re

ENDINGS = re.compile(
    r"(?:, (?:okay|right|yeah)|,? (?:here|there|now|please|too|then|as well|up here|over here|down here|right here|"
    r"over there|up there|down there|in here|"
    r"first|like this|like that|like so|if you like|for now|as usual|today|obviously|you see|this time))+$"
)
"""Taken off a step's end. Lower case only: "click Next" and "choose Today" name labels."""
ON = re.compile(
    r"^(click|tap|press|hit|double-click|right-click|double-tap)(?: (?:up|down|over|"
    r"right))*(?: here)? (?:on to|onto|on) ",
    re.IGNORECASE,
)
HERE = re.compile(r" (?:right |up |over |down |in )?here(?= (?:on|in|at|under|to|from)\b)", re.IGNORECASE)
BUTTON = re.compile(
    r"^(Click|Press|Tap|Hit|Select|Choose|Push|Use) (?:on )?(?:the|this|that) (?:(?:\w+ )?(?:big|little|"
    r"small|blue|green|red|grey|gray) )?"
    r"((?:[A-Z0-9][\w&'/-]*)(?: (?:(?:as|and|to|for|of|all|by|new|the|a) )?[A-Z0-9][\w&'/-]*)*) button\b"
)
OWN = (
    (re.compile(r"\bmy\b"), "your"),
    (re.compile(r"\bmyself\b"), "yourself"),
    (re.compile(r"\b(until|when|while|before|after|if|what|where) (?:I|we) (?!'|am\b|was\b)"), r"\1 you "),
)


def tidy(phrase: str) -> str:
    """Return a verb phrase as a manual would print it, names and labels untouched: "click Save"."""
    text = re.sub(r"\s+", " ", phrase).strip(" ,.;:!-\u2013\u2014")
    text = HERE.sub("", ON.sub(r"\1 ", text))
    text = re.sub(r", which\b.*$|, so that\b.*$|,? so$|,? and$|,? or$|,? then$", "", text)
    for own, other in OWN:
        text = own.sub(other, text)
    shorter = ENDINGS.sub("", text).strip(" ,.")
    text = shorter if " " in shorter else text
    text = BUTTON.sub(r"\1 \2", text[:1].upper() + text[1:])
    return text[:1].lower() + text[1:] if text else text
