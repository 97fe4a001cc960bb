"""The activity page: what is worked on for a company, and the two verbs of a person, cancel and retry."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jobs import activity, cancelling, phrases, queue, sight
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from jobs.sight import Holder
from trainai import fragments
from trainai.people import PersonRequest, may_create, person_required, way_back
from trainai.refusals import NeedsOwner

FRAGMENTS = {"figures": "jobs/_figures.html", "rows": "jobs/_rows.html", "pages": "_pages.html"}
LAST_PAGE = 10_000


@require_safe
@person_required
def jobs(request: PersonRequest) -> HttpResponse:
    """What goes on, what waits, what needs somebody, what was done. Read when shown: every header asks here too."""
    shown = activity.Shown.of(request.GET.get("show", ""))
    context = {
        "shown": shown,
        "filters": activity.filters(shown),
        "figures": SimpleLazyObject(lambda: activity.figures(request.user)),
        "page": SimpleLazyObject(lambda: activity.page(request.user, shown, _page_number(request))),
        "may_act": may_create(request.user),
    }
    return fragments.respond(request, "jobs/jobs.html", context, fragments=FRAGMENTS)


def _page_number(request: HttpRequest) -> int:
    """Return which page an address names; the first when it names none."""
    wanted = request.GET.get("page", "")
    return max(1, min(LAST_PAGE, int(wanted))) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 1


@require_safe
def line(request: HttpRequest) -> HttpResponse:
    """Tell a page whose WebSocket was refused whether it is signed out (401) or may try again (204)."""
    holder = Holder.of(request.user, request.session, desk="desk" in request.GET)
    return HttpResponse(status=204 if holder and sight.of_all([holder]) else 401)


@require_POST
@person_required
def cancellation(request: PersonRequest, job_id: UUID) -> HttpResponse:
    """Cancel a job and what waits for it."""
    return _change(request, job_id, cancelling.cancel, lambda refusal: _("It was over already."))


@require_POST
@person_required
def retry(request: PersonRequest, job_id: UUID) -> HttpResponse:
    """Give a job another try."""
    return _change(request, job_id, queue.retry, lambda refusal: phrases.said(str(refusal)))


def _change(
    request: PersonRequest,
    job_id: UUID,
    verb: Callable[..., BackgroundJob],
    say: Callable[[NotAllowed], str],
) -> HttpResponse:
    """Use a verb on a job and go back; what its state does not allow is said."""
    job = _get_to_change(request, job_id)
    try:
        verb(job.pk, by=request.user)
    except NotAllowed as refusal:
        messages.warning(request, say(refusal))
    return redirect(way_back(request, reverse("jobs:list")))


def _get_to_change(request: PersonRequest, job_id: UUID) -> BackgroundJob:
    job = BackgroundJob.objects.visible_to(request.user).filter(pk=job_id).first()
    if job is None:
        raise Http404
    roles = request.user.memberships.filter(company=job.company_id)
    if not any(membership.may_create for membership in roles):
        raise NeedsOwner(_("You may watch here, not cancel or retry."), job.company)
    return job
