"""Files of whichever format: what one cannot say is told, and the rest goes on."""

from __future__ import annotations

import csv
from dataclasses import replace
from math import inf

import pytest

from sim.errors import FormatError
from sim.formats import notam, openair, reading, writing
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.formats.writing import FORMATS, Chart, write
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position

NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z
SFC, UNL = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
DISC = Circle(Position(7, 46), 5_000)
AIRWAY = Corridor((Position(7, 46), Position(8, 46)), 2_000)
HOLED = Polygon(
    (Position(7, 46), Position(8, 46), Position(8, 47), Position(7, 47)),
    ((Position(7.4, 46.4), Position(7.6, 46.4), Position(7.5, 46.6)),),
)
FLIGHT = FlownTrack("REGA1", "REGA1", "", Track([0, 60], [7, 7.1], [46, 46], [900, 900]))


def zone(id_: str = "z", footprint: Footprint = DISC, lower: Limit = SFC, **said: str) -> Zone:
    volume = Volume(footprint, Band(lower, UNL), (NEW_YEAR, NEW_YEAR + 3600))
    return Zone(id_, id_, (volume,), "PROHIBITED", said)


def told(chart: Chart, form: str) -> list[str]:
    return [str(problem) for problem in write(chart, form, fir="LSAS").problems]


@pytest.mark.parametrize(
    ("form", "footprint", "lower", "reason"),
    [
        ("f3548", HOLED, SFC, "F3548 has no holes"),
        ("f3548", DISC, Limit(Reference.FL, 3048), "FL100 cannot be given above the WGS84"),
        ("openair", DISC, Limit(Reference.W84, 10), "set vertical.geoid"),
        ("ed318", DISC, Limit(Reference.FL, 3048), "set vertical.qnh"),
        ("notam", HOLED, SFC, "a NOTAM has no words for an area with holes; fill them"),
        ("notam", DISC, Limit(Reference.W84, 10), "a NOTAM cannot say"),
    ],
)
def test_a_zone_that_cannot_be_said_is_left_out_and_told(
    form: str, footprint: Footprint, lower: Limit, reason: str
) -> None:
    odd = zone("odd", footprint, lower)
    found = write(Chart(zones=(zone("one"), odd, zone("two", AIRWAY))), form, fir="LSAS")
    problem, *_ = found.problems
    assert str(problem).startswith("zone odd: ")
    assert reason in str(problem)
    assert found.text == write(Chart(zones=(zone("one"), zone("two", AIRWAY))), form, fir="LSAS")[0]
    with pytest.raises(FormatError, match=f"there is nothing to write as {form}: zone odd: "):
        write(Chart(zones=(odd,)), form, fir="LSAS")


def test_what_a_format_has_not_is_told() -> None:
    chart = Chart(zones=(zone(),), tracks=(FLIGHT, Problem("flight late", "it never took off")))
    assert told(chart, "csv") == [
        "zones: csv has none: 1 left out",
        "flight late: it never took off",
    ]
    for form in ("f3548", "ed318", "geojson", "openair", "notam"):
        assert told(chart, form)[0] == f"flights: {form} has none: 1 left out"
    for form in ("kml", "czml"):
        assert told(chart, form)[0] == "flight late: it never took off"


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_taken_for_what_it_is(form: str) -> None:
    text = write(Chart(zones=(zone(),), tracks=(FLIGHT,)), form, fir="LSAS").text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    if form == "kml":
        assert text.startswith("<?xml")
    elif form != "czml":
        assert reading.guess(text.encode()) == {"csv": "tracks"}.get(form, form)


@pytest.mark.parametrize("name", ["zoneAuthority", "limitedApplicability", "uomDimensions"])
def test_what_its_source_called_things_does_not_make_geojson_another_format(name: str) -> None:
    named = replace(zone("one"), attributes={name: "[]"})
    text = write(Chart(zones=(named,)), "geojson").text
    assert f'"{name}"' in text
    assert reading.guess(text.encode()) == "geojson"


@pytest.mark.parametrize("form", FORMATS)
def test_half_a_surrogate_pair_can_be_saved(form: str) -> None:  # JSON's escapes may hold it
    odd = replace(zone("a\ud800", note="\udfff"), name="b\ud800")
    made = write(Chart(name="c\ud800", zones=(odd,), tracks=(FLIGHT,)), form, fir="LSAS")
    assert made.text.encode()
    if form == "geojson":
        (back,) = reading.read(made.text.encode()).found
        assert isinstance(back, Zone)
        assert (back.id, back.name, back.attributes["note"]) == (odd.id, odd.name, "\udfff")


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_nothing_to_write(form: str) -> None:
    with pytest.raises(FormatError, match=f"there is nothing to write as {form}$"):
        write(Chart(), form, fir="LSAS")


def test_a_notam_replaces_another_as_its_zone_does() -> None:
    first = zone("area", created="2024-12-31T20:00:00Z")
    second = zone("area-v2", AIRWAY, replaces="area", created="2024-12-31T22:00:00Z")
    text = write(Chart(zones=(first, zone("other"), second)), "notam", fir="lsas").text
    kinds = [(one.number, one.kind, one.refers_to) for one in notam.parse_many(text)]  # type: ignore[union-attr]
    assert kinds == [(1, "N", None), (2, "N", None), (3, "R", "A0001/24")]
    created = [one.attributes.get("created") for one in notam.zones(text) if isinstance(one, Zone)]
    assert "2024-12-31T22:00:00Z" in created
    assert None in created


@pytest.mark.parametrize(
    ("created", "year", "line"),
    [
        ("2025-01-01T00:30:00+02:00", "24", "CREATED: 31 Dec 2024 22:30:00"),  # in UTC
        ("2024-12-31T20:00:00Z", "24", "CREATED: 31 Dec 2024 20:00:00"),
        ("2024-12-31", "25", ""),
        ("yesterday", "25", ""),
        ("9999-01-01T00:00:00Z", "25", ""),
    ],
)
def test_a_notam_is_of_the_year_of_its_issue(created: str, year: str, line: str) -> None:
    text = write(Chart(zones=(zone(created=created),)), "notam", fir="LSAS").text
    assert text.startswith(f"(A0001/{year} NOTAMN\n")
    assert text.partition("UNL)\n")[2].strip() == line


@pytest.mark.parametrize("form", ["f3548", "ed318", "geojson", "openair", "notam"])
@pytest.mark.parametrize("end", [1e12, 1e300])
def test_a_window_beyond_the_calendar_is_told(form: str, end: float) -> None:
    with pytest.raises(FormatError, match=r"there is nothing to write as .*: zone far: "):
        write(Chart(zones=(until(end),)), form, fir="LSAS")


def until(end: float) -> Zone:
    return Zone("far", "far", (Volume(DISC, Band(SFC, UNL), (NEW_YEAR, end)),))


def test_notams_go_on_in_the_next_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notam, "MOST_OF_SERIES", 2)
    chart = Chart(zones=tuple(zone(f"z{at}") for at in range(5)))
    found = notam.parse_many(write(chart, "notam", fir="LSAS").text)
    named = [(one.series, one.number) for one in found if not isinstance(one, Problem)]
    assert named == [("A", 1), ("A", 2), ("B", 1), ("B", 2), ("C", 1)]
    with pytest.raises(FormatError, match="no more than 26 series"):
        write(Chart(zones=tuple(zone(f"z{at}") for at in range(53))), "notam", fir="LSAS")


def test_a_notam_replaces_none_that_could_not_be_said() -> None:
    chart = Chart(zones=(zone("area", HOLED), zone("area-v2", replaces="area")))
    assert "A0001/25 NOTAMN" in write(chart, "notam", fir="LSAS").text


@pytest.mark.parametrize("fir", ["", "EDG", "ED1G", "ÄDGG"])
def test_a_notam_needs_its_region(fir: str) -> None:
    with pytest.raises(FormatError, match="flight information region; name it: --fir"):
        write(Chart(zones=(zone(),)), "notam", fir=fir)


def test_a_format_of_another_name_is_refused() -> None:
    with pytest.raises(FormatError, match=r"'kmz' is no format.*did you mean"):
        write(Chart(zones=(zone(),)), "kmz")


def test_settings_bring_altitudes_to_where_a_format_knows_them() -> None:
    chart = Chart(zones=(zone(lower=Limit(Reference.W84, 140.0)),), vertical=Vertical(geoid_m=40.0))
    (back,) = openair.zones(write(chart, "openair").text)
    assert isinstance(back, Zone)
    assert back.volumes[0].band.lower.metres == pytest.approx(100.0, abs=1e-3)
    assert back.volumes[0].band.lower.reference is Reference.MSL


def test_the_table_has_every_format_that_is_named() -> None:
    assert {"notam", *writing._FORMATS} == set(FORMATS)
    rows = list(csv.reader(write(Chart(tracks=(FLIGHT,)), "csv").text.splitlines()))
    assert len(rows) == 3
