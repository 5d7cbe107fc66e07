"""Scenario files and texts to scenarios; everything wrong with one is reported together."""

from __future__ import annotations

from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError
from sim.scenario import checks
from sim.scenario.attempt import Attempt, without_ignored
from sim.scenario.bulk import BULK, FROM
from sim.scenario.explain import FILES, SCENARIO
from sim.scenario.paths import is_bulk
from sim.scenario.schema import Scenario
from sim.scenario.sidefiles import SideFiles, Sides
from sim.scenario.tree import LARGEST_BYTES, Source, decode, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
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
    attempt, bulk = _attempts(source.document)
    ids = {
        section: frozenset(entries) if isinstance(entries, dict) else None
        for section, entries in attempt.tree.items()
    }
    scenario, given = attempt.typed(), {section: one.typed() for section, one in bulk.items()}
    found = [*attempt.complaints, *_of_bulk(bulk)]
    if scenario is not None:
        broken = attempt.pruned | source.broken
        scenario._zone_files, scenario._flight_files = (  # noqa: SLF001 - set once, here
            () if one is None else one.from_ for one in given.values()
        )
        found += _read_sides(scenario, files, ids, broken)
        found += islice(checks.complaints(scenario, ids, broken), _SHOWN_FAULTS + 1)
        found += islice(
            checks.reference_complaints(scenario, ids, source.document, attempt.pruned),
            _SHOWN_FAULTS + 1,
        )
        found = [*_of_files(found, scenario.sides.flights)]
    faults = {*source.faults, *source.located(_as_written(found, source.document))}
    if faults or scenario is None:
        raise ScenarioError(in_order(faults))
    scenario._document.update(source.document)  # noqa: SLF001 - set once, here
    return scenario


def _read_sides(
    scenario: Scenario,
    files: SideFiles,
    ids: dict[str, frozenset[str] | None],
    broken: AbstractSet[Path],
) -> list[Complaint]:
    """Read the files that a scenario names, if its time is known; complain of what is wrong.

    The flights of tables join those of the scenario itself.
    """
    has_sides = (
        scenario.zone_files
        or scenario.flight_files
        or any(one.track for one in scenario.flights.values())
    )
    lasts = scenario.end.since(scenario.start_unix) > 0.0
    if not has_sides or not lasts or not broken.isdisjoint({("start",), ("end",)}):
        scenario._sides = Sides(files)  # noqa: SLF001 - set once, here
        return []
    from sim.scenario.sides import read_sides  # noqa: PLC0415 - heavy

    inline = {section: ids.get(section) or frozenset() for section in BULK}
    sides, complaints = read_sides(scenario, files, inline)
    scenario._sides = sides  # noqa: SLF001 - set once, here
    scenario.flights.update(sides.flights)
    unread = any(complaint.path[:2] == ("flights", FROM) for complaint in complaints)
    ids["flights"] = None if unread else inline["flights"].union(sides.flights)
    return complaints[: _SHOWN_FAULTS + 1]


def typing_complaints(document: dict[str, Any]) -> list[Complaint]:
    """Complain of what cannot be typed, and of nothing that only the whole can tell."""
    attempt, bulk = _attempts(document)
    attempt.typed()
    for one in bulk.values():
        one.typed()
    return _as_written([*attempt.complaints, *_of_bulk(bulk)], document)


def _attempts(document: dict[str, Any]) -> tuple[Attempt[Scenario], dict[str, Attempt[Any]]]:
    """Give the scenario on its way, and apart from it the files that its sections are from."""
    tree = without_ignored(document)
    bulk = {}
    for section, model in BULK.items():
        entries = tree.get(section)
        given = {FROM: entries.pop(FROM)} if isinstance(entries, dict) and FROM in entries else {}
        bulk[section] = Attempt(model, given, FILES[section], lambda path: path[:1], {FROM: []})
    return Attempt(Scenario, tree, SCENARIO, _cut, _STAND_INS, frozenset({"parties"})), bulk


def _of_bulk(bulk: Mapping[str, Attempt[Any]]) -> list[Complaint]:
    return [
        complaint._replace(path=(section, *complaint.path))
        for section, one in bulk.items()
        for complaint in one.complaints
    ]


def _of_files(complaints: Iterable[Complaint], flights: Collection[str]) -> Iterator[Complaint]:
    """Complain of the files of flights where they stand, as these stand nowhere."""
    for one in complaints:
        of_file = one.path[:1] == ("flights",) and one.path[1:2] and one.path[1] in flights
        yield one._replace(path=("flights", FROM)) if of_file else one


def _as_written(complaints: Iterable[Complaint], document: Mapping[str, Any]) -> list[Complaint]:
    """Leave out of paths the number of the one file of a section that stands in no list."""
    entries = {section: document.get(section) for section in BULK}
    alone = {
        section
        for section, one in entries.items()
        if not (isinstance(one, dict) and isinstance(one.get(FROM), list))
    }
    return [
        one._replace(path=(*one.path[:2], *one.path[3:]))
        if is_bulk(one.path[:2]) and one.path[0] in alone
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
