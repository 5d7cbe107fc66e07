"""The folder that a run leaves behind: scenario, journal, report, metrics, manifest."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.findings.overlaps import plan_overlaps
from sim.findings.run import run_plan
from sim.model.version import versions
from sim.report import records
from sim.scenario import writer
from sim.scenario.sidefiles import is_kept, packed
from sim.sweeps.claim import claim_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.findings.run import Run
    from sim.scenario.schema import Scenario
    from sim.scenario.sidefiles import Packed
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

SCHEMA = "keepout-manifest/1"
MANIFEST, SCENARIO, JOURNAL = "manifest.json", "scenario.yaml", "journal.jsonl"
_FILES = (SCENARIO, JOURNAL, "report.json", "metrics.parquet", MANIFEST)
_STAGED = re.compile(
    rf"\.(?:{'|'.join(map(re.escape, _FILES))}|side-.+)\.[0-9]+"
)  # and the process


def claim(path: str | Path) -> Path:
    """Make sure that a run may be written to a folder, which is made if need be.

    Raises
    ------
    InputError
        If the folder holds anything but the files of an earlier run, or is a file.
    OutputError
        If it cannot be made or read.
    """
    folder = Path(path)
    claim_folder(folder, "run", _strange)
    return folder


def holds_run(folder: Path) -> bool:
    """Tell whether a folder that was claimed has an earlier run in it, whole or not."""
    return any(folder.iterdir())


def was_cut_short(folder: Path) -> bool:
    """Tell whether a folder without a manifest has what a run leaves that is killed."""
    names = {path.name for path in folder.iterdir()}
    return not names.isdisjoint(_FILES) or any(map(_STAGED.fullmatch, names))


def _strange(folder: Path) -> str | None:
    """Give something that a folder holds and no run has left there; None if there is nothing.

    A scenario of one's own may be called as a run's is, so its manifest has to be there,
    be it the one that a killed run had not yet put in its place.
    """
    names = sorted(path.name for path in folder.iterdir())
    ours = [name for name in names if _is_of_run(name) and (folder / name).is_file()]
    staged = [name for name in names if _STAGED.fullmatch(name)]
    if other := [name for name in names if name not in {*ours, *staged}]:
        return other[0]
    manifests = [name for name in names if MANIFEST in name]
    if not ours or any(_is_manifest(folder / name) for name in manifests):
        return None
    return ours[0]


def _is_of_run(name: str) -> bool:
    return name in _FILES or is_kept(name)


def keep_run(folder: Path, run: Run, command: Sequence[str]) -> None:
    """Write a run to its folder, in place of one that may be there.

    All files are written beside their places before the first is renamed, the
    manifest last: a folder with a manifest is whole, and of one run.

    Raises
    ------
    OutputError
        If anything cannot be written, a full disk, say; an earlier run is still there.
    """
    report = records.dumps(records.run_record(run))
    manifest = _manifest(run, 1, command)
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
    manifest = _manifest(first, len(many), command)
    _keep(folder, many.scenario, first, report=report, rows=many.rows, manifest=manifest)


def _keep(
    folder: Path,
    scenario: Scenario,
    run: Run,
    *,
    report: str,
    rows: Sequence[Mapping[str, float]],
    manifest: Mapping[str, Any],
) -> None:
    sides = packed(scenario.document, scenario.sides.files)
    contents = {
        **sides.contents,
        SCENARIO: writer.dumps_document(sides.document).encode(),
        JOURNAL: run.journal.dumps().encode(),
        "report.json": report.encode(),
        "metrics.parquet": _parquet(rows),
        MANIFEST: (json.dumps({**manifest, **_of_sides(sides)}, indent=2) + "\n").encode(),
    }
    leftovers = [
        path
        for path in folder.iterdir()
        if _STAGED.fullmatch(path.name) or (is_kept(path.name) and path.name not in contents)
    ]
    beside = {name: folder / f".{name}.{os.getpid()}" for name in contents}
    _stage(folder, beside, contents)
    _remove(folder / MANIFEST)  # from here on, what stands there is no whole run
    for name, path in beside.items():
        with _telling(folder / name):
            path.replace(folder / name)
    for path in leftovers:
        _remove(path)


def _of_sides(sides: Packed) -> dict[str, Any]:
    """Say which files the scenario names, and what names them by their content."""
    return {"sides": sides.digests} if sides.digests else {}


def _stage(folder: Path, beside: Mapping[str, Path], contents: Mapping[str, bytes]) -> None:
    """Write files beside their places, all or none, the manifest first: it says whose they are."""
    try:
        for name in reversed([*beside]):
            with _telling(folder / name):
                beside[name].write_bytes(contents[name])
    except BaseException:
        for path in beside.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Say which file it is that cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def _manifest(run: Run, replications: int, command: Sequence[str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "command": list(command),
        "seed": run.seed,
        "replications": replications,
        "journal_replication": run.replication,
        "journal_records": len(run.journal),
        "versions": versions(),
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


def _is_manifest(path: Path) -> bool:
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("schema") == SCHEMA


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be replaced: {error.strerror}") from error
