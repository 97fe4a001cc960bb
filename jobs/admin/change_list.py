"""The list of jobs: no counts, pages by their edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from unfold.views import ChangeList

from jobs.admin import keyset, rows

_EDGES = {"after": True, "before": False}


@dataclass(frozen=True)
class Pager:
    """What the footer of the list shows; stands in for a paginator."""

    previous: str
    next: str
    about: int | None
    template_name = "admin/jobs/backgroundjob/pager.html"
    num_pages = 1


class JobChangeList(ChangeList):  # type: ignore[misc]  # unfold has no types
    """Jobs by their age, the newest or the oldest first."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._edge = None
        plain = request.GET.copy()
        for name, after in _EDGES.items():
            for text in plain.pop(name, []):
                self._edge = keyset.Edge.read(str(text), after=after)
        request.GET = plain  # type: ignore[assignment]  # links to filters start at the first page again
        super().__init__(request, *args, **kwargs)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[str]:
        """Sort by age alone: the only order that an index gives page by page."""
        oldest_first = super().get_ordering(request, queryset)[0] in ("created_at", "+created_at")
        return ["created_at", "id"] if oldest_first else ["-created_at", "-id"]

    def get_results(self, request: HttpRequest) -> None:
        """Read one page, and never how many there are."""
        oldest_first = self.queryset.query.order_by[0] == "created_at"
        page = keyset.page(self.queryset, self._edge, self.list_per_page, oldest_first=oldest_first)
        self.result_list = rows.by_id(id for _when, id in page.rows)
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all = self.multi_page = False
        self.paginator = Pager(
            self.get_query_string({"before": page.first}) if page.has_previous else "",
            self.get_query_string({"after": page.last}) if page.has_next else "",
            rows.estimate(self.queryset) if page.has_previous or page.has_next else None,
        )
