"""Sweeps of scenarios with files beside them: known by what these hold, wherever they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import sim
from sim.errors import InputError
from sim.formats import tracks
from sim.sweeps.identity import point_key
from sim.sweeps.opening import open_sweep
from sim.sweeps.reader import load_sweep
from sim.sweeps.sweeping import sweep
from tests.beside import ZONES, feature, features, flown
from tests.stories import FLIGHT

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.reader import Study
    from tests.beside import Beside

SWEEP = """keepout-sweep: 1
name: Told when
scenario: story.yaml
factors: {zones.from.at: [+10 min, +80 min], parties.south.response.comply: [0, 1]}
metrics: [violations, uninformed]
replications: 2
"""


def study(beside: Beside) -> Study:
    flights = {"from": {"file": "data/day.csv", "party": "south"}}
    beside.write(zones={"from": {**ZONES, "at": "+30 min"}}, flights=flights)
    path = beside.folder / "sweep.yaml"
    path.write_text(SWEEP)
    return load_sweep(path)


def rows(folder: Path) -> bytes:
    return (folder / "runs.parquet").read_bytes()


def test_workers_see_the_files_and_the_folder_keeps_them(beside: Beside, tmp_path: Path) -> None:
    given = study(beside)
    alone = sweep(given, tmp_path / "alone", workers=1)
    sweep(given, tmp_path / "many", workers=2)
    assert rows(tmp_path / "alone") == rows(tmp_path / "many")
    assert alone.to_frame().groupby("point")["violations"].max().max() == 2
    for path in (beside.folder / "data").iterdir():
        path.unlink()
    found = open_sweep(tmp_path / "alone")
    assert [*found.study.scenario.flights] == ["walk", "run"]
    assert len(found.study.scenario.sides.zones) == 1


def test_a_point_is_known_by_what_its_files_hold(beside: Beside) -> None:
    def key() -> str:
        scenario = beside.read(zones={"from": ZONES}, flights={"walk": FLIGHT})
        return point_key(scenario.document, {}, scenario.sides.files)

    first = key()
    beside.put("zones.geojson", features(feature(), feature("other")))
    assert key() != first
    beside.put("zones.geojson", features(feature()))
    assert key() == first


def test_a_sweep_is_not_gone_on_with_when_a_file_has_changed(
    beside: Beside, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    sweep(study(beside), out, workers=1)
    before = rows(out)
    beside.put("day.csv", tracks.write_csv(flown("walk")))
    with pytest.raises(InputError, match="of another scenario, or of this one before"):
        sweep(study(beside), out, workers=1, resume=True)
    assert rows(out) == before
    assert sim.open_sweep(out).study.scenario.flights.keys() == {"walk", "run"}
