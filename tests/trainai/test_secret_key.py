from __future__ import annotations

from pathlib import Path

from trainai import private, secret_key


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = secret_key.kept_in(tmp_path / "var")
    assert secret_key.kept_in(tmp_path / "var") == first
    assert len(first) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert secret_key.kept_in(tmp_path / "a") != secret_key.kept_in(tmp_path / "b")


def test_the_first_writer_of_a_file_wins(tmp_path: Path) -> None:
    private.write_once(tmp_path / "key", "first")
    private.write_once(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_writing_again_replaces_and_stays_private(tmp_path: Path) -> None:
    private.write(tmp_path / "login", "first")
    private.write(tmp_path / "login", "second")
    assert (tmp_path / "login").read_text() == "second"
    assert (tmp_path / "login").stat().st_mode & 0o777 == 0o600
