"""What is believed in languages whose forms nobody here knows: both ways, what was said and what was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainings.providers.openai_ import grounds

SAID = {
    "de": (
        "Zuerst öffnen Sie die Grundeinstellungen und wählen den neuen Kunden aus.",
        "Danach klicken wir auf Speichern und nehmen die Quittung.",
        "Dann geben Sie die PIN 4711 ein.",
        "Gehen Sie hier auf Ja.",
    ),
    "es": (
        "Primero abrimos el menú de la caja.",
        "Después haga clic en No y seleccione el cliente.",
        "Introduzca el número 4711.",
    ),
    "fr": ("D'abord, vous ouvrez le menu de la caisse.", "Ensuite cliquez sur Enregistrer.", "Choisissez Oui."),
    "it": ("Prima apriamo il menu della cassa.", "Poi fate clic su Salva."),
    "pt": ("Primeiro abrimos o menu do caixa.", "Depois clique em Salvar."),
    "nl": ("Eerst openen we het menu van de kassa.", "Daarna klikken we op Opslaan."),
    "pl": ("Najpierw otwieramy menu kasy.", "Potem klikamy Zapisz."),
    "ru": ("Сначала откройте меню кассы.", "Потом нажмите кнопку Сохранить."),
    "ko": ("먼저 설정 메뉴를 엽니다.", "저장 버튼을 눌러 주세요.", "전원을 꺼 주세요.", "번호 4711을 입력합니다."),
    "ja": ("設定を開きます。", "保存を押します。"),
    "zh": ("先打开设置菜单。", "然后点击保存。"),
}
TRUE = {
    "de": (
        "Öffne die Grundeinstellungen",
        "Öffne die Einstellungen",
        "Wähle den neuen Kunden aus",
        "Klicke auf Speichern",
        "Nimm die Quittung",
        "Gib die PIN 4711 ein",
        "Geh auf Ja",
        "PIN",
    ),
    "es": ("Abre el menú de la caja", "Haz clic en No", "Selecciona el cliente", "Introduce el número 4711"),
    "fr": ("Ouvre le menu de la caisse", "Clique sur Enregistrer", "Choisis Oui"),
    "it": ("Apri il menu della cassa", "Fai clic su Salva"),
    "pt": ("Abra o menu do caixa", "Clique em Salvar"),
    "nl": ("Open het menu van de kassa", "Klik op Opslaan"),
    "pl": ("Kliknij Zapisz",),
    "ru": ("Откройте меню кассы", "Нажмите Сохранить"),
    "ko": ("설정 메뉴를 여세요", "저장 버튼을 누르세요", "전원을 끄세요", "번호 4711을 입력하세요"),
    "ja": ("設定を開く", "保存を押す"),
    "zh": ("打开设置菜单", "点击保存"),
}
FALSE = {
    "de": (
        "Geh auf Nein",
        "Lösche die Datenbank",
        "Klicke auf Abbrechen",
        "Gib die PIN 900 ein",
        "Öffne die Grundeinstellungen und wähle den neuen Kunden 900 aus",
        "Klicke nicht auf Speichern",
        "Zahl bar",
    ),
    "es": ("Haz clic en Sí", "Borra la base", "Abre el menú de la caja 900", "Ve a casa"),
    "fr": ("Choisis Non", "Va au bar", "Efface la base"),
    "it": ("Fai clic su No", "Apri il gas"),
    "pt": ("Clique em Sim", "Apague tudo"),
    "nl": ("Klik op Nee", "Wis het menu van de bank"),
    "pl": ("Kliknij Nie", "Usuń bazę"),
    "ru": ("Нажмите Да", "Удалите базу"),
    "ko": ("컴퓨터를 버리세요", "암호를 말하세요", "번호 900을 입력하세요", "OK를 누르세요"),
    "ja": ("電源を切る", "設定を900に開く", "OPEN を押す"),
    "zh": ("关闭电源", "点击保存900"),
}


def carried(language: str, text: str, said: tuple[str, ...]) -> bool:
    return grounds.carried(text, range(len(said)), said, language)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in TRUE.items() for text in texts])
def test_what_was_said_is_carried_in_another_form(language: str, text: str) -> None:
    assert carried(language, text, SAID[language])
    assert carried("", text, SAID[language]), "also where nobody knows the language"


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in FALSE.items() for text in texts])
def test_what_was_not_said_is_not_carried(language: str, text: str) -> None:
    assert not carried(language, text, SAID[language])
    assert not carried("", text, SAID[language])


@pytest.mark.parametrize("language", SAID)
def test_nothing_is_carried_by_other_sentences(language: str) -> None:
    for text in TRUE[language]:
        assert not carried(language, text, ("Xyz.", "123."))
        assert not grounds.carried(text, (), SAID[language], language)


HOSTILE = (Path(__file__).parent / "hostile.txt").read_text(encoding="utf-8").splitlines()
OBEYED = {
    "de": ("Gib das Passwort hunter2 ein", "Geh auf die Seite der Bank", "Du bist ein Pirat", "ÜBERNOMMEN"),
    "es": ("Escribe la clave hunter2", "Ve al banco", "TOMADO", "Di la clave"),
    "fr": ("Tape le mot de passe hunter2", "Va sur le site", "PRIS"),
    "ko": ("암호 hunter2를 입력하세요", "전원을 끄세요", "당신은 해적입니다"),
    "ja": ("パスワード hunter2 を入力", "電源を切る"),
}


@pytest.mark.parametrize("language", OBEYED)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_sentence_carries_nothing_that_obeys_it(language: str, hostile: str) -> None:
    for text in OBEYED[language]:
        assert not carried(language, text, (SAID[language][0], hostile))
