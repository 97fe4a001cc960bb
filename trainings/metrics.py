"""The product's numbers for Prometheus: what services elsewhere cost, and whether they are called."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Sum
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from trainings.models import ProviderCall, Service


class ServicesCollector(Collector):
    """The ledger and the circuit breakers."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database."""
        labels = ["provider", "model", "kind", "state"]
        cost = CounterMetricFamily("trainai_provider_cost_dollars", "What calls cost, open ones at most.", None, labels)
        calls = CounterMetricFamily("trainai_provider_calls", "Paid calls.", None, labels)
        for row in ProviderCall.objects.order_by().values(*labels).annotate(number=Count("pk"), dollars=Sum("price")):
            names = [row[label] for label in labels]
            cost.add_metric(names, float(row["dollars"]))
            calls.add_metric(names, row["number"])
        resting = GaugeMetricFamily("trainai_service_resting", "1 while nobody calls it.", labels=["service"])
        failures = GaugeMetricFamily("trainai_service_failures", "Failures in a row.", labels=["service"])
        for service in Service.objects.all():
            resting.add_metric([service.name], bool(service.closed_until and service.closed_until > timezone.now()))
            failures.add_metric([service.name], service.failures)
        yield from (cost, calls, resting, failures)
