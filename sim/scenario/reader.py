"""Scenario files and texts to scenarios; everything wrong with one is reported together."""

from __future__ import annotations

from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError
from sim.scenario import checks
from sim.scenario.attempt import Attempt, without_ignored
from sim.scenario.explain import SCENARIO
from sim.scenario.schema import Scenario
from sim.scenario.tree import LARGEST_BYTES, Source, decode, parse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from sim.scenario.tree import Complaint, Path

_SHOWN_FAULTS = 100

# What stands in for a value that cannot be read, so that the rest is still checked.
_STAND_INS = {
    "keepout": "1",
    "name": "",
    "start": "1970-01-01T00:00Z",
    "end": "1970-01-02T00:00Z",
    "parties": {"nobody": {}},
}


def load(path: str | PathLike[str]) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        With every fault of the file: its place, what was found and what is expected.
    """
    return loads(read_text(path), str(path))


def read_text(path: str | PathLike[str]) -> str:
    """Give the text of a file.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is too large, or no UTF-8.
    """
    name = str(path)
    if not name:
        raise ScenarioError([Fault("the file cannot be read: its name is empty", file='""')])
    try:
        with FilePath(path).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Fault(f"the file cannot be read: {why}", file=name)]) from None
    return decode(data, name)


def loads(text: str, name: str = "<text>") -> Scenario:
    """Read a scenario from a text; ``name`` stands for the file in messages.

    Raises
    ------
    ScenarioError
        With every fault of the text.
    """
    return _build(parse(text, name))


def build(document: dict[str, Any]) -> Scenario:
    """Make a scenario of a plain tree of mappings, lists and texts.

    Raises
    ------
    ScenarioError
        With every fault; there are no lines and columns to give.
    """
    return _build(Source("", document))


def _build(source: Source) -> Scenario:
    attempt = _attempt(source.document)
    ids = {
        section: frozenset(entries) if isinstance(entries, dict) else None
        for section, entries in attempt.tree.items()
    }
    scenario = attempt.typed()
    found = list(attempt.complaints)
    if scenario is not None:
        broken = attempt.pruned | source.broken
        found += islice(checks.complaints(scenario, ids, broken), _SHOWN_FAULTS + 1)
        found += islice(
            checks.reference_complaints(scenario, ids, source.document, attempt.pruned),
            _SHOWN_FAULTS + 1,
        )
    faults = {*source.faults, *source.located(found)}
    if faults or scenario is None:
        raise ScenarioError(in_order(faults))
    scenario._document.update(source.document)  # noqa: SLF001 - set once, here
    return scenario


def typing_complaints(document: dict[str, Any]) -> list[Complaint]:
    """Complain of what cannot be typed, and of nothing that only the whole can tell."""
    attempt = _attempt(document)
    attempt.typed()
    return attempt.complaints


def _attempt(document: dict[str, Any]) -> Attempt[Scenario]:
    tree = without_ignored(document)
    return Attempt(Scenario, tree, SCENARIO, _cut, _STAND_INS, frozenset({"parties"}))


def _cut(path: Path) -> Path:
    """Give the smallest part around a fault that can be left out: an entry, or a section."""
    if len(path) > 3 and path[0] == "zones" and path[2] == "notices":  # noqa: PLR2004
        return path[:4]
    if path[:1] in {("sources",), ("vertical",)}:
        return path[:1]
    return path[:2]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Sort faults by place, and show no more than anybody reads."""
    ordered = sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0, str(fault)))
    if more := ordered[_SHOWN_FAULTS:]:
        ordered[_SHOWN_FAULTS:] = [Fault("more faults are not shown", file=more[0].file)]
    return ordered
