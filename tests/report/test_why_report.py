"""What each link would have prevented, in every format, and in the run's folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sim.cli import main
from sim.sweeps.links import LINKS

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = """\
keepout: 1
name: Nobody is told
start: 2022-02-02T18:00Z
end: 2022-02-03T00:00Z
parties: {us: {}, civil: {}}
zones:
  area:
    party: us
    area: {circle: {center: 36.3N 36.7E, radius: 26 km}}
    altitude: [SFC, UNL]
    window: {start: +2 h, duration: 3 h}
flights:
  aid-flight:
    party: civil
    route: [36.0N 36.7E, 36.6N 36.7E]
    speed: 210 kt
    altitude: FL100
    departs: +3 h
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "told.yaml"
    path.write_text(SCENARIO, "utf-8")
    return str(path)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["run", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_people_read_a_row_for_each_link(
    file: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, file, "--replications", "3", "--why", "--format", form)
    table = out.partition("perfect link would have prevented")[2].partition("Metrics")[0]
    for link in LINKS:
        (line,) = (line for line in table.splitlines() if link in line.split())
        assert ("100.0%" if link == "addressing" else " 0.0%") in line
    assert max(map(len, table.splitlines())) <= 80 or form == "markdown"


def test_programs_read_intervals(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, file, "--replications", "3", "--why", "--format", "json")
    tree = json.loads(out)
    assert list(tree["links"]) == list(LINKS)
    one = {"mean": 1.0, "low": 1.0, "high": 1.0, "confidence": 0.95, "n": 3}
    assert tree["links"]["addressing"] == {
        "violations": one,
        "uninformed": one,
        "incursions": one | dict.fromkeys(("mean", "low", "high"), 0.0),
        "share": 1.0,
    }
    plain = json.loads(printed(capsys, file, "--replications", "3", "--format", "json"))
    assert {key: value for key, value in tree.items() if key != "links"} == plain


def test_tables_have_a_row_for_each_link(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, file, "--replications", "3", "--why", "--format", "csv")
    head, first, *others = out.splitlines()
    assert head.startswith("link,violations,violations_low,violations_high,uninformed,")
    assert first == "addressing,1.0,1.0,1.0,1.0,1.0,1.0,0.0,0.0,0.0,1.0"
    assert len(others) == len(LINKS) - 1


def test_the_folder_keeps_what_was_printed(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "kept"
    wanted = printed(capsys, file, "--replications", "2", "--why", "--format", "json")
    printed(capsys, file, "--replications", "2", "--why", "--out", str(out))
    assert (out / "report.json").read_text("utf-8") == wanted
    assert (out / "manifest.json").exists()


def test_one_run_is_not_enough(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", file, "--why"]) == 2
    assert "--why needs many replications; add --replications 200" in capsys.readouterr().err
