"""A run's folder opened again: its journal is read back, and its findings are found anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, JournalError
from sim.findings.run import Run
from sim.model.journal import Journal
from sim.report.folder import MANIFEST, is_run_manifest
from sim.scenario.plan import prepare
from sim.scenario.reader import load

if TYPE_CHECKING:
    from os import PathLike

_JOURNAL, _SCENARIO = "journal.jsonl", "scenario.yaml"


def open_run(folder: str | PathLike[str]) -> Run:
    """Open what ``keepout run --out`` left in a folder.

    A folder of many replications opens as the first of them, whose journal it has.

    Raises
    ------
    InputError
        If it is no folder of a run, or of one that did not come to its end.
    JournalError
        If its journal is damaged, or one of another version, with the line.
    ScenarioError
        If its scenario has faults.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"{folder}: no folder", hint="make one by keepout run FILE --out DIR")
    if not is_run_manifest(path / MANIFEST):
        raise InputError(
            f"{folder}: no run that came to its end is kept here: no {MANIFEST} says so",
            hint="make one by keepout run FILE --out DIR",
        )
    plan = prepare(load(path / _SCENARIO))
    try:
        journal = Journal.loads((path / _JOURNAL).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, JournalError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise JournalError(f"{path / _JOURNAL}: {why}") from error
    return Run(plan, journal)
