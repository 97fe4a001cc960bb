"""Turns "so now I'm just going to click on the Save button" into "Click Save"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainings.providers.extractive import clauses, lead, lexicon

FRAME = "You must "
"""Behind it a bare verb is parsed as a verb: "Press Enter" alone is often taken for a name."""
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
PRONOUNS = {"it", "them", "that", "this", "those", "these", "one"}


@dataclass(frozen=True)
class Candidate:
    """A clause that may be something to do: its verb phrase in base form, to be parsed behind FRAME."""

    phrase: str
    sure: bool
    """Whether its form leaves no doubt (modal or let's); else its verb must be a known action."""


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


def resolve(action: Imperative, thing: str) -> str:
    """Return the text of `action` with its pronoun replaced by `thing`, which it stands for."""
    thing = re.sub(r"^(?:a|an|this|that|these|those)\b", "the", thing, flags=re.IGNORECASE)
    return tidy(re.sub(rf"\b{action.pronoun}\b", lambda _: thing, action.text, count=1))
