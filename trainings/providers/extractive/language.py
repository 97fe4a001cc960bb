"""Which languages the rules know."""

from __future__ import annotations

from django.utils.translation import get_language_info

from jobs.errors import PermanentError

KNOWN = "en"


def require_english(code: str) -> None:
    """Raise `language_not_supported` for an ISO 639 code other than English; an empty code counts as English."""
    if code.lower().replace("_", "-").split("-")[0] in {"", KNOWN}:
        return
    raise PermanentError(
        "language_not_supported",
        f"This recording is in {name_of(code)}, and steps can be written from English only so far. "
        "The transcript is ready to read; for steps, record it again in English.",
        f"language {code!r}",
    )


def name_of(code: str) -> str:
    """Return the English name of a language ("German"), or a phrase with its code when it has none here."""
    try:
        return str(get_language_info(code.lower())["name"])
    except KeyError:
        return f"another language ({code})"
