"""An operator's requests to the true web server, one after the other on one connection."""

from __future__ import annotations

import http.client
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainai.accounts.models import User

LIST = "/admin/jobs/backgroundjob/"


class Browser:
    """Signed in, and asking for pages."""

    def __init__(self, address: tuple[str, int], operator: User) -> None:
        from django.test import Client

        client = Client()
        client.force_login(operator)
        self._headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
        self._connection = http.client.HTTPConnection(*address, timeout=120)

    def milliseconds(self, path: str) -> float:
        """Ask for a page and read it; return how long that took. Raises when it is not there."""
        before = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return 1000 * (time.perf_counter() - before)


def told(milliseconds: list[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the slowest."""
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median": round(statistics.median(ordered), 2), "p95": round(p95, 2), "slowest": round(ordered[-1], 2)}
