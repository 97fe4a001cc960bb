"""Pages that are found by where the last one ended: as fast in the middle of a million rows as at their start."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from jobs.querysets import JobQuerySet

Row = tuple[datetime.datetime, uuid.UUID]


@dataclass(frozen=True)
class Edge:
    """A place between two rows: `after` it lies the next page, before it the previous one."""

    created_at: datetime.datetime
    id: uuid.UUID
    after: bool

    @classmethod
    def read(cls, text: str, *, after: bool) -> Edge | None:
        """Return the edge an address names, None when it names none."""
        when, _, job = text.partition("_")
        try:
            created_at, id = parse_datetime(when), uuid.UUID(job)
        except (ValueError, ValidationError):
            return None
        return cls(created_at, id, after) if created_at else None


@dataclass(frozen=True)
class Page:
    """Some rows as (when made, id), and whether more come before and after them."""

    rows: list[Row]
    has_previous: bool
    has_next: bool

    @property
    def first(self) -> str:
        """The edge before the first row."""
        return _name(*self.rows[0]) if self.rows else ""

    @property
    def last(self) -> str:
        """The edge behind the last row."""
        return _name(*self.rows[-1]) if self.rows else ""


def page(jobs: JobQuerySet, edge: Edge | None, size: int, *, oldest_first: bool) -> Page:
    """Return the page at an edge; the first one without an edge. Only what the order needs is read and sorted."""
    backwards = edge is not None and not edge.after
    ascending = oldest_first != backwards
    order = ("created_at", "id") if ascending else ("-created_at", "-id")
    if edge is not None:
        jobs = jobs.filter(_beyond(edge, ascending))
    rows = list(jobs.order_by(*order).values_list("created_at", "id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        return Page(rows[::-1], has_previous=more, has_next=True)
    return Page(rows, has_previous=edge is not None, has_next=more)


def _beyond(edge: Edge, ascending: bool) -> Q:
    # The bound on created_at alone is what the index can start from.
    if ascending:
        return Q(created_at__gte=edge.created_at) & (Q(created_at__gt=edge.created_at) | Q(id__gt=edge.id))
    return Q(created_at__lte=edge.created_at) & (Q(created_at__lt=edge.created_at) | Q(id__lt=edge.id))


def _name(created_at: datetime.datetime, id: uuid.UUID) -> str:
    return f"{created_at.isoformat()}_{id}"
