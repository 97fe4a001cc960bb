"""What somebody wrote into a form that met a mistake of ours: shown once more, so that it can be copied."""

from __future__ import annotations

import re

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, RawPostDataException
from django.http.multipartparser import MultiPartParserError

NOT_WRITTEN = re.compile(r"csrf|password|token|secret|^next$|^_", re.IGNORECASE)
"""Names of what is secret, or was put into the form by us."""


def texts(request: HttpRequest) -> list[str]:
    """Return the texts of a form, without passwords; none where it cannot be read, which may be the mistake itself."""
    try:
        fields = request.POST.lists()
    except (SuspiciousOperation, OSError, RawPostDataException, MultiPartParserError):
        return []
    return [text for name, values in fields if not NOT_WRITTEN.search(name) for text in values if text.strip()]
