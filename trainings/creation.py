"""A training from a file on this machine: the same upload, the same pipeline as from a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.db import transaction

from trainai.accounts.models import Company, Membership, User
from trainings import filenames, languages, pipeline, quota, receiving, upload_turns
from trainings.models import Training, Upload
from trainings.models.upload import next_expiry
from trainings.storages import media_storage
from trainings.storages.errors import NoSpace, StorageTrouble


class CannotCreate(Exception):
    """The file cannot become a training: a code for programs, one sentence for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def from_file(
    path: Path,
    *,
    company: Company,
    title: str = "",
    language: str = "",
    on_bytes: Callable[[int], None] = lambda count: None,
) -> Training:
    """Copy the file into the storage and start its pipeline; with `language` it is heard in that one. `on_bytes` hears
    how many bytes were copied since it was last called. Raises CannotCreate."""
    if language and language not in languages.KNOWN:
        raise CannotCreate("unknown_language", languages.unknown(language))
    with _opened(path) as source:
        size = path.stat().st_size
        upload = _copy(source, path.name, size, _maker(company), company, language, on_bytes)
    if not upload.is_complete:
        upload.discard()
        raise CannotCreate("file_changed", f"{path.name} became shorter while it was read. Try again.")
    training = Training.objects.get(upload=upload)
    if title:
        training.rename(title[: filenames.TITLE_LENGTH])
    return training


@dataclass
class _Counted:
    """Reads `left` bytes of a file at most, and tells how many."""

    source: BufferedReader
    left: int
    on_bytes: Callable[[int], None]

    def read(self, size: int, /) -> bytes:
        piece = self.source.read(min(size, self.left))
        self.left -= len(piece)
        self.on_bytes(len(piece))
        return piece


def _copy(
    source: BufferedReader,
    name: str,
    size: int,
    user: User,
    company: Company,
    language: str,
    on_bytes: Callable[[int], None],
) -> Upload:
    if size > settings.MAX_UPLOAD_BYTES:
        raise CannotCreate("too_large", f"{name} is larger than MAX_UPLOAD_BYTES allows ({settings.MAX_UPLOAD_BYTES}).")
    try:
        with transaction.atomic():
            quota.claim(company, size)
            upload = Upload.objects.create(
                company=company,
                user=user,
                size=size,
                filename=filenames.clean(name),
                spoken_language=language,
                expires_at=next_expiry(),
            )
    except quota.Exceeded as full:
        raise CannotCreate("over_quota", str(full)) from None
    try:
        with upload_turns.take(upload.id) as turn:
            upload.refresh_from_db()
            media_storage().require_space(size)
            receiving.make(upload)
            receiving.receive(upload, _Counted(source, size, on_bytes), limit=size, turn=turn)
            pipeline.settle(upload)
    except NoSpace:
        upload.discard()
        raise CannotCreate("no_space", f"The disk has no space left for {name}. Free some and try again.") from None
    except StorageTrouble as trouble:
        raise CannotCreate(trouble.code, trouble.message) from trouble
    return upload


def _opened(path: Path) -> BufferedReader:
    try:
        if not path.is_file():
            raise CannotCreate("file_not_found", f"There is no file called {path}.")
        return path.open("rb")
    except PermissionError:
        raise CannotCreate("file_not_readable", f"{path} may not be read by this user.") from None


def _maker(company: Company) -> User:
    """Return in whose name the command works: the company's first owner."""
    owners = company.memberships.filter(role=Membership.Role.OWNER).select_related("user")
    first = owners.order_by("created_at", "id").first()
    if first is None:
        raise CannotCreate("no_owner", f"{company.name} has no owner: somebody must sign up for it first.")
    return first.user


def find_company(wanted: str = "") -> Company:
    """Return the company with this name or id; without one, the first that was made. Raises CannotCreate."""
    if not wanted:
        company = Company.objects.order_by("created_at", "id").first()
        if company is None:
            raise CannotCreate("no_company", "There is no company yet: sign up on the website first.")
        return company
    found = [company for company in Company.objects.all() if wanted in (company.name, str(company.id))]
    if len(found) != 1:
        names = ", ".join(Company.objects.order_by("created_at").values_list("name", flat=True)[:20])
        problem = "There are several companies" if found else "There is no company"
        raise CannotCreate("no_company", f"{problem} called {wanted!r}. Give the name or id of one of: {names}.")
    return found[0]
