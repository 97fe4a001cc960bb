"""The engine's numbers for Prometheus, read from the database: true for all processes and hosts together."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector

from jobs import history, queries, stats
from jobs.models import BackgroundJob, JobHour, JobQueue, Worker


class JobsCollector(Collector):
    """Jobs, queue and workers."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database; no statement walks through the finished jobs."""
        yield from _unfinished()
        yield from _ended()
        yield from _queue()
        yield from _workers()


def _unfinished() -> Iterable[Metric]:
    family = GaugeMetricFamily("trainai_jobs", "Jobs that are not final.", labels=["job_type", "status"])
    open_jobs = BackgroundJob.objects.filter(status__in=["pending", "processing"]).order_by()
    for row in open_jobs.values("job_type", "status").annotate(number=Count("pk")):
        family.add_metric([row["job_type"], row["status"]], row["number"])
    yield family
    yield GaugeMetricFamily(
        "trainai_jobs_stuck", "Jobs that nobody begins or finishes.", stats.stuck(timezone.now()).count()
    )


def _ended() -> Iterable[Metric]:
    """Hours that were counted already, and those since then from the jobs themselves."""
    number: Counter[tuple[str, str]] = Counter()
    seconds: Counter[str] = Counter()
    last = JobHour.objects.aggregate(last=Max("began_at"))["last"]
    counted = JobHour.objects.filter(began_at__lt=last) if last else JobHour.objects.none()
    sums = {name: Sum(name) for name in ("completed", "failed", "cancelled", "seconds")}
    hours: list[Any] = [*counted.order_by().values("job_type").annotate(**sums)]
    for hour in history.since(last or timezone.now() - datetime.timedelta(days=31)):
        hours.append(asdict(hour))
    for hour in hours:
        for outcome in ("completed", "failed", "cancelled"):
            number[hour["job_type"], outcome] += hour[outcome]
        seconds[hour["job_type"]] += hour["seconds"]
    ended = CounterMetricFamily("trainai_jobs_ended", "Jobs that became final.", labels=["job_type", "outcome"])
    for (job_type, outcome), value in sorted(number.items()):
        ended.add_metric([job_type, outcome], value)
    took = SummaryMetricFamily("trainai_job_seconds", "Seconds of completed jobs' last attempts.", labels=["job_type"])
    for job_type, value in sorted(seconds.items()):
        took.add_metric([job_type], count_value=number[job_type, "completed"], sum_value=value)
    yield ended
    yield took


def _queue() -> Iterable[Metric]:
    due = GaugeMetricFamily("trainai_queue_due", "Jobs that could start now.", labels=["job_type"])
    lag = GaugeMetricFamily(
        "trainai_queue_oldest_seconds", "How long the oldest of them has waited.", labels=["job_type"]
    )
    rows = JobQueue.objects.filter(token=None, run_at__lte=Now()).order_by()
    for row in rows.values("job_type").annotate(number=Count("pk"), waited=Max(Now() - F("run_at"))):
        due.add_metric([row["job_type"]], row["number"])
        lag.add_metric([row["job_type"]], row["waited"].total_seconds())
    yield due
    yield lag


def _workers() -> Iterable[Metric]:
    family = GaugeMetricFamily("trainai_workers", "Live workers.", labels=["host"])
    recent = Now() - datetime.timedelta(seconds=queries.LEASE_SECONDS)
    alive = Worker.objects.filter(resident=True, seen_at__gt=recent).order_by()
    for row in alive.values("host").annotate(number=Count("pk"), since=Min("started_at")):
        family.add_metric([row["host"].split("/")[0]], row["number"])
    yield family
