"""The message catalogues, `locale/<language>/LC_MESSAGES/django.po`: kept in step with the sources, for developers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polib
from django.conf import settings

from trainai import sources

Key = tuple[str, str]
"""A sentence and its plural."""


def languages() -> list[str]:
    """Return the languages that are translations: all but the one the sources speak."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def wanted() -> dict[Key, list[str]]:
    """Return every sentence of the sources with the files it stands in."""
    places: dict[Key, set[str]] = defaultdict(set)
    for message in sources.messages():
        places[message.singular, message.plural].add(message.place)
    return {key: sorted(places[key]) for key in sorted(places)}


def renew(language: str) -> list[str]:
    """Bring a language's files in step with the sources; return the sentences it lacks. What is gone is dropped."""
    file = path(language)
    known = {(each.msgid, each.msgid_plural): each for each in polib.pofile(str(file))} if file.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for (one, many), places in wanted().items():
        entry = polib.POEntry(msgid=one, msgid_plural=many, occurrences=[(place, "") for place in places])
        if before := known.get((one, many)):
            entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
        elif many:
            entry.msgstr_plural = {0: "", 1: ""}
        if "%(" in one + many:
            entry.flags.append("python-format")
        catalogue.append(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(file))
    catalogue.save_as_mofile(str(file.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue.untranslated_entries()]
