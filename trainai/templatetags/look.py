"""Filters of the pages."""

from __future__ import annotations

from django import template

from trainings.exports import clock as _clock

register = template.Library()


@register.filter
def clock(seconds: float | None) -> str:
    """Return a moment as a player shows it: 0:12, 1:02:03; empty for None."""
    return "" if seconds is None else _clock(seconds)


@register.filter
def machine_seconds(seconds: float | None) -> str:
    """Return a moment for scripts and `datetime`: a plain decimal, whatever the language."""
    return "" if seconds is None else f"{seconds:.3f}".rstrip("0").rstrip(".")


@register.filter
def initial(name: object) -> str:
    """Return the first letter of a name, large."""
    return str(name).strip()[:1].upper()
