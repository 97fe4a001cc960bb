"""Words by which a speaker announces the next part."""

from __future__ import annotations

import re

START = (
    r"^(?:(?:so|now|okay|ok|alright|all right|right|great|and|then|well|perfect|good|next|that was [^,.]+|"
    r"that's [^,.]+ done)[,.]?\s+)*"
)
SPEAKER = (
    r"(?:let's|let us|let me|we(?:'ll| will| can|'re going to| are going to)?|i(?:'ll| will|'m going to)|"
    r"i(?: want|'d like) to)?"
)
PLAN = r"(?:let's|let us|we'll|we will|i'll|i want to|i'd like to|we're going to|we need to)"
ORDINAL = r"(?:first|second|third|fourth|fifth|next|last|final)"
PART = r"(?:part|section|step|topic|chapter|bit|thing|task|half|phase|stage)"
ANNOUNCEMENTS = [
    re.compile(START + pattern, re.IGNORECASE)
    for pattern in (
        SPEAKER + r"\s*(?:now |then |also )?(?:move|moving|go|going|carry) (?:on|over|ahead)(?: now)?"
        r"(?: to| with| and (?:look at|talk about))\s+(?P<topic>.+)$",
        PLAN + r"\s+(?:now |quickly |also |then )?(?:talk about|(?:have a |take a )?look at|get into|"
        r"start with|continue with|speak about)\s+(?P<topic>.+)$",
        rf"(?:now )?(?:for |on to |onto |over to |to )?(?:the )?{ORDINAL} {PART}"
        r"(?: (?:that )?(?:we|i|you)(?:'ll|'re| will| are)? [\w' ]{2,20}?(?= is\b))?"
        r"(?: is|:|,| of this is| will be)?\s*(?P<topic>.*)$",
        r"(?:next up|up next|next)(?: is|,| we have)\s+(?P<topic>(?:the |a |an |your |our |when |if )?[a-z' -]+)$",
        r"(?:now )?(?:on|onto|over) to (?P<topic>.+)$",
        r"(?:now )?(?:in|over in|back in) (?P<topic>[A-Z][\w ]{2,30})$",
        r"that(?:'s| is| was) (?:the |all for |all of |it for |our )?[^,.]{3,60}?(?: done| finished| part)?[,.]?\s+"
        r"(?:and |so )?now (?:we|you|i|let's)(?:'ll|'re going to| will| can| have to| need to)?\s+(?P<topic>.+)$",
    )
]
WRAP_UP = re.compile(
    START + r"that(?:'s| is| was) (?:the |all for |it for |our )(?!it\b|all\b|everything\b).{3,60}$", re.IGNORECASE
)
RECAP = re.compile(
    r"\b(?:to (?:recap|sum up|summarise|summarize)|in summary|quick recap|let 's recap|"
    r"once more from the (?:top|start)|to go over (?:it|that) (?:once more|again))\b"
)


def announced_by(text: str) -> str | None:
    """Return the topic a sentence announces, "" when it announces one without a name, None when it announces none."""
    said = text.strip().rstrip(".!")
    if said.endswith("?") or len(said.split()) > 20:
        return None
    for announcement in ANNOUNCEMENTS:
        if found := announcement.match(said):
            return found["topic"].strip(" ,.")
    return "" if WRAP_UP.match(said) else None


def is_recap(lower: str) -> bool:
    """Whether the speaker begins to say everything once more."""
    return bool(RECAP.search(lower))
