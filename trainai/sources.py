"""Every sentence of the sources that a person may read, for the message catalogue: no gettext tools are needed.

Found are the marked ones (`_("…")`, `{% translate %}`), and by their place those that are stored as they are said and
translated when they are shown (`jobs.phrases`): the messages of job errors, of reported progress, labels of job types.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template import Engine
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from jobs.phrases import blanks

ROOMS = ("trainai", "jobs", "trainings")
MARKS = {
    "_": 1,
    "_now": 1,
    "_lazy": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
STORED = {
    **dict.fromkeys(("JobError", "PermanentError", "TemporaryError"), 1),
    **dict.fromkeys(("RetryAt", "WaitUntil", "MoreLater"), 2),
    **dict.fromkeys(("report",), 1),
    **dict.fromkeys(("NotAllowed", "kept"), 0),
}
"""Which argument of these calls is a sentence for a person."""


class Message(NamedTuple):
    """A sentence, its plural where it has one, and the file it stands in."""

    singular: str
    plural: str
    place: str


def messages() -> Iterator[Message]:
    """Yield every sentence, as often as it stands somewhere."""
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            yield from _python(path)
    for path in templates():
        yield from _template(path)


def templates() -> list[Path]:
    """Return the pages' templates."""
    return sorted(path for path in (settings.BASE_DIR / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def compiled(path: Path) -> Template:
    """Return a template as Django reads it."""
    return Engine.get_default().from_string(path.read_text(encoding="utf-8"))


def _python(path: Path) -> Iterator[Message]:
    tree, place = ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(settings.BASE_DIR))
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (Message(one, many, place) for one, many in _call(node, constants) if one)


def _call(node: ast.Call, constants: dict[str, ast.expr]) -> Iterator[tuple[str, str]]:
    name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
    if name in MARKS and len(node.args) >= MARKS[name]:
        said = [text for arg in node.args[: MARKS[name]] for text in _said(arg, {}) if isinstance(arg, ast.Constant)]
        if len(said) == MARKS[name]:
            yield said[0], said[1] if len(said) > 1 else ""
    elif name in STORED and len(node.args) > STORED[name]:
        yield from ((text, "") for text in _said(node.args[STORED[name]], constants))
    elif name == "handler":
        labels = [word.value for word in node.keywords if word.arg == "label"]
        yield from ((text, "") for label in labels for text in _said(label, constants))


def _said(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """Yield what an expression may say; what it puts in between is a blank."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield blanks([str(part.value) if isinstance(part, ast.Constant) else None for part in node.values])
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body, constants)
        yield from _said(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from _said(constants[node.id], constants)


def _template(path: Path) -> Iterator[Message]:
    place = str(path.relative_to(settings.BASE_DIR))
    nodes = compiled(path).nodelist
    for simple in nodes.get_nodes_by_type(TranslateNode):
        text = getattr(simple.filter_expression.var, "literal", None)  # type: ignore[attr-defined]
        if text:
            yield Message(str(text), "", place)
    for block in nodes.get_nodes_by_type(BlockTranslateNode):
        one, many = (block.render_token_list(tokens)[0] for tokens in (block.singular, block.plural or []))  # type: ignore[attr-defined]
        yield Message(one, many, place)
