"""Scenario files and texts to scenarios; everything wrong with one is reported together."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario import checks, explain
from sim.scenario.schema import Scenario
from sim.scenario.tree import LARGEST_BYTES, Complaint, Source, decode, parse

if TYPE_CHECKING:
    from os import PathLike

    from sim.scenario.tree import Path

_IGNORED = "x-"
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
    name = str(path)
    if not name:
        raise ScenarioError([Fault("the file cannot be read: its name is empty", file='""')])
    try:
        with FilePath(path).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Fault(f"the file cannot be read: {why}", file=name)]) from None
    return loads(decode(data, name), name)


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
    attempt = _Attempt(without_ignored(source.document))
    scenario = attempt.typed()
    found = list(attempt.complaints)
    if scenario is not None:
        broken = attempt.pruned | source.broken
        found += islice(checks.complaints(scenario, attempt.ids, broken), _SHOWN_FAULTS + 1)
        found += islice(
            checks.reference_complaints(scenario, attempt.ids, source.document, attempt.pruned),
            _SHOWN_FAULTS + 1,
        )
    faults = {*source.faults}
    for complaint in found:
        if not source.is_broken(complaint.path):
            faults.add(source.fault(complaint))
    if faults or scenario is None:
        raise ScenarioError(_in_order(faults))
    scenario._document.update(source.document)  # noqa: SLF001 - set once, here
    return scenario


@dataclass(slots=True)
class _Attempt:
    """A tree on its way to a scenario: what cannot be typed is complained of and taken out."""

    tree: dict[str, Any]
    complaints: list[Complaint] = field(default_factory=list)
    pruned: set[Path] = field(default_factory=set)
    ids: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def typed(self) -> Scenario | None:
        """Give the scenario of all that can be typed; None if nothing can."""
        self.ids = {
            section: frozenset(entries) if isinstance(entries, dict) else None
            for section, entries in self.tree.items()
        }
        while True:
            try:
                return Scenario.model_validate(self.tree)
            except ValidationError as error:
                found = explain.complaints(error)
            # What a second reading finds wrong is only what was taken out.
            self.complaints = self.complaints or found
            cuts = {_cut(complaint.path) for complaint in found} - self.pruned
            if not cuts:
                return None
            bad_ids = {complaint.path for complaint in found if complaint.of_key}
            for path in cuts:
                _prune(self.tree, path, keep_id=path not in bad_ids)
            self.pruned |= cuts


def _cut(path: Path) -> Path:
    """Give the smallest part around a fault that can be left out: an entry, or a section."""
    if len(path) > 3 and path[0] == "zones" and path[2] == "notices":  # noqa: PLR2004
        return path[:4]
    if path[:1] in {("sources",), ("vertical",)}:
        return path[:1]
    return path[:2]


def _prune(tree: dict[str, Any], path: Path, *, keep_id: bool) -> None:
    """Take a part out, or put in its place what lets the rest be read."""
    *above, last = path
    here: Any = tree
    for key in above:
        here = here.get(key, {}) if isinstance(here, dict) else {}
    if not isinstance(here, dict):
        return
    here.pop(last, None)
    if not above:
        tree.update({key: _STAND_INS[key] for key in _STAND_INS if key not in tree})
    elif path[0] == "parties" and keep_id:
        here[last] = {}


def without_ignored(tree: Any) -> Any:
    """Give a copy of a tree without the keys that are the author's own."""
    if isinstance(tree, dict):
        return {
            key: without_ignored(value)
            for key, value in tree.items()
            if not key.startswith(_IGNORED)
        }
    return [without_ignored(value) for value in tree] if isinstance(tree, list) else tree


def _in_order(faults: set[Fault]) -> list[Fault]:
    """Sort faults by place, and show no more than anybody reads."""
    ordered = sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0, str(fault)))
    if more := ordered[_SHOWN_FAULTS:]:
        ordered[_SHOWN_FAULTS:] = [Fault("more faults are not shown", file=more[0].file)]
    return ordered
