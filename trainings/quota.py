"""How much a company's recordings may take in all, and that nobody takes more, however many send at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from trainai.accounts.models import Company
from trainings.models import Upload


@dataclass(frozen=True)
class Space:
    """Bytes: what a company may keep and what its recordings take, those on their way with their whole length."""

    limit: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


class Exceeded(Exception):
    """The company has no space for this. The message says so to the person."""

    def __init__(self, space: Space) -> None:
        values = {"limit": filesizeformat(space.limit), "used": filesizeformat(space.used)}
        super().__init__(
            _(
                "Your company may keep %(limit)s of recordings, and %(used)s are used. "
                "Delete trainings that nobody needs any more, or ask for more space."
            )
            % values
        )


def space_of(company: Company) -> Space | None:
    """Return how the company stands, None when it has no limit."""
    limit = company.quota_bytes if company.quota_bytes is not None else settings.COMPANY_QUOTA_BYTES or None
    return None if limit is None else Space(limit, used(company))


def used(company: Company) -> int:
    """Return the bytes that the company's recordings take."""
    held = Upload.objects.filter(company=company, discarded_at=None)
    return int(held.aggregate(bytes=Sum(Coalesce("size", "offset")))["bytes"] or 0)


def require(company: Company, more: int) -> None:
    """Raise Exceeded when the company has no space for `more` bytes now. Nothing is kept for the caller."""
    space = space_of(company)
    if space and (more > space.left or not space.left):
        raise Exceeded(space)


def claim(company: Company, more: int) -> None:
    """Like `require`, and nobody else of the company claims anything before the caller's transaction has ended: what
    it stores by then is counted."""
    if space_of(company):
        require(Company.objects.select_for_update(no_key=True).get(pk=company.pk), more)


def claim_growth(upload: Upload, size: int) -> None:
    """Claim what an upload needs to count as `size` bytes, beyond what its row counts as already."""
    counted = Upload.objects.values_list(Coalesce("size", "offset"), flat=True).get(pk=upload.pk)
    if size > counted:
        claim(upload.company, size - counted)
