"""The pages of trainings: the list, a new one, and the one page each has. Thin: load, one verb, render or go back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trainai import fragments
from trainai.people import PersonRequest, may_create, person_required
from trainai.refusals import NeedsOwner
from trainings import (
    cards,
    filenames,
    going_on,
    languages,
    listening_anew,
    notices,
    quota,
    removal,
    training_page,
)
from trainings.models import Training
from trainings.permissions import VIEWERS_MAY_WATCH
from trainings.piece_size import PAGE_PIECE_BYTES

CARDS_A_PAGE = 24
LATELY = 6


@require_safe
@person_required
def training_list(request: PersonRequest) -> HttpResponse:
    """Every training of the company, the newest first."""
    pages = Paginator(cards.trainings(request.user), CARDS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "cards": cards.of(page.object_list), "may_create": may_create(request.user)}
    parts = {"cards": "trainings/_cards.html", "pages": "_pages.html"}
    return fragments.respond(request, "trainings/list.html", context, fragments=parts)


@require_safe
@person_required
def new(request: PersonRequest) -> HttpResponse:
    """Where a recording goes in."""
    if not may_create(request.user):
        raise NeedsOwner(VIEWERS_MAY_WATCH, request.user.company)
    lately = list(cards.trainings(request.user).filter(user=request.user)[:LATELY])
    space = quota.space_of(request.user.company) if request.user.company else None
    largest = min(settings.MAX_UPLOAD_BYTES, space.left) if space else settings.MAX_UPLOAD_BYTES
    context = {
        "cards": cards.of(lately),
        "max_bytes": largest,
        "max_seconds": settings.MAX_RECORDING_SECONDS,
        "piece_bytes": PAGE_PIECE_BYTES,
        "space": space,
        "spoken_language": lately[0].spoken_language if lately else "",
        "spoken_languages": languages.choices,
    }
    return fragments.respond(request, "trainings/new.html", context, fragments={"cards": "trainings/_cards.html"})


FRAGMENTS = {
    name: f"trainings/_{name}.html"
    for name in (
        "title",
        "state",
        "player",
        "tape",
        "parts",
        "tell",
        "remember",
        "tabs",
        "steps",
        "transcript",
        "points",
    )
}


@require_safe
@person_required
def training(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """A training, from its first second on."""
    row = _get(request, training_id)
    # Only who made it is told by mail.
    mails_to = notices.mails_to(row) if row.user == request.user else ""
    context = training_page.context(row) | {"may_edit": _may_edit(request, row), "mails_to": mails_to}
    return fragments.respond(request, "trainings/training.html", context, fragments=FRAGMENTS)


@require_POST
@person_required
def title(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """Give a training another title."""
    row = _get_to_change(request, training_id)
    wanted = " ".join(request.POST.get("title", "").replace("\0", " ").split())[: filenames.TITLE_LENGTH]
    if wanted:
        row.rename(wanted)
    else:
        messages.error(request, _("A training needs a title."))
    return redirect(row)


@require_POST
@person_required
def cancellation(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """Stop what is still being done for a training."""
    row = _get_to_change(request, training_id)
    removal.cancel_jobs(row, by=request.user)
    return redirect(row)


@require_POST
@person_required
def continuation(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """Go on with what failed or was stopped."""
    row = _get_to_change(request, training_id)
    going_on.go_on(row, by=request.user)
    return redirect(row)


@require_POST
@person_required
def listening(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """Hear the recording anew, in the language that a person says is spoken."""
    row = _get_to_change(request, training_id)
    language = request.POST.get("language", "")
    if language and language not in languages.KNOWN:
        messages.error(request, languages.unknown(language))
    elif row.upload.discarded_at:
        messages.error(request, _("The recording was removed, so nobody can listen to it again."))
    elif not listening_anew.in_language(row, language, by=request.user):
        messages.info(request, _("It was heard in this language already: the words stay as they are."))
    return redirect(row)


@require_POST
@person_required
def removal_(request: PersonRequest, training_id: UUID) -> HttpResponse:
    """Delete a training."""
    row = _get_to_change(request, training_id)
    removal.remove(row, by=request.user)
    messages.success(request, _("“%(title)s” was deleted.") % {"title": row.title})
    return redirect("trainings:list")


def _get(request: PersonRequest, training_id: UUID) -> Training:
    row = (
        Training.objects.visible_to(request.user).select_related("upload", "user", "company").filter(pk=training_id)
    ).first()
    if row is None:
        raise Http404
    return row


def _get_to_change(request: PersonRequest, training_id: UUID) -> Training:
    row = _get(request, training_id)
    if not _may_edit(request, row):
        raise NeedsOwner(VIEWERS_MAY_WATCH, row.company)
    return row


def _may_edit(request: PersonRequest, row: Training) -> bool:
    return Training.objects.editable_by(request.user).filter(pk=row.pk).exists()
