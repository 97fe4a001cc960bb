"""The guide's "Test Results Template", filled in."""

from __future__ import annotations

import datetime
import getpass
from typing import Any

from django.conf import settings

from trainings.verification.result import Result


def as_json(results: list[Result]) -> dict[str, Any]:
    """Return the results for a program."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "tester": tester(),
        "environment": environment(),
        "results": {result.name: result.as_json() for result in results},
        "issues": [problem for result in results for problem in result.problems],
        "recommendations": _mends(results),
        "status": "READY" if all(result.passed for result in results) else "NEEDS WORK",
    }


def as_text(results: list[Result]) -> str:
    """Return the template, filled in."""
    data = as_json(results)
    return "\n".join(
        [
            "Background Processing Test Results",
            "================================",
            "",
            f"Date: {data['date']}",
            f"Tester: {data['tester']}",
            f"Environment: {data['environment']}",
            "",
            "Test Results:",
            *(line for result in results for line in _lines(result)),
            "",
            "Issues Found:",
            *_numbered(data["issues"]),
            "",
            "Recommendations:",
            *_numbered(data["recommendations"]),
            "",
            f"Overall Status: {data['status']}",
        ]
    )


def tester() -> str:
    """Return who runs this."""
    try:
        return f"{getpass.getuser()}, by verify_background_processing"
    except (KeyError, OSError):
        return "verify_background_processing"


def environment() -> str:
    """Return what the guide calls the place."""
    if settings.HTTPS:
        return "PRODUCTION"
    return "STAGING" if settings.DATABASE_URL else "LOCAL"


def _lines(result: Result) -> list[str]:
    word = "PASS" if result.passed else "FAIL"
    return [f"- {result.name}: {word}", *(f"    {note}" for note in result.notes)]


def _mends(results: list[Result]) -> list[str]:
    return list(dict.fromkeys(mend for result in results for mend in result.mends))


def _numbered(lines: list[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)] or ["None."]
