"""Setting up a machine that has only Python. The real installation is what `make` does before this runs."""

from __future__ import annotations

import hashlib
import http.server
import os
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from trainai import bootstrap

WHEEL, _ = bootstrap.UV_WHEELS["x86_64", "glibc"]
PROGRAM = f"#!/bin/sh\necho uv {bootstrap.UV_VERSION}\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on this machine that has uv, and an empty folder for what is fetched."""
    folder = tmp_path / "simple" / "uv"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr(f"uv-{bootstrap.UV_VERSION}.data/scripts/uv", PROGRAM)
    (folder / "index.html").write_text(f'<a href="{WHEEL}#sha256=0">{WHEEL}</a>')
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{server.server_port}/simple/")
        monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
        monkeypatch.setattr(bootstrap, "fetch_with_pip", lambda wheel: False)
        checksum = hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()
        monkeypatch.setattr(bootstrap, "wheel_of_this_machine", lambda: (WHEEL, checksum))
        yield folder
        server.shutdown()


def test_uv_is_fetched_from_the_index_without_pip(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uv = bootstrap.fetch_uv()
    assert bootstrap.version_of(uv) == (0, 13, 9)
    assert "Fetching uv" in capsys.readouterr().out
    assert [path.name for path in uv.parent.iterdir()] == [uv.name]


def test_a_wheel_that_is_not_the_published_one_is_refused(index: Path) -> None:
    with (index / WHEEL).open("ab") as wheel:
        wheel.write(b"more")
    with pytest.raises(bootstrap.BootstrapError, match="is not the published file"):
        bootstrap.fetch_uv()
    assert not list(bootstrap.TOOLS.iterdir())


def test_an_index_without_uv_is_named(index: Path) -> None:
    (index / "index.html").write_text("")
    with pytest.raises(bootstrap.BootstrapError, match="has no uv-"):
        bootstrap.fetch_uv()


def test_an_index_that_does_not_answer_is_named(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    with pytest.raises(bootstrap.BootstrapError, match=r"http://127\.0\.0\.1:9/simple does not answer"):
        bootstrap.fetch_uv()


@pytest.mark.parametrize(("version", "found"), [("0.7.22", False), ("0.8.0", True), ("1.0.0", True)])
def test_a_uv_on_the_path_is_taken_when_it_is_recent_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, found: bool
) -> None:
    (tmp_path / "uv").write_text(f"#!/bin/sh\necho 'uv {version} (x86_64)'\n")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "nothing")
    assert bootstrap.find_uv() == (tmp_path / "uv" if found else None)


def test_the_index_of_pips_own_settings_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://packages.example/simple/\n")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert bootstrap.index() == "https://packages.example/simple"


def test_without_a_home_the_cache_goes_under_var(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/proc/nobody")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    variables = bootstrap.environment()
    assert variables["UV_CACHE_DIR"] == str(bootstrap.REPOSITORY / "var" / "cache" / "uv")
    assert "VIRTUAL_ENV" not in variables


def test_the_systems_certificates_are_trusted_where_it_has_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    monkeypatch.setattr(bootstrap, "SYSTEM_CERTIFICATES", tmp_path / "certificates.crt")
    assert "UV_SYSTEM_CERTS" not in bootstrap.environment()
    (tmp_path / "certificates.crt").touch()
    assert bootstrap.environment()["UV_SYSTEM_CERTS"] == "true"
    monkeypatch.setenv("UV_SYSTEM_CERTS", "false")
    assert bootstrap.environment()["UV_SYSTEM_CERTS"] == "false"


def test_a_home_that_can_be_written_keeps_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "UV_CACHE_DIR" not in bootstrap.environment()
