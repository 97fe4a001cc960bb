"""Environment variables: wrong values are refused with a sentence, and every variable is documented."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from trainai import environment
from trainai.email_address import SMTP, MailServer, mail_server

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ROOMS = ("trainai", "jobs", "trainings")


def variables_read() -> Iterator[str]:
    """Yield the names given to the readers of `environment`, anywhere in the code."""
    for room in ROOMS:
        for path in (REPOSITORY / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "environment"
                ):
                    names = node.args if node.func.attr == "together" else node.args[:1]
                    yield from (str(name.value) for name in names if isinstance(name, ast.Constant))


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    table = (REPOSITORY / "trainai" / "README.md").read_text()
    documented = re.findall(r"^\| `([A-Z0-9_]+)`", table, flags=re.MULTILINE)
    assert sorted(documented) == sorted(set(variables_read()))


def test_every_variable_is_read_in_one_place() -> None:
    names = list(variables_read())
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "TrainAI cannot start: PORT is 'eighty': write a whole number from 1 to 65535."),
        ("PORT", "70000", "TrainAI cannot start: PORT is '70000': write a whole number from 1 to 65535."),
        ("DEBUG", "maybe", "TrainAI cannot start: DEBUG is 'maybe': write true or false."),
        ("WORKERS", "0", "TrainAI cannot start: WORKERS is '0': write a whole number from 1 to 256."),
        ("KEEP_JOBS_DAYS", "0", "TrainAI cannot start: KEEP_JOBS_DAYS is '0': write a whole number from 1 to 3650."),
        ("DATABASE_URL", "mysql://x", "TrainAI cannot start: DATABASE_URL is not a PostgreSQL address: "
         "write postgresql://user:password@host:port/name."),
        ("EMAIL_URL", "mail.example.com:587", "TrainAI cannot start: EMAIL_URL is no mail server: "
         "write smtp+tls://user:password@host:587, smtps://user:password@host or smtp://host."),
    ],
)  # fmt: skip
def test_a_wrong_value_stops_the_start_with_one_sentence(name: str, value: str, sentence: str) -> None:
    command = [sys.executable, "manage.py", "check"]
    variables = os.environ | {name: value, "DJANGO_SETTINGS_MODULE": "trainai.settings"}
    done = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == sentence


@pytest.mark.parametrize(
    ("given", "anywhere", "pictures"),
    [
        ("", "https://*.mux.com", "https://image.mux.com"),
        ("https://media.example.com/", "https://*.media.example.com", "https://image.media.example.com"),
    ],
)
def test_pages_may_load_from_where_mux_plays(given: str, anywhere: str, pictures: str) -> None:
    command = [sys.executable, "manage.py", "diffsettings", "--output=unified"]
    variables = os.environ | {"MUX_TOKEN_ID": "id", "MUX_TOKEN_SECRET": "secret", "MUX_PLAYBACK_URL": given}
    variables["DJANGO_SETTINGS_MODULE"] = "trainai.settings"
    told = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True, check=True).stdout
    policy = next(line for line in told.splitlines() if line.startswith("+ CONTENT_SECURITY_POLICY"))
    directives = ast.literal_eval(policy.partition(" = ")[2])["DIRECTIVES"]
    assert [directives[name][-1] for name in ("connect-src", "media-src")] == [anywhere, anywhere]
    assert directives["img-src"][-1] == pictures


def test_a_choice_names_what_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSCRIBER", "ear")
    with pytest.raises(ImproperlyConfigured, match="TRANSCRIBER is 'ear': write one of whisper, other"):
        environment.choice("TRANSCRIBER", "whisper", ["whisper", "other"])


@pytest.mark.parametrize(
    ("value", "key", "chosen"), [("", "", "whisper"), ("", "sk", "openai"), ("whisper", "sk", "whisper")]
)
def test_the_cloud_is_chosen_by_its_key_alone(
    monkeypatch: pytest.MonkeyPatch, value: str, key: str, chosen: str
) -> None:
    monkeypatch.setenv("TRANSCRIBER", value)
    found = environment.provider("TRANSCRIBER", local="whisper", cloud="openai", key=key, needs="OPENAI_API_KEY")
    assert found == chosen


def test_the_cloud_without_its_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSCRIBER", "openai")
    with pytest.raises(ImproperlyConfigured, match="TRANSCRIBER is 'openai': set OPENAI_API_KEY too"):
        environment.provider("TRANSCRIBER", local="whisper", cloud="openai", key="", needs="OPENAI_API_KEY")


@pytest.mark.parametrize("value", ["zzz", "ftp://host", "https://", "http://[half", "http://host:port"])
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="write an address that begins with https"):
        environment.address("OPENAI_BASE_URL", "https://api.example/v1")


def test_half_of_what_belongs_together_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUX_TOKEN_ID", "id")
    monkeypatch.delenv("MUX_TOKEN_SECRET", raising=False)
    with pytest.raises(ImproperlyConfigured, match="belong together: set MUX_TOKEN_SECRET too"):
        environment.together("MUX_TOKEN_ID", "MUX_TOKEN_SECRET")


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("ALLOWED_HOSTS", " ")
    assert environment.number("PORT", 8000, low=1, high=65535) == 8000
    assert environment.words("ALLOWED_HOSTS", ["localhost"]) == ["localhost"]


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert environment.words("ALLOWED_HOSTS", []) == ["a.example", "b.example"]


def test_a_relative_folder_counts_from_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", "elsewhere")
    assert environment.folder("VAR_DIR", Path("var")) == REPOSITORY / "elsewhere"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", MailServer()),
        ("smtp://localhost", MailServer(SMTP, "localhost", 25)),
        ("smtp+tls://maya:p%40ss@mail.example.com", MailServer(SMTP, "mail.example.com", 587, "maya", "p@ss", True)),
        ("smtps://mail.example.com:4650", MailServer(SMTP, "mail.example.com", 4650, tls=True)),
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, server: MailServer) -> None:
    assert mail_server(url) == server
