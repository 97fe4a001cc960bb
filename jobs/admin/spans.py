"""How far back the desk looks: the same time for a number and for the list behind it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Span:
    """A time in slots of equal length, the last of which is still going on."""

    name: str
    label: StrPromise
    slots: int
    slot: datetime.timedelta
    form: str
    """How a slot's time is written, as Django's `date` filter has it."""

    @property
    def length(self) -> datetime.timedelta:
        """The whole of it."""
        return self.slots * self.slot

    def starts(self) -> list[datetime.datetime]:
        """Return where each slot begins."""
        hour = timezone.now().astimezone(datetime.UTC).replace(minute=0, second=0, microsecond=0)
        if self.slot >= datetime.timedelta(days=1):
            hour = hour.replace(hour=0)
        return [hour - self.slot * back for back in reversed(range(self.slots))]


SPANS = {
    span.name: span
    for span in (
        Span("day", _("24 hours"), 24, datetime.timedelta(hours=1), "H:i"),
        Span("week", _("7 days"), 28, datetime.timedelta(hours=6), "D H:i"),
        Span("month", _("30 days"), 30, datetime.timedelta(days=1), "j M"),
    )
}
