"""A sweep's folder: nothing half-written, nothing of others touched, nothing lost."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from sim.errors import InputError, OutputError
from sim.model.version import MODEL_VERSION
from sim.sweeps import folder as folders
from sim.sweeps import identity, store
from sim.sweeps.finishing import read_index
from sim.sweeps.identity import manifest_of
from sim.sweeps.store import Store
from sim.sweeps.sweeping import sweep
from sim.sweeps.work import Rows
from tests.sweeps.studies import METRICS, leads, study, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.reader import Study

KEY = "0123456789abcdef"


def opened(path: Path, *, resume: bool = False) -> Any:
    return Store.open(path, manifest_of(study(), ()), resume=resume)


def rows(*replications: int, value: float = 1.0, error: str | None = None) -> Rows:
    values = np.full((len(replications), len(METRICS)), value)
    errors = {} if error is None else dict.fromkeys(replications, error)
    return Rows(KEY, replications, values, errors)


def contents(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small sweep, in several parts."""
    path = tmp_path_factory.mktemp("finished") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FLUSH_ROWS", 10)
        sweep(study(), path, workers=1)
    return path


def copied(finished: Path, tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    for name, data in contents(finished).items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_rows_are_kept_until_there_are_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FLUSH_ROWS", 5)
    with opened(tmp_path) as kept:
        kept.add(rows(0, 1, 2))
        assert kept.parts == ()
        kept.add(rows(3, 4))
        assert [part.rows for part in kept.parts] == [5]
        kept.add(rows(5))
    assert [part.rows for part in kept.parts] == [5, 1]


def test_rows_are_kept_no_longer_than_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(store, "monotonic", lambda: now)
    with opened(tmp_path) as kept:
        kept.add(rows(0))
        now += store.FLUSH_S - 0.1
        kept.flush_if_due()
        assert kept.parts == ()
        now += 0.2
        kept.flush_if_due()
        assert len(kept.parts) == 1


def test_undefined_is_told_from_failed(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.add(rows(0, value=np.nan))
        kept.add(rows(1, error="ModelError: no"))
        kept.flush()
        table = kept.read(kept.parts[0])
    assert table["violations"].is_valid().to_pylist() == [True, False]
    assert table["status"].to_pylist() == ["done", "failed"]
    assert table["error"].to_pylist() == [None, "ModelError: no"]


def test_the_later_row_of_a_run_holds(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        for value in (1.0, 2.0):
            kept.add(rows(0, 2, value=value))
            kept.flush()
        kept.add(rows(1, value=3.0))
        kept.flush()
        index = read_index(kept, ["another", KEY], "violations")
    assert index.replication.tolist() == [0, 1, 2]
    assert index.value is not None
    assert index.value.tolist() == [2.0, 3.0, 2.0]
    assert index.bounds == {"another": slice(0, 0), KEY: slice(0, 3)}


def test_what_ends_a_sweep_does_not_lose_rows(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), opened(tmp_path) as kept:
        kept.add(rows(0)) or 1 / 0
    with opened(tmp_path, resume=True) as kept:
        assert [part.rows for part in kept.parts] == [1]


def test_only_one_process_writes(tmp_path: Path) -> None:
    refused = pytest.raises(InputError, match="another process is writing to it; wait")
    with opened(tmp_path), refused, opened(tmp_path, resume=True):
        pass
    with opened(tmp_path, resume=True):
        pass
    assert not (tmp_path / ".lock").exists()


def test_a_sweep_is_not_begun_anew(finished: Path) -> None:
    before = contents(finished)
    with pytest.raises(InputError, match="holds a sweep already; go on with it by --resume"):
        sweep(study(), finished)
    assert contents(finished) == before


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (study(name="Another"), 'holds another sweep, "Tiny", not "Another"'),
        (study(seed=3), 'holds a sweep of seed "0", not "3"'),
        (study(metrics=[*METRICS[:2]]), "holds a sweep that keeps other metrics: violations, p_un"),
        (
            study(leads("5 min")),
            "holds a sweep of other factors: channels.line.answer.probability, ",
        ),
        (
            replace(study(), scenario=tiny(end="+5 h")),
            "holds a sweep of another scenario, or of this one before it was changed",
        ),
    ],
)
def test_another_sweep_is_not_gone_on_with(finished: Path, other: Study, said: str) -> None:
    before = contents(finished)
    with pytest.raises(InputError, match="choose another folder") as caught:
        sweep(other, finished, resume=True)
    assert f"{finished}: {said}" in str(caught.value)
    assert contents(finished) == before


def test_rows_of_another_model_are_not_gone_on_with(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "MODEL_VERSION", 99)
    with pytest.raises(InputError, match=f'holds rows of version "{MODEL_VERSION}" of the model'):
        sweep(study(), finished, resume=True)


@pytest.mark.parametrize("name", ["notes.txt", "parts/notes.txt", "old/runs.parquet"])
@pytest.mark.parametrize("resume", [False, True])
def test_strange_files_are_left_alone(
    finished: Path, tmp_path: Path, name: str, *, resume: bool
) -> None:
    path = copied(finished, tmp_path)
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_text("mine")
    before = contents(path)
    with pytest.raises(InputError, match="not of a sweep of keepout; choose a new or an empty"):
        sweep(study(), path, resume=resume)
    assert contents(path) == before


@pytest.mark.parametrize("manifest", [None, "{", '{"schema": "keepout-manifest/1"}'])
def test_parts_and_tables_of_nobody_knows_what_are_left_alone(
    finished: Path, tmp_path: Path, manifest: str | None
) -> None:
    path = copied(finished, tmp_path)
    (path / "manifest.json").unlink()
    if manifest is not None:
        (path / "manifest.json").write_text(manifest)
    before = contents(path)
    with pytest.raises(InputError, match="which is not of a sweep of keepout"):
        sweep(study(), path, resume=True)
    assert contents(path) == before


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="a file is in the way"):
        sweep(study(), tmp_path / "out")


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    return data[:40] + bytes([data[40] ^ 1]) + data[41:]


def emptied(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [cut_short, flipped, emptied])
def test_a_damaged_part_is_named_and_run_again(finished: Path, tmp_path: Path, damage: Any) -> None:
    path = copied(finished, tmp_path)
    part = sorted((path / "parts").glob("*-*.parquet"))[1]
    lost = parquet.read_metadata(part).num_rows
    part.write_bytes(damage(part.read_bytes()))
    told: list[Any] = []
    result = sweep(study(), path, workers=1, resume=True, progress=told.append)
    assert result.damaged == (part.name,) == told[-1].damaged
    assert told[-1].done == lost
    assert (path / "runs.parquet").read_bytes() == (finished / "runs.parquet").read_bytes()


def test_what_was_left_half_written_is_taken_away(finished: Path, tmp_path: Path) -> None:
    path = copied(finished, tmp_path)
    left = [path / ".runs.parquet.17.part", path / "parts" / ".000009-aa.parquet.17.part"]
    for file in left:
        file.write_bytes(b"half")
    sweep(study(), path, workers=1, resume=True)
    assert not [file for file in left if file.exists()]
    assert (path / "runs.parquet").read_bytes() == (finished / "runs.parquet").read_bytes()


@pytest.mark.parametrize("spared", [0, 1, 2, 5])
def test_a_full_disk_can_be_resumed(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spared: int
) -> None:
    synced = 0

    def sync(path: Path) -> None:
        nonlocal synced
        synced += not path.is_dir()
        if synced > spared:
            raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(store, "FLUSH_ROWS", 10)
        patch.setattr(folders, "_sync", sync)
        with pytest.raises(OutputError, match="No space left on device; make room and run it"):
            sweep(study(), out, workers=1)
    assert not [name for name in contents(out) if name.endswith(".part")]
    told: list[Any] = []
    sweep(study(), out, workers=1, resume=True, progress=told.append)
    assert (out / "runs.parquet").read_bytes() == (finished / "runs.parquet").read_bytes()
    assert told[-1].reused + told[-1].done == 80
    assert bool(told[-1].reused) == (spared > 2)


def test_the_manifest_says_what_the_folder_holds(finished: Path) -> None:
    manifest = json.loads((finished / "manifest.json").read_text())
    assert manifest["schema"] == "keepout-sweep/1"
    assert (manifest["seed"], manifest["model_version"]) == (0, MODEL_VERSION)
    assert manifest["scenario"] == tiny().document
    assert manifest["points"][1]["values"] == {"lead": "5 min", "answered": "0.95"}
    assert {"keepout", "python", "numpy", "pyarrow"} <= {*manifest["versions"]}


def test_how_long_it_took_stands_beside(finished: Path) -> None:
    assert not [
        name
        for name in parquet.read_schema(finished / "runs.parquet").names
        if "_s" in name[-2:] and name not in METRICS
    ]
    times = parquet.read_table(finished / "timings.parquet").to_pandas()
    assert times["runs"].sum() == 80
    assert (times["ran_s"] > 0).all()
    assert times[["point", "replication"]].apply(tuple, axis=1).is_monotonic_increasing
