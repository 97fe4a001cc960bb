"""Words at the start of a sentence that begin another part, or go on with the one at hand."""

from __future__ import annotations

import re

from trainings.providers.extractive import lead, lexicon
from trainings.providers.extractive.heard import Heard

MARK = r"(?:(?:so|now|okay|ok|alright|all right|right|great|good|perfect|excellent|well|and|then|anyway)[ ,.!]+)*"
BREAK = re.compile(r"(?:okay|ok|alright|all right|right|great|good|perfect|excellent|lovely|anyway|anyways)\b(?! now)")
"""Said when something is done."""
GO_ON = re.compile(r"(?:and|then|also|but|from (?:there|here)|otherwise|after which)\b")
PLAN = re.compile(
    MARK + r"(?:(?:before|after|once|now that|with|when|for|in|on) [^,]+, )?"
    r"(?:let 's|let us|lets|let me|(?:we|i|you)(?: now)? (?:'ll|will|can|must|need to|have to|want to|have|"
    r"need|get|go|come|turn|move|take|look|check|start)|"
    r"(?:we|i|you) (?:'re|are|'m|am) (?:going to|gon na|ready)|(?:it 's )?time to|it 's time|"
    r"(?:the )?(?:last|next|only|other|second|third|final) (?:thing|step|part|bit|job)|"
    r"that leaves|what 's left|what is left|all that 's left|on to|over to|back to|now (?:for|to|on|over|back)\b|"
    r"that (?:was|is|'s) (?:the|it for|all for))"
)
"""With no step in the sentence: it says what comes now."""
DONE = re.compile(
    MARK + r"(?:(?:once|now that|after|as soon as|before|with|when) (?!you 're |you are )[^,]{3,60} ,|"
    r"(?:that 's|that is|that) (?:done|finished|it for)|"
    r"(?:everything|all|this|it)(?: here)? (?:is|'s|looks) (?:fine|good|done|ready|set|complete|finished|in place)\b)"
)
"""A part that is over, or must be, before this: "once the row was complete,"."""
LAST = re.compile(MARK + r"(?:to finish|the last thing|last but not least|lastly|that leaves|what 's left)\b")
ONCE = re.compile(r"\b(?:once|now that|after|before|with) ")
MOVES = re.compile(
    r"^(?:switch|move|head|walk|navigate|jump|return|go|log|sign)\b(?! (?:it|them|off|for)\b)", re.IGNORECASE
)
ENTERS = re.compile(r"^(?:open|launch|start|unlock|double-click)\b", re.IGNORECASE)
PLACES = (
    r"(?:page|tab|screen|window|app|section|sheet|spreadsheet|form|view|panel|site|website|program|folder|mailbox|inbox|"
    r"calendar|dashboard|system|desk|table|counter|room|kitchen|shelf|warehouse|office)"
)
AT_PLACE = re.compile(
    MARK + rf"(?:back |over |up )?(?:on|in|at|under) (?:the |our |your |this |that )?(?:[\w'-]+ ){{0,3}}{PLACES}\b"
)
FOR = re.compile(MARK + r"for (?:the|our|your|this) [\w' -]+ ,")
"""What the next steps are for: "for the dressing, whisk the oil"."""
LOOK = re.compile(r"^(?:(?:have|take) )?(?:an? (?:\w+ )?)?look at (?!it\b|that\b|this\b|them\b)")
ASIDE = re.compile(r"^(?:before|after|once|now that|with|when|for|in|on) [^,]+ , ")
"""What stands before a plan: "before we send any money,"."""


def weigh_talk(heard: Heard) -> float:
    """Return how much a sentence without a step says that another part begins, from 0 up."""
    if PLAN.match(heard.said) or LAST.match(heard.said):
        return 1.2
    return 0.4 if BREAK.match(heard.said) else 0.0


def weigh_step(heard: Heard, title: str) -> float:
    """Return how much a sentence with a step opens another part; below 0 when it goes on."""
    weight = 0.0
    if BREAK.match(heard.said):
        weight += 0.4
    elif GO_ON.match(heard.said):
        weight -= 0.4
    if DONE.match(heard.said):
        weight += 0.6 if ONCE.search(heard.said) else 0.4
    if LAST.match(heard.said):
        weight += 0.4
    return weight + _weigh_place(heard, title)


def _weigh_place(heard: Heard, title: str) -> float:
    if AT_PLACE.match(heard.said):
        return 0.7
    if FOR.match(heard.said):
        return 0.6
    if MOVES.match(title):
        return 0.8
    return 0.3 if ENTERS.match(title) else 0.0


def planned(heard: Heard) -> str:
    """Return what a sentence without a step says is done now ("look at what came back"), or ""."""
    if heard.kinds != {"talk"} or not PLAN.match(heard.said):
        return ""
    tokens = ASIDE.sub("", heard.bare.rstrip(" .!")).split()
    said = LOOK.sub("look at ", " ".join(tokens[lead.read(tokens).length :]))
    verb, _, rest = said.partition(" ")
    if verb not in lexicon.ACTIONS | {"look"} or not rest or "," in rest:
        return ""
    spelled = {word.lower().strip(".,"): word.strip(".,") for word in heard.text.split()[1:]}
    return " ".join(spelled.get(word, word) for word in said.split())
