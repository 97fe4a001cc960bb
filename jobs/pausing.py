"""What the commands that pause and resume have in common."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Q

from jobs import registry
from trainai.accounts.models import Company


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options that say what."""
    parser.add_argument("--types", help="comma-separated job types")
    parser.add_argument(
        "--company", action="append", metavar="ID", help="a company's id or whole name; may be repeated"
    )


def named(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return each type and company as the verbs of `jobs.limits` take it, after all of them are known to exist."""
    types = [word for word in (options["types"] or "").split(",") if word]
    if unknown := sorted(set(types) - set(registry.job_types())):
        raise CommandError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(registry.job_types())}.")
    companies = [_company(text) for text in options["company"] or ()]
    if not types and not companies:
        raise CommandError("Say what: --types or --company.")
    yield from ({"job_type": job_type} for job_type in types)
    yield from ({"company": company} for company in companies)


def _company(text: str) -> Company:
    try:
        meant = Q(pk=uuid.UUID(text))
    except ValueError:
        meant = Q(name=text)
    try:
        return Company.objects.get(meant)
    except Company.DoesNotExist:
        raise CommandError(f"No such company: {text}.") from None
    except Company.MultipleObjectsReturned:
        raise CommandError(f"Several companies are called {text}: name one by its id.") from None
