"""A title from what the speaker says the recording is about."""

from __future__ import annotations

import re

from trainings.providers.extractive import english, lexicon
from trainings.providers.extractive.tidying import tidy

LONGEST = 80
"""Characters: what fits a line of the list page."""
HOW = re.compile(r"\bhow (?:to|you can|you|we can|we|i|one can|people)\s+(?P<topic>.+)$", re.IGNORECASE)
LEARN = re.compile(r"\b(?:learn|learning|teach you|show you)(?: how)? to (?P<topic>.+)$", re.IGNORECASE)
TODAY = re.compile(
    r"\b(?:today|in (?:this|today's) (?:\w+ )?(?:video|recording|lesson|clip|session|tutorial|one|training|"
    r"demo|guide|episode))\b,?\s+"
    r"(?:we|i|you)(?:'ll|'re| are| will|'m| am)?(?: be)?"
    r"(?: going to| gonna| want to|'d like to)?(?: be)?\s+(?P<topic>.+)$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:walk you through|take you through|guide you through|go (?:quickly )?through|go over|talk about|"
    r"look at|looking at|cover|covering|"
    r"(?:video|recording|lesson|clip|session|tutorial|one|training|demo|guide)(?: is)?(?: all)? (?:about|on|"
    r"covers))\s+(?P<topic>.+)$",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"\b(?:ask|asks|asked|asking|wonder|wondering|wondered|know|figure out|forget|struggle with)\b(?: \w+){0,3}? "
    r"how (?:to|you|we|i)\s+(?P<topic>.+)$",
    re.IGNORECASE,
)
PATTERNS = (HOW, ABOUT, TODAY, LEARN)
CUT = re.compile(
    r"(?:[,.;:!?]| (?:in this|in today's|"
    r"for (?:everybody|everyone|anybody|anyone|people|those)(?: of (?:you|us))? (?:who|that)|"
    r"so that|so you|because|since|step by step|from scratch|"
    r"the right way|today|for you|with you|as well|real quick|"
    r"and (?:how|then|what|we|i|you|also)|which|if you|before we|in (?:less|under|about|just)|the easy way|"
    r"properly|right now|quickly)\b).*$",
    re.IGNORECASE,
)
VAGUE = re.compile(
    r"^(?:it|this|that|do (?:it|this|that)|work|use (?:it|this|that)|things?|everything|be|have|see|know|"
    r"learn|show|explain|talk|cover|go|get|look|discuss|(?:a )?few|some)\b"
    r"(?! (?:an? |the )?\w+ \w+)",
    re.IGNORECASE,
)
TALKATIVE = re.compile(
    r"^(?:show|explain|tell|teach|talk|demonstrate|discuss|learn|see|look|be|cover|quickly|walk|take|go|do|"
    r"have|start)\b",
    re.IGNORECASE,
)
INTRODUCES = re.compile(
    r"\b(?:show|explain|learn|teach|demonstrate|(?:this|that) is how|that's how|(?:see|look at|go over|"
    r"go through|cover|about) how|video|recording|lesson|clip|"
    r"session|tutorial|today|walk you|guide you|take you|looking at|in this one|(?:short|quick) one|"
    r"(?:we'll|we will|going to) (?:cover|look at|go through|go over))\b",
    re.IGNORECASE,
)


def suggested_by(text: str) -> str:
    """Return the title a sentence such as "I'll show you how to refund an order" suggests, or ""."""
    if not INTRODUCES.search(text) or text.endswith("?"):
        return ""
    for pattern in PATTERNS:
        if (found := pattern.search(text)) and (topic := headline(found["topic"])):
            return topic
    return ""


def hinted_by(text: str) -> str:
    """Return the title that "people keep asking me how to book a room" hints at, or ""."""
    asked = ASKED.search(text)
    return headline(asked["topic"]) if asked else ""


def headline(topic: str) -> str:
    """Return a topic as a heading ("refunding an order today" is "Refund an order"); "" when it is vague."""
    said = CUT.sub("", " ".join(topic.split()).strip(" ,.")).strip()
    words = said.split()
    if not words or VAGUE.match(said):
        return ""
    words[0] = _base(words[0])
    said = tidy(" ".join(words)) if words[0].lower() in lexicon.ACTIONS else " ".join(words)
    if TALKATIVE.match(said) or not any(not english.is_stop(word.lower()) for word in said.split()):
        return ""
    while len(said) > LONGEST:
        said = said.rsplit(" ", 1)[0]
    said = re.sub(r"^(?:the|a|an|our|your|my) (?=\w)", "", said, flags=re.IGNORECASE)
    return said[:1].upper() + said[1:]


def is_order(heading: str) -> bool:
    """Whether a heading says what to do ("Refund an order") rather than naming a thing ("Orders")."""
    return heading.split(" ", 1)[0].lower() in lexicon.ACTIONS


def _base(word: str) -> str:
    """ "refunding" is "refund", "making" is "make"; every other word stays."""
    ending = next((ending for ending in ("ing", "ed") if word.endswith(ending)), "")
    if not ending or len(word) - len(ending) < 3:
        return word
    stem = word.removesuffix(ending)
    guesses = (stem, stem + "e", stem[:-1])
    known = next((guess for guess in guesses if guess.lower() in lexicon.ACTIONS), "")
    document = next(iter(english.parse([f"We have {word} it." if ending == "ed" else f"We are {word} it."])))
    return known or str(document[2].lemma_)
