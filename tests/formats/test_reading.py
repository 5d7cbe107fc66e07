"""Files of whichever format: taken for what they are, or refused in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import sim
from sim.errors import FormatError, InputError
from sim.formats import reading
from sim.formats.contents import content_of
from tests.fuzzing.seeds import seeds

if TYPE_CHECKING:
    from pathlib import Path

TAKEN = {"csv": "tracks", "json": "tracks", "parquet": "tracks"}
OF_ONE_FORMAT = ("notam", "openair", "ed269", "ed318", "f3548", "geojson", *TAKEN)


@pytest.mark.parametrize("name", OF_ONE_FORMAT)
def test_a_file_is_taken_for_what_it_holds_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    for number, content in enumerate(seeds(name, real=False)):
        path = tmp_path / f"{number}.dat"
        path.write_bytes(content)
        found = sim.formats.read(path)
        assert found.format == TAKEN.get(name, name)
        assert found.found
        assert sim.formats.read(str(path)).format == found.format
        assert reading.read(content).format == found.format


@pytest.mark.parametrize("name", [name for name in OF_ONE_FORMAT if name != "parquet"])
def test_a_file_in_utf_16_is_read_as_well(name: str) -> None:
    content = seeds(name, real=False)[0]
    if content[:2] != b"\x1f\x8b":
        assert reading.read(content.decode("utf-8-sig").encode("utf-16")) == reading.read(content)


def test_what_tells_geozones_from_geojson_may_stand_behind_a_long_border() -> None:
    ring = [[10 + i * 1e-6, 50 + (i % 2) * 1e-6] for i in range(reading.LOOKED_AT // 20)]
    polygon = {"type": "Polygon", "coordinates": [[*ring, [10.0, 51.0]]]}
    feature = {"type": "Feature", "geometry": polygon, "properties": {"zoneAuthority": []}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert text.index("zoneAuthority") > reading.LOOKED_AT
    assert reading.guess(text.encode()) == "ed318"


def test_an_empty_file_is_said_to_be_empty() -> None:
    for content in (b"", b" \n\n", "\ufeff".encode()):
        with pytest.raises(FormatError, match="the file is empty"):
            reading.read(content)


def test_the_format_may_be_said(tmp_path: Path) -> None:
    path = tmp_path / "zones.json"
    path.write_bytes(seeds("geojson", real=False)[0])
    assert sim.formats.read(path, form="geojson").format == "geojson"
    with pytest.raises(FormatError, match=r"'geojsn' is no format.*did you mean .geojson"):
        sim.formats.read(path, form="geojsn")


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.json: cannot be read: No such file"):
        sim.formats.read(tmp_path / "nowhere.json")


def test_a_file_is_read_no_further_than_it_may_be_large(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 2049)
    assert len(content_of(path, 2049)) == 2049
    with pytest.raises(InputError, match=r"large: is larger than 0\.00195\d* MiB"):
        content_of(path, 2048)
