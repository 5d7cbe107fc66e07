"""Input that nobody means well with: every reader, the same table, one clear answer each.

What takes too long or too much is told by bounds that no honest machine comes near: a
minute of the clock, and half a gigabyte more than the process ever had.
"""

from __future__ import annotations

import gzip
import json
import re
import signal
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.errors import InputError
from sim.formats.contents import content_of
from tests.fuzzing.readers import READERS, run
from tests.fuzzing.seeds import ED269, ED318, F3548, GEOJSON, NOTAMS, OPENAIR, TEXTS_OF_TRACKS, rows
from tests.fuzzing.trial import peak_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEVER_S = 60  # what has not come to its end by then is a hang
MOST_MB = 500.0
MEGABYTE = 2**20
DOCUMENTS: dict[str, Any] = {
    "ed269": ED269,
    "ed318": ED318,
    "f3548": F3548,
    "geojson": GEOJSON,
    "json": rows(),
}
TEXTS = {"notam": NOTAMS[1], "openair": OPENAIR[1], "csv": TEXTS_OF_TRACKS[0]}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
HUGE = "@@huge@@"  # stands for what json.dumps would not write


def told(name: str, content: bytes) -> list[str]:
    """Read an input within bounds; give what is told to be wrong with it."""
    before = peak_mb()
    previous = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(NEVER_S)
    try:
        found = run(name, content, 1)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    assert peak_mb() - before < MOST_MB
    return found


def _give_up(*_: object) -> None:
    raise AssertionError(f"no end after {NEVER_S} s")


RUBBISH: dict[str, bytes] = {
    "NUL bytes": b"\0" * 1000,
    "random bytes": bytes(range(256)) * 40,
    "a line of 10 MB": b"x" * (10 * MEGABYTE),
    "a number of 10 MB": b"9" * (10 * MEGABYTE),
    "10 MB of brackets": b"[" * (10 * MEGABYTE),
    "10 MB of quotes": b'"' * (10 * MEGABYTE),
    "deep mappings": b'{"a":' * 100_000,
    "deep lists that end": b"[" * 50_000 + b"]" * 50_000,
    "many empty lists": b"[" + b"[]," * 100_000 + b"[]]",
    "many empty mappings": b"[" + b"{}," * 100_000 + b"{}]",
    "many lines": b"a b c\n" * 200_000,
    "an endless zip": gzip.compress(b"\0" * (20 * MEGABYTE)),
    "half a zip": gzip.compress(b"timestamp,latitude" * 1000)[:40],
    "Parquet that is none": b"PAR1" + b"\xff" * 1000 + b"PAR1",
    "UTF-16 that ends early": b'\xff\xfe[\0{\0"',
    "not a number": b"NaN",
    "infinite": b"[1e400]",
    "a page": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_told_of(name: str, rubbish: str) -> None:
    assert told(name, RUBBISH[rubbish])


@pytest.mark.parametrize("name", [name for name in READERS if name != "openair"])
@pytest.mark.parametrize("nothing", [b"", b" \r\n\t ", b"\xef\xbb\xbf"])
def test_nothing_is_told_of(name: str, nothing: bytes) -> None:
    assert told(name, nothing)


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the keys to everything in a document."""
    if path:
        yield path
    items: Any = ()
    if isinstance(document, dict):
        items = document.items()
    elif isinstance(document, list):
        items = enumerate(document[:1])  # others are like it
    for key, value in items:
        yield from places(value, (*path, key))


def with_value(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = deepcopy(document)
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


def deep() -> Any:
    made: Any = []
    for _ in range(200):
        made = [made]
    return made


def pair_of_many() -> Any:
    return [[k % 180, k % 90] for k in range(20_000)]


VALUES: dict[str, Callable[[], Any]] = {
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("-inf"),
    "1e400": lambda: HUGE,
    "a number of 400 digits": lambda: 10**400,
    "a long text": lambda: "x" * 100_000,
    "a text with NUL": lambda: "a\0b\ud800",
    "a long list of numbers": lambda: [1] * 20_000,
    "a long list of positions": pair_of_many,
    "a deep list": deep,
    "a mapping of many": lambda: {str(k): k for k in range(2_000)},
    "nothing": lambda: None,
}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("value", VALUES)
def test_a_hostile_value_anywhere_is_read_or_told_of(name: str, value: str) -> None:
    document = DOCUMENTS[name]
    for path in places(document):
        text = json.dumps(with_value(document, path, VALUES[value]()))
        told(name, text.replace(f'"{HUGE}"', "1e400").encode())


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", ["NaN", "1e400", "-1e400", "9" * 400, "0." + "0" * 400, "\0", ""])
def test_a_hostile_number_anywhere_is_read_or_told_of(name: str, value: str) -> None:
    text = TEXTS[name]
    for found in NUMBER.finditer(text):
        told(name, (text[: found.start()] + value + text[found.end() :]).encode())


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("word", ["A" * 15_000, "A\x13\ufeff"])
def test_a_hostile_word_anywhere_is_read_or_told_of(name: str, word: str) -> None:
    for found in re.finditer(r"\w+|[+-]", TEXTS[name]):
        told(name, (TEXTS[name][: found.start()] + word + TEXTS[name][found.end() :]).encode())


def test_a_file_of_other_columns_names_few_letters_of_them() -> None:
    header = ",".join(f"{k}{'c' * 60}" for k in range(40))
    (message,) = told("csv", f"{header}\n".encode())
    assert 'no column of times: found "0cccc' in message


def test_sides_without_end_are_told_of_one_polygon_or_a_thousand() -> None:
    """Each of them takes a fifth of a second, since its sides are far from geodesics."""
    rings = [[[[0, 60], [170, 60 + k / 100], [10, 61], [0, 60]]] for k in range(1_000)]
    shape = {"type": "MultiPolygon", "coordinates": rings}
    content = json.dumps({"type": "Feature", "geometry": shape, "properties": {}})
    (message,) = told("geojson", content.encode())
    assert "more than 500,000 geodesics would be needed" in message


def test_a_route_too_wide_for_its_bends_is_told_of() -> None:
    line = {"type": "LineString", "coordinates": [[179, 42], [-179, 46], [-178.5, 46.5]]}
    feature = {"type": "Feature", "geometry": line, "properties": {"width": 9_999_999}}
    (message,) = told("geojson", json.dumps(feature).encode())
    assert "too often for what reaches 5,000 km from it" in message


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_again_and_again_is_read_or_told_of(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    for k, line in enumerate(lines):
        told(name, "".join((*lines[:k], line * 5_000, *lines[k:])).encode())


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_without_end_is_read_or_told_of(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    for k, line in enumerate(lines):
        told(name, "".join((*lines[:k], line.strip() * 5_000, "\n", *lines[k:])).encode())


ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", "utf-8-sig", "latin-1")


@pytest.mark.parametrize("name", [*DOCUMENTS, *TEXTS])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_encoding_is_read_or_told_of(name: str, encoding: str) -> None:
    text = TEXTS.get(name) or json.dumps(DOCUMENTS[name], ensure_ascii=False)
    text = text.replace("X1", "X\xe91")
    told(name, text.encode(encoding, "replace"))
    told("reading", text.encode(encoding, "replace"))


def test_a_folder_and_an_endless_file_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read: Is a directory$"):
        sim.formats.read(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read: .*null"):
        sim.formats.read("a\0b")
    with pytest.raises(InputError, match=r"/dev/zero: is larger than 1 MiB, the most that is read"):
        content_of("/dev/zero", MEGABYTE)
    with pytest.raises(InputError, match=r"cannot be read: Is a directory$"):
        sim.formats.tracks.read(tmp_path)
