"""What may be wrong with a recording itself: known causes in two words, and what helps instead of another try."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

RECORD_AGAIN = gettext_noop("Record again")
UPLOAD_ANOTHER = gettext_noop("Upload another")

SHORT: Mapping[str, str] = {
    "no_audio_track": gettext_noop("no sound"),
    "no_video_track": gettext_noop("no picture"),
    "no_speech": gettext_noop("no speech"),
    "no_steps_found": gettext_noop("no steps found"),
    "language_not_supported": gettext_noop("not in English"),
    "empty_file": gettext_noop("empty file"),
    "not_a_video": gettext_noop("not a video"),
    "damaged_file": gettext_noop("damaged file"),
    "too_short": gettext_noop("too short"),
    "too_long": gettext_noop("too long"),
    "missing_file": gettext_noop("file is gone"),
}
"""For a badge."""

MISHEARD = frozenset({"no_speech", "no_steps_found", "language_not_supported", "language_not_known"})
"""What also comes of words that were heard in a wrong language: there a person may choose it."""

IN_THE_FILE = frozenset({"empty_file", "not_a_video", "damaged_file", "too_short", "too_long", "too_large_picture"})
"""Nothing can ever be made of such a file."""

INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(IN_THE_FILE, UPLOAD_ANOTHER),
    **dict.fromkeys(
        ("too_demanding", "out_of_memory", "video_refused", "missing_file", "recording_removed"), UPLOAD_ANOTHER
    ),
    **dict.fromkeys(
        ("no_audio_track", "no_video_track", "no_speech", "no_steps_found", "language_not_supported"), RECORD_AGAIN
    ),
}
"""By the code of a failure that lies in the recording: what a person does instead. Causes that an operator can mend
(a key, a limit, a model) or that pass (a full disk, a service that is down) are not here."""
