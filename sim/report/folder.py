"""The folder that a run leaves behind: scenario, journal, report, metrics, manifest."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, OutputError
from sim.findings.overlaps import plan_overlaps
from sim.findings.run import run_plan
from sim.report import records
from sim.scenario import writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.findings.run import Run
    from sim.scenario.schema import Scenario
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

SCHEMA = "keepout-manifest/1"
MANIFEST = "manifest.json"

_LIBRARIES = ("numpy", "scipy", "simpy", "shapely", "pyproj", "pydantic", "PyYAML", "pyarrow")


def claim(path: str | Path) -> Path:
    """Make sure that a run may be written to a folder, which is made if need be.

    Raises
    ------
    InputError
        If the folder holds anything but an earlier run, or is a file.
    OutputError
        If it cannot be made or read.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = any(folder.iterdir()) and not _is_run(folder)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{folder}: a file is in the way of the folder") from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made a run's folder: {error.strerror}") from error
    if strange:
        raise InputError(
            f"{folder}: holds other things than a finished run",
            hint="choose a new or an empty folder",
        )
    return folder


def keep_run(folder: Path, run: Run, command: Sequence[str]) -> None:
    """Write a run to its folder.

    Each file is written beside its place and renamed, the manifest last, so
    that a folder with a manifest is whole.

    Raises
    ------
    OutputError
        If anything cannot be written: a full disk, say.
    """
    report = records.dumps(records.run_record(run))
    manifest = _manifest(run.seed, 1, command)
    _keep(folder, run.scenario, run, report=report, rows=[run.metrics], manifest=manifest)


def keep_why(folder: Path, why: Why, command: Sequence[str]) -> None:
    """Write many replications to their folder, with what each link would have prevented.

    Raises
    ------
    OutputError
        If anything cannot be written.
    """
    overlaps = plan_overlaps(why.replications.plan)
    report = records.dumps(records.why_record(why, overlaps))
    _keep_many(folder, why.replications, report, command)


def keep_replications(folder: Path, many: Replications, command: Sequence[str]) -> None:
    """Write many replications to their folder, with the journal of the first.

    Raises
    ------
    OutputError
        If anything cannot be written.
    """
    report = records.dumps(records.replications_record(many, plan_overlaps(many.plan)))
    _keep_many(folder, many, report, command)


def _keep_many(folder: Path, many: Replications, report: str, command: Sequence[str]) -> None:
    first = run_plan(many.plan, many.seed, 0)
    manifest = _manifest(many.seed, len(many), command)
    _keep(folder, many.scenario, first, report=report, rows=many.rows, manifest=manifest)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written; what was there before is still there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _keep(
    folder: Path,
    scenario: Scenario,
    run: Run,
    *,
    report: str,
    rows: Sequence[Mapping[str, float]],
    manifest: Mapping[str, Any],
) -> None:
    _remove(folder / MANIFEST)  # from here on, what stands there is no whole run
    write_whole(folder / "scenario.yaml", writer.dumps(scenario).encode())
    write_whole(folder / "journal.jsonl", run.journal.dumps().encode())
    write_whole(folder / "report.json", report.encode())
    write_whole(folder / "metrics.parquet", _parquet(rows))
    write_whole(folder / MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())


def _manifest(seed: int, replications: int, command: Sequence[str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "command": list(command),
        "seed": seed,
        "replications": replications,
        "journal_replication": 0,
        "versions": {
            "keepout": version("keepout"),
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _parquet(rows: Sequence[Mapping[str, float]]) -> bytes:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import
    from pyarrow import parquet  # noqa: PLC0415

    columns: dict[str, Any] = {"replication": pa.array(range(len(rows)), pa.int64())}
    for name in rows[0]:
        columns[name] = pa.array([float(row[name]) for row in rows], pa.float64())
    buffer = BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def _is_run(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("schema") == SCHEMA


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be replaced: {error.strerror}") from error
