"""A finished sweep opened again: it says what it said, and nothing else is taken for one."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

import sim
from sim.errors import InputError, OutputError
from sim.scenario.writer import dumps
from sim.sweeps import work
from sim.sweeps.opening import open_sweep
from sim.sweeps.reader import loads_sweep
from sim.sweeps.sweeping import sweep
from tests.sweeps.studies import ANSWERED, LEAD, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.reader import Study

WAIT = "channels.line.answer.wait"
HEAD = "keepout-sweep: 1\nname: Tiny\nscenario: tiny.yaml\nmetrics: [violations, latency_p50_s]\n"
FACTORS = f"factors:\n  {LEAD}: {{name: lead, from: 5 min, to: 20 min, steps: 2}}\n"
TIED = FACTORS + f"  {ANSWERED}: [0.6, 0.95]\n  {WAIT}: {{tied: lead, times: 0.1}}\n"
PRECISE = (
    "replications: {until: {metric: latency_p50_s, half-width: 10000}, min: 4, max: 12, batch: 4}\n"
)
DESIGNS = {
    "grid": f"{TIED}replications: 3\npareto: [violations, latency_p50_s]\n",
    "precise": FACTORS + PRECISE,
    "saltelli": f"{FACTORS}replications: 2\ndesign: {{saltelli: {{points: 4}}}}\n",
    "morris": f"{FACTORS}replications: 2\ndesign: {{morris: {{trajectories: 2}}}}\n",
    "laws": f"factors: {{{WAIT}: [1 min, {{uniform: {{min: 1 min, max: 2 min}}}}]}}\n"
    "replications: 2\nset: {end: +5 h}\n",
    "table": "replications: 2\ndesign: {csv: points.csv}\n",
    "no replication of one": f"{FACTORS}replications: 1\n",
}


def read(folder: Path, text: str) -> Study:
    folder.mkdir(exist_ok=True)
    (folder / "tiny.yaml").write_text(dumps(tiny()), "utf-8")
    (folder / "points.csv").write_text(f"{ANSWERED},{LEAD}\n0.9,5 min\n0.8,8 min\n", "utf-8")
    return loads_sweep(HEAD + text, "tiny-sweep.yaml", folder)


@pytest.mark.parametrize("design", DESIGNS)
def test_it_says_what_it_said_when_nothing_but_its_folder_is_left(
    design: str, tmp_path: Path
) -> None:
    ran = sweep(read(tmp_path / "files", DESIGNS[design]), tmp_path / "out", workers=1)
    shutil.rmtree(tmp_path / "files")
    found = open_sweep(tmp_path / "out")
    assert found.study.points == ran.study.points
    assert [point.numbers for point in found.study.points] == [
        pytest.approx(point.numbers, nan_ok=True) for point in ran.study.points
    ]
    assert (found.study.sweep, found.study.labels) == (ran.study.sweep, ran.study.labels)
    assert found.study.scenario == ran.study.scenario
    assert (found.folder, found.metrics, found.seed) == (ran.folder, ran.metrics, ran.seed)
    assert (found.done, found.failed, found.damaged) == (ran.done, ran.failed, ())
    assert repr(found.answers.estimates) == repr(ran.answers.estimates)  # by repr nan is nan
    for what in ("pareto", "sobol", "morris", "free", "key_metrics"):
        assert repr(getattr(found.answers, what)) == repr(getattr(ran.answers, what))


def test_failed_runs_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_plan: Any, _seed: int, replication: int) -> Any:
        raise ArithmeticError(replication)

    monkeypatch.setattr(work, "run_plan", fails)
    sweep(read(tmp_path / "files", DESIGNS["grid"]), tmp_path / "out", workers=1)
    found = open_sweep(tmp_path / "out")
    assert (found.done, found.failed) == (0, 12)


def finished(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    sweep(read(tmp_path / "files", DESIGNS["precise"]), folder, workers=1)
    return folder


def test_one_that_was_stopped_is_not_taken_for_finished(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    (folder / "runs.parquet").unlink()
    with pytest.raises(InputError, match=rf"not finished; .*--out {folder} --resume"):
        open_sweep(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match="not finished"):
        open_sweep(folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("half-width: 10000", "half-width: 60"),
        ("min: 4", "min: 8"),
        (PRECISE, "replications: 20\n"),
        ("to: 20 min", "to: 30 min"),
        ("steps: 2", "steps: 3"),
    ],
)
def test_the_table_of_before_is_not_taken_for_what_was_asked_since(
    before: str, after: str, tmp_path: Path
) -> None:
    # As a resumed sweep that was killed leaves it: a new manifest, and the table of the old one.
    folder = finished(tmp_path)
    assert before in DESIGNS["precise"]
    other = read(tmp_path / "files", DESIGNS["precise"].replace(before, after))
    sweep(other, tmp_path / "other", workers=1)
    shutil.copy(tmp_path / "other" / "manifest.json", folder)
    with pytest.raises(InputError, match="not finished"):
        open_sweep(folder)
    shutil.copy(tmp_path / "other" / "runs.parquet", folder)
    assert open_sweep(folder).done == open_sweep(tmp_path / "other").done


def test_what_is_no_sweep_is_refused_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.yaml").write_text("keepout-sweep: 1")
    for name, said in {
        "nowhere": "there is no such folder",
        "file.yaml": "is a file, .* keepout sweep FILE --out DIR makes one",
        "file.yaml/within": "there is no such folder",
        "empty": 'holds no sweep: there is no "manifest.json" in it; keepout sweep FILE --out DIR',
    }.items():
        with pytest.raises(InputError, match=said):
            open_sweep(tmp_path / name)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ('{"schema": "keepout-manifest/1"}', "holds a run, not a sweep; sim.open_run opens it"),
        ('{"schema": "another/1"}', 'its "manifest.json" is not of a sweep of keepout'),
        ("[]", "is not of a sweep"),
        ("{", "is not of a sweep"),
        ('{"schema": "keepout-sweep/1"}', "is damaged, or another version of keepout wrote it"),
    ],
)
def test_a_manifest_of_something_else_is_refused(manifest: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match=said):
        open_sweep(tmp_path)


@pytest.mark.parametrize("key", ["sweep", "scenario", "points", "metrics", "seed"])
@pytest.mark.parametrize("value", [None, {"x": 1}, [{"point": "x"}], "x"])
def test_a_damaged_manifest_is_told(key: str, value: Any, tmp_path: Path) -> None:
    folder = finished(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, key: value}))
    with pytest.raises(InputError, match=r"damaged|not finished"):
        open_sweep(folder)


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    table = parquet.read_table(folder / "runs.parquet")
    parquet.write_table(table.drop_columns(["violations"]), folder / "runs.parquet")
    with pytest.raises(InputError, match="not finished"):
        open_sweep(folder)
    (folder / "runs.parquet").write_bytes(b"PAR1")
    with pytest.raises(OutputError, match=r"runs\.parquet: cannot be read"):
        open_sweep(folder)


def test_it_is_public() -> None:
    assert sim.open_sweep is open_sweep
