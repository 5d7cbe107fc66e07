"""Scenario files and texts to scenarios; everything wrong with one is reported together."""

from __future__ import annotations

from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError
from sim.scenario import checks
from sim.scenario.attempt import Attempt, without_ignored
from sim.scenario.explain import SCENARIO, ZONE_FILES
from sim.scenario.schema import Scenario
from sim.scenario.sidefiles import SideFiles, Sides
from sim.scenario.tree import LARGEST_BYTES, Source, decode, parse
from sim.scenario.zonefiles import FROM, ZoneFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
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
    return loads(read_text(path), str(path), FilePath(path).parent)


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


def loads(text: str, name: str = "<text>", folder: str | PathLike[str] | None = ".") -> Scenario:
    """Read a scenario from a text.

    Parameters
    ----------
    text
        What stands in the file.
    name
        What stands for the file in messages.
    folder
        Where the names of other files count from: the current folder, by default.

    Raises
    ------
    ScenarioError
        With every fault of the text, and of the files that it names.
    """
    files = SideFiles(None if folder is None else str(folder))
    return _build(parse(text, name), files)


def build(document: dict[str, Any], files: SideFiles | None = None) -> Scenario:
    """Make a scenario of a plain tree of mappings, lists and texts.

    Parameters
    ----------
    document
        The tree.
    files
        The files that it names; without them, it may name none.

    Raises
    ------
    ScenarioError
        With every fault; there are no lines and columns to give.
    """
    return _build(Source("", document), files or SideFiles())


def _build(source: Source, files: SideFiles) -> Scenario:
    attempt, zones = _attempts(source.document)
    ids = {
        section: frozenset(entries) if isinstance(entries, dict) else None
        for section, entries in attempt.tree.items()
    }
    scenario, zone_files = attempt.typed(), zones.typed()
    found = [*attempt.complaints, *_of_zones(zones.complaints)]
    if scenario is not None:
        broken = attempt.pruned | source.broken
        scenario._zone_files = () if zone_files is None else zone_files.from_  # noqa: SLF001 - once
        found += _read_sides(scenario, files, ids, broken)
        found += islice(checks.complaints(scenario, ids, broken), _SHOWN_FAULTS + 1)
        found += islice(
            checks.reference_complaints(scenario, ids, source.document, attempt.pruned),
            _SHOWN_FAULTS + 1,
        )
    faults = {*source.faults, *source.located(_as_written(found, source.document))}
    if faults or scenario is None:
        raise ScenarioError(in_order(faults))
    scenario._document.update(source.document)  # noqa: SLF001 - set once, here
    return scenario


def _read_sides(
    scenario: Scenario,
    files: SideFiles,
    ids: Mapping[str, frozenset[str] | None],
    broken: AbstractSet[Path],
) -> list[Complaint]:
    """Read the files that a scenario names, if its time is known; complain of what is wrong."""
    has_sides = scenario.zone_files or any(one.track for one in scenario.flights.values())
    lasts = scenario.end.since(scenario.start_unix) > 0.0
    if not has_sides or not lasts or not broken.isdisjoint({("start",), ("end",)}):
        scenario._sides = Sides(files)  # noqa: SLF001 - set once, here
        return []
    from sim.scenario.sides import read_sides  # noqa: PLC0415 - heavy

    sides, complaints = read_sides(scenario, files, ids.get("zones") or frozenset())
    scenario._sides = sides  # noqa: SLF001 - set once, here
    return complaints[: _SHOWN_FAULTS + 1]


def typing_complaints(document: dict[str, Any]) -> list[Complaint]:
    """Complain of what cannot be typed, and of nothing that only the whole can tell."""
    attempt, zones = _attempts(document)
    attempt.typed()
    zones.typed()
    return _as_written([*attempt.complaints, *_of_zones(zones.complaints)], document)


def _attempts(document: dict[str, Any]) -> tuple[Attempt[Scenario], Attempt[ZoneFiles]]:
    """Give the scenario on its way, and apart from it the files that its zones are from."""
    tree = without_ignored(document)
    zones = tree.get("zones")
    given = {FROM: zones.pop(FROM)} if isinstance(zones, dict) and FROM in zones else {}
    return (
        Attempt(Scenario, tree, SCENARIO, _cut, _STAND_INS, frozenset({"parties"})),
        Attempt(ZoneFiles, given, ZONE_FILES, lambda path: path[:1], {FROM: []}),
    )


def _of_zones(complaints: Iterable[Complaint]) -> list[Complaint]:
    return [one._replace(path=("zones", *one.path)) for one in complaints]


def _as_written(complaints: Iterable[Complaint], document: Mapping[str, Any]) -> list[Complaint]:
    """Leave out of paths the number of the one file of zones that stands in no list."""
    zones = document.get("zones")
    if isinstance(zones, dict) and isinstance(zones.get(FROM), list):
        return [*complaints]
    return [
        one._replace(path=(*one.path[:2], *one.path[3:]))
        if one.path[:2] == ("zones", FROM)
        else one
        for one in complaints
    ]


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
