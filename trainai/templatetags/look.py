"""Filters of the pages."""

from __future__ import annotations

import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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
def duration(seconds: float | None) -> SafeString:
    """Return how long a recording is, or a moment in it, for people and machines; empty for None."""
    if seconds is None:
        return mark_safe("")
    return format_html('<time datetime="PT{}S">{}</time>', machine_seconds(seconds), _clock(seconds))


@register.filter
def moment(when: datetime.datetime | None) -> SafeString:
    """Return a time of day, with the day unless it is today; in UTC until the page's script knows better."""
    if when is None:
        return mark_safe("")
    when = when.astimezone(datetime.UTC)
    is_today = when.date() == datetime.datetime.now(datetime.UTC).date()
    told = f"{when:%H:%M}" if is_today else f"{date_format(when, 'DATE_FORMAT')}, {when:%H:%M}"
    return format_html('<time datetime="{}" data-clock>{} UTC</time>', f"{when:%Y-%m-%dT%H:%M:%SZ}", told)


@register.filter
def initial(name: object) -> str:
    """Return the first letter of a name, large."""
    return str(name).strip()[:1].upper()
