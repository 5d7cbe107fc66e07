"""What is written as ED-318 is what the official schema accepts, where that is beside us."""

from __future__ import annotations

import json
from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from sim.errors import GeometryError
from sim.formats import ed269, ed318
from sim.formats.records import Zone
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle
from sim.geometry.volume import Volume
from sim.units import Position
from tests.formats.shared import shared_data
from tests.strategies import footprints

if TYPE_CHECKING:
    from sim.formats.records import Problem

_PREFIX, _BASE = "eurocontrol_", "file:///"  # they refer to each other by names without it
NEW_YEAR = 1_735_689_600.0
EXAMPLES = ("Collection", "GeoZone_2_Layers", "GeoZone_Circle", "GeoZone_with_extension")


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    schemas = {
        path.name.removeprefix(_PREFIX): json.loads(path.read_text("utf-8-sig"))
        for path in shared_data("ed318").glob(f"{_PREFIX}Schema_*.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (_BASE + name, DRAFT7.create_resource(schema)) for name, schema in schemas.items()
    )
    whole = {"$ref": _BASE + "Schema_GeoZones.json"}
    return Draft7Validator(whole, registry=registry)


def faults(official: Draft7Validator, document: Any) -> list[str]:
    return [f"{one.json_path}: {one.message[:200]}" for one in official.iter_errors(document)]


def written(zones: list[Zone | Problem]) -> Any:
    return json.loads(ed318.write([one for one in zones if isinstance(one, Zone)]))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_schema_accepts_its_own_examples(official: Draft7Validator, name: str) -> None:
    path = shared_data("ed318") / f"{_PREFIX}Example_{name}.json"
    assert faults(official, json.loads(path.read_text("utf-8-sig"))) == []


def test_the_schema_refuses_what_is_no_zone(official: Draft7Validator) -> None:
    assert faults(official, {"type": "FeatureCollection", "features": [{"type": "Feature"}]})


def test_every_real_file_is_written_as_the_schema_has_it(official: Draft7Validator) -> None:
    files = [
        *((ed269.zones, path) for path in sorted(shared_data("ed269").glob("*.json"))),
        *((ed318.zones, path) for path in sorted(shared_data("ed318").glob("*_Example_*.json"))),
        *((ed318.zones, path) for path in sorted(shared_data("ed318").glob("[!e]*.json"))),
    ]
    for read, path in files:
        found = read(path.read_bytes(), between=(NEW_YEAR, NEW_YEAR + 7 * 86_400.0))
        assert faults(official, written(found)) == [], path.name


limits = st.sampled_from([Reference.AGL, Reference.MSL, Reference.W84]).map(
    lambda reference: Limit(reference, 1000.0)
)
windows = st.sampled_from([(-inf, inf), (NEW_YEAR, NEW_YEAR + 60.5), (-inf, 0.0), (0.0, inf)])
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
attributes = st.dictionaries(
    st.one_of(words, st.sampled_from(["name", "reason", "message", "zoneAuthority", "dataSource"])),
    st.one_of(words, st.sampled_from(['[{"name": "CAA"}]', "[]", "{}", "1", "NOISE, odd"])),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(
    footprints(size=5_000.0),
    limits,
    windows,
    st.one_of(words, st.sampled_from(["PROHIBITED", "REQ_AUTHORISATION", ""])),
    words,
    attributes,
)
def test_whatever_is_written_is_as_the_schema_has_it(
    official: Draft7Validator,
    footprint: Any,
    upper: Limit,
    window: tuple[float, float],
    kind: str,
    name: str,
    said: dict[str, str],
) -> None:
    band = Band(Limit(Reference.SFC, 0.0), upper)
    layers = (
        Volume(footprint, band, window),
        Volume(Circle(Position(8, 47), 500.0), Band(upper, Limit(Reference.UNL, inf)), window),
        Volume(Circle(Position(9, 47), 500.0), band, (0.0, 60.0)),
    )
    try:
        document = written([Zone(name or "z", name, layers, kind, said)])
    except GeometryError as error:
        if "a hole goes" not in str(error):  # round a pole, or over one
            raise
        return
    assert faults(official, document) == []
