"""A run's folder, opened again: the same findings of plan and journal alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.errors import InputError, JournalError
from sim.report.folder import claim, keep_replications, keep_run
from sim.report.records import dumps, run_record

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = sim.run(sim.load(SCENARIOS / "northwest_syria_2022.yaml"), 7)
    keep_run(claim(tmp_path / "kept"), run, [])
    return tmp_path / "kept"


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_report_of_an_opened_run_is_the_same_text(path: Path, tmp_path: Path) -> None:
    run = sim.run(sim.load(path), 3)
    keep_run(claim(tmp_path / "kept"), run, [])
    opened = sim.open_run(tmp_path / "kept")
    assert dumps(run_record(opened)) == dumps(run_record(run))
    assert (opened.seed, opened.replication) == (3, 0)


def test_many_replications_open_as_the_first(tmp_path: Path) -> None:
    scenario = sim.load(SCENARIOS / "northwest_syria_2022.yaml")
    keep_replications(claim(tmp_path / "kept"), sim.replicate(scenario, 3, 7), [])
    assert sim.open_run(tmp_path / "kept").violations == sim.run(scenario, 7).violations


def test_a_folder_without_a_whole_run_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        sim.open_run(tmp_path / "nowhere")
    (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match="no run that came to its end is kept here"):
        sim.open_run(folder)


def test_a_damaged_journal_is_told_with_its_line(folder: Path) -> None:
    journal = folder / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines()
    journal.write_text("\n".join([*lines[:4], lines[4][:20], *lines[5:]]), "utf-8")
    with pytest.raises(JournalError, match=r"journal\.jsonl: line 5: no JSON"):
        sim.open_run(folder)
    journal.unlink()
    with pytest.raises(JournalError, match=r"journal\.jsonl: No such file"):
        sim.open_run(folder)
