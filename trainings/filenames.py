"""Names that clients give to their files: data to show, never a path."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 255
TITLE_LENGTH = 200
UNTITLED = "Untitled recording"


def clean(name: str) -> str:
    """Return the last part of `name` without anything that could hide or steer: control characters, line
    breaks, direction overrides, path parts. At most 255 characters; empty when nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if char.isspace() else char for char in last if char.isspace() or _is_shown(char))
    cleaned = " ".join(shown.split())
    if not cleaned.strip("."):
        return ""
    return _cut(cleaned)


def suggested_title(filename: str) -> str:
    """Return a title to start from: the name without its ending, as words, the first letter large."""
    stem = filename.rpartition(".")[0] or filename
    words = " ".join(stem.replace("_", " ").split()) if " " in stem else " ".join(stem.replace("-", "_").split("_"))
    title = " ".join(words.split())[:TITLE_LENGTH].strip()
    return title[:1].upper() + title[1:] if title else UNTITLED


def _is_shown(char: str) -> bool:
    # Cc are controls, Cf formats (direction overrides among them), Cs lone surrogates, Co and Cn have no meaning.
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _cut(name: str) -> str:
    """Cut to 255 characters and keep a short ending, which tells people what kind of file it was."""
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_LENGTH]
    return stem[: MAX_LENGTH - len(ending) - 1] + dot + ending
