"""Before something is done to jobs: which ones, how many, and why."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs import phrases, registry
from jobs.admin import bulk, rows, state
from jobs.admin.verbs import VERBS, Verb
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet
from trainai.accounts.models import User

_WORDS = {
    "pending": _("waiting"),
    "processing": _("working"),
    "completed": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
}
_MOST_IDS = 1_000


class Asked(forms.Form):
    """What the confirming page sends."""

    reason = forms.CharField(max_length=500, required=False, strip=True)
    priority = forms.IntegerField(min_value=1, max_value=10, required=False)
    until = forms.DateTimeField(required=False)
    """Jobs made after the page was shown are not meant."""
    after = forms.UUIDField(required=False)

    def __init__(self, verb: Verb, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = verb.destroys
        self.fields["priority"].required = verb.takes_priority


def ask(admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Show what would be done (GET), or do the next batch of it (POST)."""
    if name not in VERBS:
        raise Http404
    if not admin.has_change_permission(request):
        raise PermissionDenied
    verb = VERBS[name]
    meant = _meant(admin, request)
    if request.method == "POST":
        return _do(verb, meant, request)
    return _show(admin, verb, meant, request)


def _meant(admin: Any, request: HttpRequest) -> JobQuerySet:
    """Return the jobs an address means: those of `ids`, or all that match the list's filters."""
    query = request.GET.copy()
    ids = query.pop("ids", [])
    if ids:
        try:
            named = [uuid.UUID(text) for text in str(ids[-1]).split(",")[:_MOST_IDS]]
        except ValueError:
            raise Http404 from None
        return BackgroundJob.objects.filter(pk__in=named)
    request.GET = query  # type: ignore[assignment]  # what is left are the list's filters
    matching: JobQuerySet = admin.get_changelist_instance(request).queryset
    return BackgroundJob.objects.filter(pk__in=matching.order_by().values("pk"))


def _show(admin: Any, verb: Verb, meant: JobQuerySet, request: HttpRequest) -> HttpResponse:
    all_of, fit_of = _by_status(meant), _by_status(verb.fitting(meant))
    fitting = sum(fit_of.values())
    unfit = {_WORDS[status]: n - fit_of.get(status, 0) for status, n in all_of.items()}
    examples = _examples(verb.fitting(meant))
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": verb.label,
        "verb": verb,
        "number": fitting,
        "unfit": {word: n for word, n in unfit.items() if n},
        "examples": examples,
        "more": max(0, fitting - len(examples)),
        "until": timezone.now().isoformat(),
        "back": request.META.get("HTTP_REFERER") or reverse("admin:jobs_backgroundjob_changelist"),
        "media": admin.media,
    }
    return TemplateResponse(request, "admin/jobs/backgroundjob/ask.html", context)


def _by_status(jobs: JobQuerySet) -> dict[str, int]:
    return {row["status"]: row["n"] for row in jobs.order_by().values("status").annotate(n=Count("pk"))}


def _examples(jobs: JobQuerySet) -> list[tuple[BackgroundJob, str, state.State]]:
    """Return the first few jobs with their states."""
    return [
        (job, registry.label(job.job_type), state.of(job))
        for job in rows.readable(jobs.order_by("-created_at", "-id"))[:5]
    ]


def _do(verb: Verb, meant: JobQuerySet, request: HttpRequest) -> HttpResponse:
    asked = Asked(verb, request.POST)
    if not asked.is_valid():
        return HttpResponseBadRequest(json.dumps({"errors": asked.errors}), content_type="application/json")
    assert isinstance(request.user, User)  # noqa: S101 (the admin's own login)
    data = asked.cleaned_data
    until: datetime.datetime = data["until"] or timezone.now()
    outcome = bulk.batch(
        verb,
        # Those that did not fit when the page was shown were named on it and are not touched.
        verb.fitting(meant).filter(created_at__lte=until),
        by=request.user,
        reason=data["reason"],
        priority=data["priority"] or 0,
        after=data["after"],
    )
    refused = {phrases.said(why): number for why, number in outcome.refused.items()}
    return JsonResponse({"done": outcome.done, "refused": refused, "last": outcome.last})
