"""whisper-1 names a language in English words; we keep ISO 639-1 codes."""

from __future__ import annotations

import re

from django.conf.locale import LANG_INFO

# Where Whisper's name is not the one Django has.
OTHERS = {
    "chinese": "zh",
    "mandarin": "zh",
    "cantonese": "yue",
    "norwegian": "no",
    "nynorsk": "nn",
    "tagalog": "tl",
    "hebrew": "he",
    "serbian": "sr",
    "malay": "ms",
    "maori": "mi",
    "latin": "la",
    "yoruba": "yo",
    "somali": "so",
    "afrikaans": "af",
    "lao": "lo",
    "khmer": "km",
    "sinhala": "si",
    "amharic": "am",
    "maltese": "mt",
    "tibetan": "bo",
    "myanmar": "my",
    "haitian creole": "ht",
    "hawaiian": "haw",
    "pashto": "ps",
    "shona": "sn",
    "sindhi": "sd",
    "gujarati": "gu",
    "yiddish": "yi",
    "sundanese": "su",
    "javanese": "jw",
    "hausa": "ha",
    "lingala": "ln",
    "malagasy": "mg",
    "turkmen": "tk",
    "bashkir": "ba",
    "sanskrit": "sa",
    "faroese": "fo",
    "flemish": "nl",
    "castilian": "es",
    "moldavian": "ro",
}
NAMES = {str(info["name"]).lower(): code for code, info in LANG_INFO.items() if "name" in info and "-" not in code}
_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


def code(name: object) -> str:
    """Return the code of a language that is named by word or code; empty when nobody knows it."""
    text = str(name or "").strip().lower()
    found = OTHERS.get(text) or NAMES.get(text)
    if found:
        return found
    return text.partition("-")[0] if _CODE.fullmatch(text) else ""
