"""`/metrics` for Prometheus: for whoever knows the token, or, without one, for this machine alone."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from jobs.metrics import JobsCollector
from trainings.metrics import ServicesCollector

_THIS_MACHINE = {"127.0.0.1", "::1"}
_PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
_registry = CollectorRegistry(auto_describe=False)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the numbers; 401 without the token, 404 to other machines when there is none."""
    if settings.METRICS_TOKEN:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
        if scheme.lower() != "bearer" or not right:
            return HttpResponse("The token is missing or wrong.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    elif not _from_here(request):
        raise Http404
    return HttpResponse(generate_latest(_registry), content_type=CONTENT_TYPE_LATEST)


def _from_here(request: HttpRequest) -> bool:
    """Whether nobody but this machine asks: a proxy's own address says nothing of who is behind it."""
    return request.META.get("REMOTE_ADDR") in _THIS_MACHINE and not any(name in request.headers for name in _PROXIED)


for _collector in (JobsCollector(), ServicesCollector()):
    _registry.register(_collector)
