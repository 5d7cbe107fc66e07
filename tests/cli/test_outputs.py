"""New files: whole or not at all, and never in place of another."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sim.cli.outputs import write_new, write_over
from sim.errors import InputError, OutputError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_file_has_the_text_and_nothing_stands_beside_it(here: Path) -> None:
    write_new("a.txt", "first\nsecond ü\n")
    assert [path.name for path in here.iterdir()] == ["a.txt"]
    assert (here / "a.txt").read_bytes() == "first\nsecond ü\n".encode()


def test_a_dash_prints(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_new("-", "text")
    assert capsys.readouterr().out == "text"
    assert not [*here.iterdir()]


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes

    def write_and_be_late(path: Path, content: bytes) -> int:
        real(here / "a.txt", b"precious")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_and_be_late)
    with pytest.raises(InputError, match=r"a\.txt: exists already"):
        write_new("a.txt", "text")
    assert [path.name for path in here.iterdir()] == ["a.txt"]
    assert (here / "a.txt").read_bytes() == b"precious"


def test_a_full_disk_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.write_bytes

    def fill(path: Path, content: bytes) -> int:
        real(path, content[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OutputError, match=r"a\.txt: cannot be written: No space left"):
        write_new("a.txt", "text")
    assert not [*here.iterdir()]


def test_a_disk_without_links_takes_files_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_new("a.txt", "text")
    assert [path.read_text() for path in here.iterdir()] == ["text"]


@pytest.mark.parametrize("name", ["", "nowhere/a.txt", "a\0b", "\ud800"])
def test_a_name_that_cannot_be(name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_new(name, "text")


def test_what_was_drawn_takes_the_place_of_an_earlier_one_or_leaves_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_over("a.svg", b"first")
    write_over("a.svg", b"second")
    assert (here / "a.svg").read_bytes() == b"second"
    real = Path.write_bytes

    def fill(path: Path, content: bytes) -> int:
        real(path, content[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OutputError, match=r"a\.svg: cannot be written: No space left"):
        write_over("a.svg", b"third")
    assert [path.name for path in here.iterdir()] == ["a.svg"]
    assert (here / "a.svg").read_bytes() == b"second"
