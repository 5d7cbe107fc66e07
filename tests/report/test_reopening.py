"""A run's folder read again: the same run, or one clear error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.errors import InputError, JournalError, ScenarioError
from sim.findings.run import TABLES
from sim.report import records
from sim.report.faces import run_report
from sim.report.folder import claim, keep_replications, keep_run
from sim.sweeps.runner import replicate
from tests.beside import ZONES
from tests.stories import FLIGHT, ZONE, run_of, scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.findings.run import Run
    from tests.beside import Beside

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Keep a small run."""
    folder = claim(tmp_path / "kept")
    keep_run(folder, run_of(5, zones={"area": ZONE}, flights={"through": FLIGHT}), ["run"])
    return folder


def assert_same(back: Run, run: Run) -> None:
    assert back.scenario == run.scenario
    assert (back.seed, back.replication) == (run.seed, run.replication)
    assert back.journal.records == run.journal.records
    for table in TABLES:
        assert repr(getattr(back, table)) == repr(getattr(run, table))
    assert repr(back.metrics) == repr(run.metrics)
    assert records.dumps(records.run_record(back)) == records.dumps(records.run_record(run))
    assert run_report(back, "text") == run_report(run, "text")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_what_was_kept_is_what_is_opened(path: Path, tmp_path: Path) -> None:
    run = sim.run(sim.load(path), seed=7)
    keep_run(claim(tmp_path), run, [])
    assert_same(sim.open_run(tmp_path), run)


def test_a_folder_of_many_gives_the_first(tmp_path: Path) -> None:
    story = scenario(zones={"area": ZONE}, flights={"through": FLIGHT})
    keep_replications(claim(tmp_path), replicate(story, 3, seed=2), [])
    assert_same(sim.open_run(str(tmp_path)), sim.run(story, seed=2))


def test_a_folder_may_be_kept_again(folder: Path, tmp_path: Path) -> None:
    again = claim(tmp_path / "again")
    keep_run(again, sim.open_run(folder), ["run"])
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
def of_files(beside: Beside) -> Run:
    """A run whose zones and flights are of files, which are gone."""
    flights = {"from": {"file": "data/day.parquet", "party": "south"}}
    run = sim.run(beside.read(zones={"from": ZONES}, flights=flights), seed=5)
    for path in (beside.folder / "data").iterdir():
        path.unlink()
    return run


def test_a_run_keeps_the_files_of_its_scenario(of_files: Run, tmp_path: Path) -> None:
    folder = claim(tmp_path / "kept")
    keep_run(folder, of_files, [])
    assert {"side-zones.geojson", "side-day.parquet"} < {path.name for path in folder.iterdir()}
    back = sim.open_run(folder)
    assert len(back.violations) == 2
    assert back.journal.dumps() == of_files.journal.dumps()
    assert records.dumps(records.run_record(back)) == records.dumps(records.run_record(of_files))
    assert run_report(back, "text") == run_report(of_files, "text")


def test_kept_files_are_kept_again_and_go_with_the_run(of_files: Run, tmp_path: Path) -> None:
    folder, again = claim(tmp_path / "kept"), claim(tmp_path / "again")
    keep_run(folder, of_files, ["run"])
    keep_run(again, sim.open_run(folder), ["run"])
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()
    keep_run(claim(again), run_of(5, zones={"area": ZONE}), ["run"])
    assert not [path.name for path in again.iterdir() if path.name.startswith("side-")]


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ("zones: []", r"side-zones\.geojson: is not the file that was kept: it was changed"),
        (None, r"side-zones\.geojson: cannot be read: No such file or directory"),
    ],
)
def test_a_kept_file_that_is_not_what_it_was_is_refused(
    of_files: Run, tmp_path: Path, spoilt: str | None, message: str
) -> None:
    folder = claim(tmp_path / "kept")
    keep_run(folder, of_files, [])
    side = folder / "side-zones.geojson"
    if spoilt is None:
        side.unlink()
    else:
        side.write_text(spoilt)
    with pytest.raises(InputError, match=message):
        sim.open_run(folder)


def spoil(folder: Path, name: str, change: Callable[[str], str]) -> None:
    path = folder / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def last_line(change: Callable[[dict[str, Any]], Any]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        *lines, last = text.splitlines()
        record = json.loads(last)
        change(record)
        return "\n".join([*lines, json.dumps(record)]) + "\n"

    return changed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("journal/1", "journal/9"), r"line 1: journal of schema"),
        (lambda text: text + "half a rec", r"line \d+: no JSON"),
        (lambda text: text[: text.rindex("\n{")], r"records \d+, and manifest.json says \d+"),
        (lambda text: text.replace('"seed":5', '"seed":6'), "seed 6, and manifest.json says 5"),
        (lambda text: text.replace('"horizon_s":21600.0', '"horizon_s":1.0'), "of 1 s, and"),
        (lambda text: text.replace('"area"', '"arena"'), 'the zone "arena", which scenario.yaml'),
        (lambda text: text.replace('"through"', '"over"'), 'the flight "over", which'),
        (lambda text: text.replace('"south"', '"east"'), 'the (party|recipient) "east", which'),
        (last_line(lambda record: record.update(at="noon")), r"line \d+: damaged.*at is 'noon'"),
        (last_line(lambda record: record.update(at=float("nan"))), r"damaged record: at is nan"),
        (last_line(lambda record: record.update(kind="Miracle")), r"line \d+: damaged record"),
        (last_line(lambda record: record.update(track=[])), r"line \d+: damaged record"),
    ],
)
def test_a_journal_that_does_not_fit_is_refused(
    folder: Path, change: Callable[[str], str], message: str
) -> None:
    spoil(folder, "journal.jsonl", change)
    with pytest.raises(JournalError, match=rf"journal\.jsonl: .*{message}"):
        sim.open_run(folder)


def test_a_journal_of_bytes_is_refused(folder: Path) -> None:
    (folder / "journal.jsonl").write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(InputError, match="byte 12 is not UTF-8"):
        sim.open_run(folder)


def test_faults_of_the_scenario_are_told_with_their_place(folder: Path) -> None:
    spoil(folder, "scenario.yaml", lambda text: text.replace("SFC", "SKY"))
    with pytest.raises(ScenarioError, match=r"scenario\.yaml:\d+:\d+ zones\.area\.altitude"):
        sim.open_run(folder)


@pytest.mark.parametrize("name", ["scenario.yaml", "journal.jsonl"])
def test_a_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=rf"{name}: .*cannot be read: No such file"):
        sim.open_run(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "manifest.json: no JSON"),
        ("[]", 'of schema "None"; this keepout reads keepout-manifest/1'),
        ('{"schema": "keepout-manifest/7"}', 'of schema "keepout-manifest/7"'),
        ('{"schema": "keepout-sweep/1"}', "a sweep's folder, which keeps no journals; open it by"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=message):
        sim.open_run(folder)


@pytest.mark.parametrize("left", ["scenario.yaml", ".report.json.123"])
def test_a_run_that_was_killed_is_told_from_no_run(tmp_path: Path, left: str) -> None:
    with pytest.raises(InputError, match=r"no run's folder, as it holds no manifest\.json"):
        sim.open_run(tmp_path)
    (tmp_path / left).touch()
    with pytest.raises(InputError, match="stopped while it was written; run it again"):
        sim.open_run(tmp_path)


def test_what_is_no_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: not there; keep a run by keepout run"):
        sim.open_run(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"report\.json: a file, where a run's folder"):
        sim.open_run(folder / "report.json")
