"""A run's folder to the run that left it, to be judged anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, JournalError, quoted
from sim.findings.fleet import fleet
from sim.findings.run import Run
from sim.model.journal import Journal
from sim.report.folder import JOURNAL, MANIFEST, SCENARIO, SCHEMA, was_cut_short
from sim.scenario.plan import prepare
from sim.scenario.reader import load
from sim.scenario.sidefiles import unpacked
from sim.sweeps.identity import SCHEMA as SWEEP_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from os import PathLike

    from sim.scenario.planned import Plan


def open_run(folder: str | PathLike[str]) -> Run:
    """Read a run from the folder that ``keepout run --out`` left.

    Its findings are computed from plan and journal, as those of a run just made are.
    A folder of many replications gives the first.

    Raises
    ------
    InputError
        If it is no such folder, or a part of it is missing or of another run.
    JournalError
        If the journal is of another version, or damaged; the message names the line.
    ScenarioError
        If the scenario has faults.

    Examples
    --------
    >>> import sim
    >>> run = sim.open_run("results")  # doctest: +SKIP
    >>> run.violations  # doctest: +SKIP
    """
    path = Path(folder)
    manifest = _manifest(path)
    unpacked(path, manifest.get("sides"))
    plan = prepare(load(path / SCENARIO))
    journal = _journal(path / JOURNAL)
    _check(path / JOURNAL, journal, plan, manifest)
    return Run(plan, journal)


def _manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder says it holds."""
    path = folder / MANIFEST
    if not path.is_file():
        raise _no_manifest(folder)
    try:
        manifest = json.loads(_text(path))
    except ValueError as error:
        raise InputError(f"{path}: no JSON: {error}") from error
    found = manifest.get("schema") if isinstance(manifest, dict) else None
    if found == SWEEP_SCHEMA:
        raise InputError(
            f"{folder}: a sweep's folder, which keeps no journals",
            hint="open it by sim.open_sweep, or keep one of its runs by keepout run FILE --out DIR",
        )
    if found != SCHEMA:
        raise InputError(f"{path}: of schema {quoted(found)}; this keepout reads {SCHEMA}")
    return manifest  # type: ignore[no-any-return]


def _no_manifest(folder: Path) -> InputError:
    if not folder.is_dir():
        what = "a file, where a run's folder is expected" if folder.exists() else "not there"
        return InputError(f"{folder}: {what}", hint="keep a run by keepout run FILE --out DIR")
    if was_cut_short(folder):
        return InputError(
            f"{folder}: holds a run that was stopped while it was written",
            hint="run it again into the same folder",
        )
    return InputError(
        f"{folder}: no run's folder, as it holds no {MANIFEST}",
        hint="keep a run by keepout run FILE --out DIR",
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _journal(path: Path) -> Journal:
    try:
        return Journal.loads(_text(path))
    except JournalError as error:
        raise JournalError(f"{path}: {error}") from error


def _check(path: Path, journal: Journal, plan: Plan, manifest: dict[str, Any]) -> None:
    """See that a journal is the manifest's, whole, and of the plan."""
    pairs = {
        "seed": (journal.seed, manifest.get("seed")),
        "records": (len(journal), manifest.get("journal_records")),
    }
    for name, (found, expected) in pairs.items():
        if found != expected:
            raise JournalError(
                f"{path}: {name} {found}, and {MANIFEST} says {expected}: it was cut or changed"
            )
    if journal.horizon != plan.horizon:
        raise JournalError(
            f"{path}: of {journal.horizon:g} s, and {SCENARIO} lasts {plan.horizon:g} s"
        )
    for name, id_ in _strangers(journal, plan):
        raise JournalError(f"{path}: tells of the {name} {quoted(id_)}, which {SCENARIO} has not")


def _strangers(journal: Journal, plan: Plan) -> Iterator[tuple[str, str]]:
    """Give whatever a journal names that is not in the plan."""
    parties = plan.scenario.parties
    known: dict[str, Container[str]] = {
        "zone": plan.zones,
        "operation": plan.operations,
        "channel": plan.scenario.channels,
        **dict.fromkeys(("party", "sender", "recipient"), parties),
        "flight": {
            flight.id
            for flight in fleet(plan, journal).values()
            if flight.spec is not None or flight.stream in plan.streams
        },
    }
    for record in journal:
        for name, ids in known.items():
            id_ = getattr(record, name, None)
            if id_ is not None and id_ not in ids:
                yield name, id_
