"""A finished sweep's folder, opened again: its study and its table, as they were."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from sim.errors import InputError, OutputError, quoted
from sim.scenario.attempt import without_ignored
from sim.scenario.reader import build
from sim.scenario.sidefiles import unpacked
from sim.scenario.tree import Source, parse_value
from sim.sweeps.design import Point
from sim.sweeps.factors import Factor
from sim.sweeps.folder import MANIFEST, PARTS, RUNS
from sim.sweeps.identity import SCHEMA
from sim.sweeps.labels import labels_of
from sim.sweeps.planning import rule_of
from sim.sweeps.reader import Study
from sim.sweeps.results import SweepResult
from sim.sweeps.schema import Sweep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from sim.scenario.sidefiles import SideFiles

_RUNS_ARE_OF = "keepout-manifest/"  # what the manifest of a run's folder begins with
_RESUME = "go on with it by keepout sweep FILE --out {folder} --resume"


def open_sweep(folder: str | PathLike[str]) -> SweepResult:
    """Open the folder of a finished sweep again.

    Nothing else is needed: neither the sweep file nor the scenario's, nor a table of points.

    Parameters
    ----------
    folder
        What ``keepout sweep --out`` or :func:`sim.sweep` has written.

    Returns
    -------
    SweepResult
        As :func:`sim.sweep` gave it; places in the sweep file are no longer known.

    Raises
    ------
    InputError
        If the folder holds no sweep, or one that is not finished.
    OutputError
        If a file in it cannot be read.

    Examples
    --------
    >>> result = open_sweep("results/")
    >>> result.answers.recommended
    """
    path = Path(folder)
    manifest = _manifest(path)
    files = unpacked(path, manifest.get("sides"))
    try:
        study = _study(manifest, files)
        metrics, seed = tuple(map(str, manifest["metrics"])), int(manifest["seed"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{path / MANIFEST}: is damaged, or another version of keepout wrote it",
            hint="run the sweep again, to another folder",
        ) from error
    runs, failed = _count(path, study, metrics)
    return SweepResult(path, study, metrics, seed, runs - failed, failed)


def holds_sweep(folder: str | PathLike[str]) -> bool:
    """Tell whether a folder has a sweep in it, finished or not, and not a run."""
    path = Path(folder)
    if (path / PARTS).is_dir():
        return True
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("schema") == SCHEMA


def _manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder says it holds, which is to be a sweep."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise _refusal(folder) from None
    except OSError as error:
        raise OutputError(f"{folder / MANIFEST}: cannot be read: {error.strerror}") from error
    except ValueError:
        manifest = None
    schema = str(manifest.get("schema")) if isinstance(manifest, dict) else ""
    if schema == SCHEMA:
        return manifest  # type: ignore[no-any-return]
    if schema.startswith(_RUNS_ARE_OF):
        raise InputError(f"{folder}: holds a run, not a sweep", hint="sim.open_run opens it")
    raise InputError(f"{folder}: its {quoted(MANIFEST)} is not of a sweep of keepout")


def _refusal(folder: Path) -> InputError:
    """Say why a path without a manifest is no sweep's folder."""
    if folder.is_file():
        return InputError(
            f"{folder}: is a file, where the folder of a finished sweep is expected",
            hint="keepout sweep FILE --out DIR makes one",
        )
    if not folder.is_dir():
        return InputError(f"{folder}: there is no such folder")
    if (folder / PARTS).is_dir():
        return _unfinished(folder)
    return InputError(
        f"{folder}: holds no sweep: there is no {quoted(MANIFEST)} in it",
        hint="keepout sweep FILE --out DIR makes such a folder",
    )


def _unfinished(folder: Path) -> InputError:
    return InputError(
        f"{folder}: holds a sweep that is not finished", hint=_RESUME.format(folder=folder)
    )


def _study(manifest: Mapping[str, Any], files: SideFiles) -> Study:
    """Make the study of what a manifest says, whose points need not be drawn again."""
    document = manifest["sweep"]
    sweep = Sweep.model_validate(without_ignored(document))
    if not sweep.factors:  # those of a table of points, which need not be there any more
        factors = {str(path): Factor() for path in manifest["factors"]}
        sweep = sweep.model_copy(update={"factors": factors})
    labels = labels_of(sweep)
    paths = {label: path for path, label in labels.items()}
    points = tuple(
        Point(
            int(point["point"]),
            {paths[label]: parse_value(text) for label, text in point["values"].items()},
            labels,
        )
        for point in manifest["points"]
    )
    return Study(
        sweep, build(manifest["scenario"], files), points, labels, Source("", document), ()
    )


def _count(folder: Path, study: Study, metrics: tuple[str, ...]) -> tuple[int, int]:
    """Count the runs of a folder's table and those that failed, once it is seen to be whole.

    A sweep that is resumed with other points, or more replications, has the table of
    before in its folder until it is finished.
    """
    rule = rule_of(study.sweep.replications)
    looked_at = [] if rule.metric is None else [rule.metric]
    factors = [*study.points[0].values]
    table = _read(folder, ["point", "status", *looked_at], factors, metrics)
    point = table["point"].to_numpy()
    values = table[rule.metric].to_numpy() if rule.metric else point.astype(np.float64)
    edges = [0, *(np.flatnonzero(np.diff(point)) + 1).tolist(), len(point)]
    blocks = [slice(*ends) for ends in pairwise(edges)] if len(point) else []
    firsts = table.take([block.start for block in blocks]).select(["point", *factors])
    asked = [{"point": one.number, **one.values} for one in study.points]
    if firsts.to_pylist() != asked or not all(rule.is_met(values[block]) for block in blocks):
        raise _unfinished(folder)
    return len(point), int((np.asarray(table["status"]) == "failed").sum())


def _read(
    folder: Path, columns: Sequence[str], factors: Sequence[str], metrics: Sequence[str]
) -> pa.Table:
    """Read columns of a folder's table, which has those of the factors and metrics too."""
    path = folder / RUNS
    try:
        with parquet.ParquetFile(path, read_dictionary=factors) as file:
            if not {*columns, *factors, *metrics} <= {*file.schema_arrow.names}:
                raise _unfinished(folder)
            return file.read([*columns, *factors])
    except FileNotFoundError:
        raise _unfinished(folder) from None
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"{path}: cannot be read: {error}") from error
