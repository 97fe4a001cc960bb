"""What a sentence is for: something to do, a warning, a condition, a result, a rule, or talk."""

from __future__ import annotations

import re
from enum import Enum, auto


class Kind(Enum):
    """What a sentence, or a clause of one, is for."""

    TALK = auto()
    CONDITION = auto()
    CAUTION = auto()
    KEY_POINT = auto()
    OTHER = auto()
    """Steps, results and the rest: decided clause by clause."""


GREETING = re.compile(
    r"^(?:hi|hello|hey|welcome|good (?:morning|afternoon|evening|day)|thanks|thank you|bye|goodbye|cheers|"
    r"sorry|see you|enjoy|have a |"
    r"that (?:'s|is|was) (?:it|all|everything|about it|pretty much|basically)|and done|all done|any questions|"
    r"bon appetit|happy |"
    r"my name|time for|come on|there we go|here we go|never mind|nice|perfect|cool|oops|no idea|let 's see|"
    r"let me see|where (?:is|was|were)|"
    r"i (?:think|guess|hope|love|hate|like|do n't|did n't|was|am not|'m not|forgot|mean|know|remember|"
    r"believe|wonder|should have|always mix)|"
    r"(?:it|this|that) used to|if you have (?:any )?(?:questions?|comments?|feedback)|if that makes sense|"
    r"don't worry|do n't (?:worry|ask|mind)|"
    r"if (?:i|we) (?:remember|recall|am|'m)|as i (?:said|mentioned)$|to be honest|believe it)\b"
)
INTRO = re.compile(
    r"\b(?:in (?:this|today 's) (?:short |quick |little )?(?:video|recording|lesson|clip|session|tutorial|"
    r"one|training|demo|guide|episode|part)|today (?:we|i|you)|"
    r"(?:show|teach|explain(?: to)?|tell|walk|take|guide|talk) (?:you|everyone|everybody) (?:how|through|"
    r"about|around|the|what)|(?:show|explain|learn|see|demonstrate|go over|go through|cover) how\b|"
    r"this is how|that 's how|that is how|(?:quick|short) (?:one|video|walkthrough)|walk through)\b"
)
QUESTION = re.compile(r"\?$")
CORRECTION = re.compile(
    r"^(?:no,? |oh,? |oops,? |ah,? |wait,? |sorry,? |hmm,? |uh,? )*"
    r"(?:not that(?: one)?|wrong (?:one|button|page|window|tab)|that 's (?:not it|the wrong|wrong|not the)|"
    r"that was (?:the wrong|wrong|not)|"
    r"scratch that|ignore that|forget that|let me undo|i (?:pressed|clicked|took|opened|picked|chose|"
    r"typed) the wrong|not this(?: one)?)\b"
)
CONDITION = re.compile(
    r"^(?:if|unless|in case|should (?:the|you|a|an|this|it|they)|in the event|provided)\b(?! you (?:like|"
    r"will|look|remember|know)\b)"
)
CAUTION = re.compile(
    r"(?:\b(?:be (?:very |really |extremely |quite |a bit )?careful|careful|beware|watch out|watch your|"
    r"take care|look out|mind (?:the|your)|caution|warning|attention|pay attention|"
    r"make (?:absolutely |really )?(?:sure|certain)|be (?:absolutely )?sure|ensure|"
    r"do n't forget|do not forget|remember to|never ever|under no circumstances|or else|danger|dangerous|"
    r"keep (?:your|the) \w+ (?:away|clear|out|off)|at your own risk)\b"
    r"|(?:^|, |\b(?:and|but|so|then|please|or|just|also|you|you must|you should|people|here) )(?:never|"
    r"do n't|do not|must not|must n't|should not|should n't|avoid) (?!worry|know|ask me|mind|think|have to|"
    r"need|care|see|want|even)\w+"
    r"|^(?:always) (?!be |been )\w+|, always \w+|\bmust never\b|, otherwise\b|^otherwise you\b|\b(?:it|this|"
    r"that|which) (?:can|could|will) (?:damage|hurt|injure|burn|break|delete|destroy)\b)"
)
RULE_START = re.compile(
    r"^(?:so |and |but |also |now |just |please )?(?:remember (?!to\b)|keep in mind|bear in mind|"
    r"note (?:that|,)|please note|important|"
    r"the important|the key|the rule|as a rule|a (?:quick |little |good )?tip|tip|by default|"
    r"for your information|good to know|"
    r"one (?:important )?thing to (?:know|remember|note)|the reason|the trick|the thing to remember|"
    r"(?:nobody|no one) (?:should|may|must|can|is)|"
    r"every \w+ (?:must|has to|needs))\b"
)
"""How a rule begins: even an order inside such a sentence is part of it."""
RULE_INSIDE = re.compile(
    r"\b(?:may never|must be|must have|must always|has to be|have to be|always has to|always have to|"
    r"ca n't be|can not be|cannot be|"
    r"can only|is only|are only|only valid|at least|at most|no more than|not more than|more than (?:\d+|"
    r"\w+ (?:hours|minutes|days))|up to \d+|"
    r"within (?:one|two|three|\w+ty|\d+)|every (?:day|week|month|year|(?:\d+|\w+) (?:days|weeks|months|"
    r"years))|important|crucial|valid for|(?:before|after|until) the (?:\d+\w*|\w+th|first|second|third)|"
    r"means that|that way|that 's why|this is why|the reason|deleted after|only counts?|not count|"
    r"deadline|maximum|minimum|limit)\b"
)
"""What makes a statement a rule, a reason or a limit."""
REASSURES = re.compile(
    r"\b(?:tell|remind|assure|reassure) (?:(?:the|your|our|any) )?\w+ not to (?:worry|panic|be \w+)\b"
    r"|\b(?:you|we|i) can (?:always |also |just |safely )?(?:tell|assure|reassure) (?:(?:the|your|our|any) )?\w+ that\b"
)
"""What may be told to others is something to know, not a thing to do: "tell the customer not to worry"."""
TELLS = {"tell", "remind", "assure", "reassure"}
PERSONAL = re.compile(
    r"\b(?:i|i'm|my|me|mine|myself|haha|honestly|lol|we tried|annoying|weird|funny|boring|awful|lovely)\b"
)


def kind_of(lower: str) -> Kind:
    """Return what a sentence is for; `lower` holds its lower-case tokens without leading markers."""
    bare = lower.rstrip(" .!")
    if QUESTION.search(bare) or GREETING.match(bare) or CORRECTION.match(bare):
        return Kind.TALK
    if CONDITION.match(bare):
        return Kind.CONDITION
    if CAUTION.search(bare) and not re.search(r"\bi (?:do n't|did n't|never|always)\b", bare):
        return Kind.CAUTION
    if (RULE_START.match(bare) or RULE_INSIDE.search(bare)) and not PERSONAL.search(bare):
        return Kind.KEY_POINT
    return Kind.OTHER


def takes_back(lower: str) -> bool:
    """Whether a sentence says that what was just said does not count ("no wait, not that one")."""
    return bool(CORRECTION.match(lower))


def starts_rule(lower: str) -> bool:
    """Whether a sentence begins like a rule ("remember", "note that"): then even an order in it is one."""
    return bool(RULE_START.match(lower))
