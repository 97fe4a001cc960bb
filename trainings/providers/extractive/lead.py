"""What stands before the verb: "so now I'm just going to go ahead and" says who and when, not what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ADVERB = (
    r"(?:just|now|then|first|next|simply|also|really|actually|quickly|probably|basically|again|here|already|"
    r"still|finally|"
    r"kind of|sort of|always|usually|often|normally|typically|maybe|only|all|both|please|obviously|"
    r"go ahead and|go in and|"
    r"go on and|come in and|come over here and|go and|lastly|afterwards|immediately)"
)
AUX = r"(?:'m|am|'re|are|was|were|'ll|will|shall|'d|would|can|could|should|must|may|might|'ve|have|had|do|did)"
SEMI = (
    r"(?:going to|gon na|want to|wan na|wanting to|need to|have to|got to|got ta|ought to|like to|love to|"
    r"get to|supposed to|"
    r"plan to|prefer to|prefer|try to|trying to|about to|ready to|able to|be|been|better|like you to|"
    r"need you to|want you to)"
)
START_BY = r"(?:(?:start|started|begin|began|finish|end|go)(?: off| out| up)? by|get started by|getting started by)"
# Greedy on purpose: early releases of Python 3.11, Debian 12's among them, match possessive repeats (`*+`) wrongly.
MORE = rf"(?: (?:{SEMI}|{START_BY}|{ADVERB}|{AUX})(?= ))*"
PRONOUN = r"i|we|you|let 's|let me|let us|lets"
SUBJECT = rf"(?:{PRONOUN}){MORE}"

DISCOURSE = re.compile(
    r"(?:(?:so|now|okay|ok|alright|all right|right|well|and|then|but|first of all|first things first|"
    r"first up|first off|first|firstly|"
    r"secondly|third|thirdly|finally|lastly|last but not least|afterwards|after that|after this|after which|"
    r"from here|from there|"
    r"from now on|at this point|again|basically|actually|just|um|uh|oh|ah|yeah|yes|great|perfect|cool|you know|i mean|"
    r"please|simply|anyway|anyways|this time|to start with|to begin with|to start off|to start|to begin|"
    r"to finish off|to finish|"
    r"to wrap up|once again|as i said|as you can see|as you know|for now|in this case|to do that|to do this|"
    r"to do so|for that|for this|"
    r"with that done|before anything else|in the end|at the end|of course|obviously|as always|as usual|next up|next|"
    r"in addition|at the same time|meanwhile|here|there|here we go|there we go|also|still|only then|lovely|"
    r"good|excellent|nice|hopefully|"
    r"before you do anything else|before we start|before you start|before we begin|that done|"
    r"once that is done|once that 's done|"
    r"(?:the )?(?:step|number|point) (?:number )?(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"\d+)(?: is to| is|'s)?)"
    r"(?: [,:;.!\u2013\u2014-]+)*) ?"
)
NOT_A_MARKER = re.compile(
    r"(?:(?:here|there|that|now|right|then) (?:'s|is|are|was|we are|were|it|they)\b|first (?:name|column|row|line)|no )"
)
PURPOSE_CLEFT = re.compile(
    rf"(?:what|all) (?:we|i|you){MORE}(?: (?:do|did|doing|done))?(?: (?:is|'s|was|will be))(?: (?:to|"
    rf"that))?(?: {SUBJECT})?(?: {ADVERB})* "
    rf"|all (?:we|i|you) (?:have|need|got) to do(?: {ADVERB})* (?:is|'s)(?: to)?(?: {ADVERB})* "
    rf"|(?:the|your|our|my) (?:very )?(?:first|next|second|third|fourth|last|final|other|only)? ?(?:thing|"
    rf"step|job|task|move)?"
    rf"(?: (?:that )?(?:we|i|you){MORE}(?: do)?| to do)?(?: {ADVERB})* (?:is|'s|will be)(?: to|"
    rf" that)(?: {SUBJECT})?(?: {ADVERB})* "
    rf"|(?:it|that|this) (?:is|'s)(?: {ADVERB})* (?:a )?(?:matter|question|case) of "
    rf"|it 's time to |time to (?={ADVERB} |[a-z-]+ (?:the|a|your) )"
)
PERSON = re.compile(rf"(?P<who>{PRONOUN}){MORE} ")
BARE = re.compile(rf"(?:{ADVERB}|{START_BY}) ")


@dataclass(frozen=True)
class Lead:
    """How a clause begins: `length` tokens before its verb, and what they say about it."""

    length: int
    who: str = ""
    """"i", "we", "you", "let 's" ...; empty for a bare imperative."""
    words: str = ""
    modal: bool = False
    """Whether a "going to", "need to", "let me" or a cleft announces an action."""

    @property
    def habitual(self) -> bool:
        return bool(re.search(r"\b(?:always|usually|often|normally|typically)\b", self.words))

    @property
    def doubtful(self) -> bool:
        """Whether it says what might be done or was to be done, not what is done."""
        return bool(re.search(r"\b(?:could|might|was|were|had)\b", self.words))

    @property
    def progressive(self) -> bool:
        return bool(re.search(r"(?:'m|am|'re|are|be|by|of)(?: (?:just|now|then|here|also|first))*$", self.words))

    @property
    def perfect(self) -> bool:
        return bool(re.search(r"(?:'ve|have|had)(?: (?:just|now|then|already|also))*$", self.words))


def markers(tokens: Sequence[str]) -> int:
    """Return how many lower-case tokens at the start are discourse markers ("so", "okay ,", "after that")."""
    text = " ".join(tokens) + " "
    place = 0
    while not NOT_A_MARKER.match(text, place):
        found = DISCOURSE.match(text, place)
        if not found or not text[found.end() - 1].isspace():
            break
        place = found.end()
    return text[:place].count(" ")


def read(tokens: Sequence[str]) -> Lead:
    """Read the lead of a clause, given as lower-case tokens."""
    skipped = markers(tokens)
    text = " ".join(tokens[skipped:]) + " "
    place, who, modal = 0, "", False
    cleft = PURPOSE_CLEFT.match(text)
    if cleft:
        place, modal, who = cleft.end(), True, "you"
    person = PERSON.match(text, place)
    if person:
        place, who = person.end(), person["who"]
    while bare := BARE.match(text, place):
        place = bare.end()
    words = text[:place].strip()
    modal = modal or bool(
        re.search(rf"\b(?:{SEMI}|'ll|will|shall|should|must|can|could|'d)\b|^let|^lets|{START_BY}$|\bof$", words)
    )
    return Lead(skipped + text[:place].count(" "), who, words, modal)
