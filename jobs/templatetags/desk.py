"""Filters of the operators' desk."""

from __future__ import annotations

import datetime

from django import template
from django.utils.translation import gettext as _

from jobs.lengths import words

register = template.Library()


@register.filter
def thousands(number: int) -> str:
    """Return 1,234,567."""
    return f"{number:,}"


@register.filter
def moment(when: datetime.datetime | None) -> str:
    """Return a point in time as the logs have it."""
    return f"{when.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC" if when else ""


@register.filter
def ago(when: datetime.datetime | None) -> str:
    """Return how long ago something was, in words."""
    if when is None:
        return ""
    return _("%(time)s ago") % {"time": span(when)}


@register.filter
def span(when: datetime.datetime) -> str:
    """Return how long something has been so, in words."""
    return words(max(0.0, (datetime.datetime.now(datetime.UTC) - when).total_seconds()))


@register.filter
def below(points: str) -> str:
    """Return the two corners that close a line to the bottom of its chart."""
    first, last = points.split()[0].split(",")[0], points.split()[-1].split(",")[0]
    return f"{last},36 {first},36"
