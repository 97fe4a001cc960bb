"""Which clauses may be something to do: by their beginning, their verb, and what talk sounds like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import clauses, lead, lexicon

LONGEST_TITLE = 160
"""Characters; longer ones are a transcript without full stops, not a step."""

TALK = re.compile(
    r"^(?:take (?:your|my) time|"
    r"take (?:a |another )?(?:quick |short |closer )?(?:look|moment|second|minute|break|while|guess)|"
    r"take (?:a lot of )?time\b|"
    r"give (?:it|me|that|this|us) (?:a |an |some |just a |another )?(?:second|sec|moment|"
    r"minute|try|go|shot|while|time|bit)\b|get (?:started|going|into it|to it|back to|the idea|that\b|used)|"
    r"(?:walk|take|guide|talk|bring|run|lead|step) (?:you|us|everyone|everybody|through)\b|go (?:over|"
    r"through|on|back over|ahead|crazy)\b|"
    r"(?:move|carry|press) on\b|(?:jump|dive|get|go) (?:right |straight )?in(?: |$)(?!to)|start (?:with|off|"
    r"out|again|over|from)\b|leave it (?:there|at that)|"
    r"call it\b|keep (?:in mind|going|this|it short|an eye)|make sense|stop (?:there|here|talking)|"
    r"finish (?:up|off)?$|wrap (?:up|it up|this up)|"
    r"say (?:that|a few|something|hello|it|goodbye|bye)|tell you|record (?:this|that|it)\b|say,|"
    r"ask (?:me|yourself|why)|use (?:this|it|"
    r"that) (?:every|all)|run out|"
    r"share (?:with you|a few|some|my)|cover\b(?! (?:the|it|with|your))|hold on|hang on|leave (?:you|"
    r"comments|a comment)|answer (?:that|your|any|some) |"
    r"save (?:you|some|a lot|time|us)|get it$|lose)",
    re.IGNORECASE,
)
HABIT = re.compile(
    r"^use[d]? to\b|\b(?:every|each) (?:day|week|month|year|morning|evening|night|time|\w+day)\b|"
    r"\b(?:once|twice|times) (?:a|per) \w+|\ball the time\b|\bfor (?:years|ages|months)\b|\bon (?:a )?\w+day(?:s)?\b|"
    r"\bsometimes\b"
)
"""What somebody does as a rule, and not now: no step when said of oneself."""
SLIPS = re.compile(
    r"\b(?:wrong|by mistake|by accident|accidentally|haha|whatever|something like|somehow)\b", re.IGNORECASE
)
FILLERS = re.compile(
    r"\b(?:just(?! (?:before|after|above|below|under|behind))|actually|basically|simply|really|obviously|"
    r"kind of|sort of|kinda|real quick|for you|for me|go ahead and)\b ?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A clause that may be something to do: its verb phrase in base form, to be parsed behind FRAME."""

    phrase: str
    sure: bool
    """Whether its form leaves no doubt (modal or let's); else its verb must be a known action."""


def candidate(tokens: Sequence[Any]) -> Candidate | None:
    """Return the verb phrase of a clause that may be a step, or None for everything else."""
    begins = lead.read([token.lower_ for token in tokens])
    rest = tokens[begins.length :]
    if not rest or (begins.habitual and begins.who in {"i", "we"}) or rest[0].lower_ in {"not", "n't", "never"}:
        return None
    verb = rest[0]
    if begins.who == "you" and verb.lemma_.lower() in lexicon.PERCEPTION:
        return None
    base = _base(verb, begins)
    searches = base == "look" and len(rest) > 2 and rest[1].lower_ in {"up", "for"}
    if not base or (base in lexicon.STATIVE and not searches):
        return None
    inherits = not begins.who and clauses.inherits(verb)
    if not begins.who and not begins.modal and not inherits and not clauses.is_verb(rest, first=True):
        return None
    if begins.who and not begins.modal and (base in lexicon.TOLD or (base not in lexicon.ACTIONS and not searches)):
        return None
    phrase = (base + verb.whitespace_ + "".join(token.text_with_ws for token in rest[1:])).strip()
    phrase = FILLERS.sub("", phrase).strip(" ,")
    if begins.who and (HABIT.search(phrase) or begins.doubtful):
        return None
    if TALK.match(phrase) or SLIPS.search(phrase) or len(phrase) > LONGEST_TITLE:
        return None
    return Candidate(phrase, begins.modal or not begins.who)


def _base(verb: Any, begins: lead.Lead) -> str:
    """Return the base form of the clause's verb, or "" when it is none."""
    word: str = verb.lower_
    if not re.match(r"^[a-z]+(?:-[a-z]+)?$", word):
        return ""
    if word in {"got", "gotten", "had", "been"}:
        return ""
    if clauses.inherits(verb):
        return str(verb.lemma_.lower())
    if word.endswith("ing") and (begins.progressive or verb.tag_ == "VBG"):
        return _known(verb.lemma_.lower(), word[:-3]) if begins.progressive else ""
    if verb.tag_ in {"VBD", "VBN"} and begins.who and word not in lexicon.ACTIONS:
        lemma = verb.lemma_.lower()
        return _known(lemma, word[:-2]) if word.endswith("ed") else lemma
    if verb.tag_ == "VBZ":
        return ""
    return word


def _known(lemma: str, stem: str) -> str:
    """The lemma, or the form a mistagged verb was built from: "tapp" was "tap", "choos" was "choose"."""
    guesses = (lemma, stem, stem + "e", stem[:-1])
    return next((guess for guess in guesses if guess in lexicon.ACTIONS), lemma)
