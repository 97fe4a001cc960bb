"""The languages that may be spoken in a recording: the codes that Whisper knows, and what they are called."""

from __future__ import annotations

import functools
import unicodedata

from django.utils.translation import get_language, get_language_info, gettext_noop
from django.utils.translation import gettext as _

KNOWN = (
    *("af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca", "cs", "cy", "da", "de", "el"),
    *("en", "es", "et", "eu", "fa", "fi", "fo", "fr", "gl", "gu", "ha", "haw", "he", "hi", "hr", "ht", "hu", "hy"),
    *("id", "is", "it", "ja", "jw", "ka", "kk", "km", "kn", "ko", "la", "lb", "ln", "lo", "lt", "lv", "mg", "mi"),
    *("mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn", "no", "oc", "pa", "pl", "ps", "pt", "ro", "ru"),
    *("sa", "sd", "si", "sk", "sl", "sn", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl"),
    *("tr", "tt", "uk", "ur", "uz", "vi", "yi", "yo", "zh"),
)
"""What the multilingual models know, the one we ship among them: ISO 639-1, but "haw", and "jw" for Javanese."""

NAMES = {
    "am": gettext_noop("Amharic"),
    "as": gettext_noop("Assamese"),
    "ba": gettext_noop("Bashkir"),
    "bo": gettext_noop("Tibetan"),
    "fo": gettext_noop("Faroese"),
    "gu": gettext_noop("Gujarati"),
    "ha": gettext_noop("Hausa"),
    "haw": gettext_noop("Hawaiian"),
    "ht": gettext_noop("Haitian Creole"),
    "jw": gettext_noop("Javanese"),
    "la": gettext_noop("Latin"),
    "ln": gettext_noop("Lingala"),
    "lo": gettext_noop("Lao"),
    "mg": gettext_noop("Malagasy"),
    "mi": gettext_noop("Maori"),
    "mt": gettext_noop("Maltese"),
    "oc": gettext_noop("Occitan"),
    "ps": gettext_noop("Pashto"),
    "sa": gettext_noop("Sanskrit"),
    "sd": gettext_noop("Sindhi"),
    "si": gettext_noop("Sinhala"),
    "sn": gettext_noop("Shona"),
    "so": gettext_noop("Somali"),
    "su": gettext_noop("Sundanese"),
    "tl": gettext_noop("Tagalog"),
    "yi": gettext_noop("Yiddish"),
    "yo": gettext_noop("Yoruba"),
    "zh": gettext_noop("Chinese"),
}
"""Of those that Django has no name for."""


def name_of(code: str) -> str:
    """Return a language's name in the reader's language; the code where no name is known."""
    if code in NAMES:
        return _(NAMES[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def choices() -> list[tuple[str, str]]:
    """Return the known codes with their names, in the order in which the reader looks them up."""
    return _choices(get_language() or "")


@functools.cache
def _choices(_reader: str) -> list[tuple[str, str]]:
    return sorted(((code, name_of(code)) for code in KNOWN), key=lambda choice: _sorted_as(choice[1]))


def unknown(code: str) -> str:
    """Say that a code is none of ours."""
    return _("“%(code)s” is no language known here. Send a code such as “en” or “de”, or leave it out.") % {
        "code": code
    }


def _sorted_as(name: str) -> str:
    """An accent or umlaut changes no place: "Äthiopisch" stands under A."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isalpha()).casefold()
