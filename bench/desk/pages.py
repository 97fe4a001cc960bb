"""Each page of the desk, again and again."""

from __future__ import annotations

from urllib.parse import urlencode

from bench.desk.browser import LIST, Browser, told
from bench.desk.rows import TITLE, People
from bench.served import Served

TIMES = 40


def measure(browser: Browser, server: Served, people: People) -> dict[str, dict[str, float]]:
    """Return milliseconds by page, and what the web server's processor did of a usual one. A first look at each is left
    out: it loads what stays loaded."""
    measured = {}
    for name, path in paths(people).items():
        browser.milliseconds(path)
        before = server.cpu_seconds()
        taken = told([browser.milliseconds(path) for _ in range(TIMES)])
        measured[name] = {**taken, "cpu": round(1000 * (server.cpu_seconds() - before) / TIMES, 1)}
    return measured


def paths(people: People) -> dict[str, str]:
    """Return the address of each page by its name."""
    from jobs.models import BackgroundJob

    newest = BackgroundJob.objects.order_by("-created_at", "-id")
    middle = newest[newest.count() // 2]
    one = newest.filter(status="failed")[0]
    edge = f"{middle.created_at.isoformat()}_{middle.pk}"
    lists = {
        "list": {},
        "list, the oldest first": {"o": "5"},
        "list, in the middle": {"after": edge},
        "working": {"state": "working"},
        "waiting": {"state": "waiting"},
        "stuck": {"state": "stuck"},
        "failed": {"state": "failed"},
        "done, of one type": {"state": "done", "type": "mux_upload"},
        "of one company": {"company__id__exact": str(people.company.pk)},
        "failed in 24 hours": {"failure": "today"},
        "done, ended in 7 days": {"state": "done", "ended": "week"},
        "retries used up": {"failure": "retries"},
        "another part failed (none did)": {"failure": "other"},
        "waits for its turn": {"waits": "turn"},
        "more than 30 days old": {"age": "more-720"},
        "search: an id": {"q": str(middle.pk)},
        "search: a title": {"q": TITLE},
        "search: a person": {"q": "ana@example.com"},
        "search: nobody": {"q": "nobody at all"},
    }
    return {
        **{name: f"{LIST}?{urlencode(query)}" for name, query in lists.items()},
        "live cells of 40 lines": f"{LIST}lines/?{urlencode({'ids': ','.join(str(job.pk) for job in newest[:40])})}",
        "one job": f"{LIST}{one.pk}/change/",
        "dashboard": "/admin/",
        "dashboard, 30 days": "/admin/?span=month",
    }
