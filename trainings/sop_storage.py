"""Stores a written procedure, in place of an earlier one."""

from __future__ import annotations

from django.db import transaction

from trainings.filenames import TITLE_LENGTH, suggested_title
from trainings.models import Chapter, KeyPoint, Sop, Step, Training
from trainings.providers import ChapterDraft, SopDraft


@transaction.atomic
def store(training: Training, draft: SopDraft, *, writer: str, instead_of: str = "") -> Sop:
    """Replace the training's procedure by `draft` and return it; running it again changes nothing."""
    Sop.objects.filter(training=training).delete()
    title = _suggest_title(training, draft.title)
    sop = Sop.objects.create(training=training, title=title, writer=writer, instead_of=instead_of)
    position = 0
    for place, chapter in enumerate(draft.chapters):
        position = _store_chapter(sop, chapter, place, position)
    KeyPoint.objects.bulk_create(
        KeyPoint(sop=sop, position=place, text=point.text, start=point.start, end=point.end, evidence=[*point.evidence])
        for place, point in enumerate(draft.key_points)
    )
    return sop


def _store_chapter(sop: Sop, draft: ChapterDraft, place: int, position: int) -> int:
    """Store a chapter whose first step has `position` in the whole procedure; return the position after its last."""
    chapter = Chapter.objects.create(
        sop=sop,
        position=place,
        title=draft.title[: Chapter._meta.get_field("title").max_length],
        start=draft.start,
        end=draft.end,
        evidence=[*draft.evidence],
    )
    Step.objects.bulk_create(
        Step(
            sop=sop,
            chapter=chapter,
            position=position + index,
            title=step.title[: Step._meta.get_field("title").max_length],
            body=step.body,
            cautions=[*step.cautions],
            conditions=[*step.conditions],
            start=step.start,
            end=step.end,
            evidence=[*step.evidence],
        )
        for index, step in enumerate(draft.steps)
    )
    return position + len(draft.steps)


def _suggest_title(training: Training, suggested: str) -> str:
    """Give the training the suggested title unless a person chose one; return the one the procedure carries.

    The row is locked: a person may be writing a title at this moment, and what a person writes stays.
    """
    row = Training.objects.select_for_update().select_related("upload").get(pk=training.pk)
    if not row.title_is_suggested:
        return suggested[:TITLE_LENGTH] or row.title
    title = suggested[:TITLE_LENGTH] or _unused(row.title or suggested_title(row.upload.filename), row)
    if title != row.title:
        row.title = title
        row.save(update_fields=["title"])
    return title


def _unused(title: str, row: Training) -> str:
    """Return `title`, with a number behind it when another training of the company has it already."""
    others = Training.objects.filter(company=row.company_id).exclude(pk=row.pk)
    taken = set(others.filter(title__startswith=title).values_list("title", flat=True))
    number, unused = 1, title
    while unused in taken:
        number += 1
        unused = f"{title[: TITLE_LENGTH - 8]} ({number})"
    return unused
