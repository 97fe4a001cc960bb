"""Which language a text is in, where that can be told."""

from __future__ import annotations

import pytest

from trainings import spoken_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Open the till menu. Press refund and wait for the receipt."),
        ("en", "Now go to settings, click on users, and add a new user with the name Müller."),
        ("de", "Klicken Sie auf Speichern und warten Sie, bis die Meldung erscheint."),
        ("de", "Bestätigen Sie den Download im Browser mit OK und starten Sie Outlook neu."),
        ("es", "Primero abrimos el menú de la caja y después hacemos clic en guardar."),
        ("fr", "Ensuite cliquez sur Enregistrer et attendez le message."),
        ("nl", "Eerst openen we het menu van de kassa."),
        ("pl", "Potem klikamy Zapisz i czekamy na potwierdzenie."),
        ("ko", "설정 메뉴를 엽니다."),
        ("ja", "設定を開きます。"),
    ],
)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    found, probability = spoken_language.of(text)
    assert (found, probability >= spoken_language.SURE) == (language, True)


@pytest.mark.parametrize("text", ["", "Okay.", "Haz clic en No.", "SAP, CRM, POS.", "12 34 56", "?!"])
def test_too_little_tells_nothing(text: str) -> None:
    assert spoken_language.of(text) == ("", 0.0)
