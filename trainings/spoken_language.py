"""The language of a text, for transcribers that name none."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING

from django.conf.locale import LANG_INFO

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.9
"""From this probability on it is believed. A few words of a sentence reach it, "Okay." and names do not."""
MOST = 20_000
"""Characters that are looked at."""
_loading = threading.Lock()


def of(text: str) -> tuple[str, float]:
    """Return the ISO 639-1 code of the language and its probability; an empty code when that is not sure."""
    with _loading:  # it is loaded once, whichever thread comes first
        identifier = _identifier()
    language, probability = identifier.classify(text[:MOST])
    return (str(language), float(probability)) if probability >= SURE else ("", 0.0)


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # a second or more

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Not the dialects and small neighbours that take the probability of what people here speak.
    known = {code for code in LANG_INFO if "-" not in code} | {"no", "zh"}
    identifier.set_languages([code for code in known if code in identifier.labels])
    return identifier
