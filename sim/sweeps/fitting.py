"""Whether what a sweep puts into its scenario fits there."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.errors import GeometryError, ScenarioError, VerticalError, described
from sim.scenario.paths import replaced
from sim.scenario.reader import build, typing_complaints
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Path, Tree
    from sim.sweeps.design import Point

_MOST_CHECKED = 2000  # points that are read as scenarios; of more, some all over the design
_MOST_PLANNED = 12  # points whose plan is made too, which takes longer


def misplaced(document: dict[str, Any], path: str) -> Complaint | None:
    """Complain of a path that leads nowhere in a scenario; the complaint has no path itself."""
    try:
        replaced(document, {path: ""})
    except ScenarioError as error:
        fault = error.faults[0]
        walked = ".".join(str(key) for key in fault.path[:-1])
        where = f"at {walked} " if walked else ""
        return Complaint((), f"no path of the scenario: {where}{fault.message}", fault.hint)
    return None


def misfit(document: dict[str, Any], path: str, value: Tree) -> Complaint | None:
    """Complain of a value that does not fit at its path; the complaint's path is that below it.

    Only what can be told of the value by itself, not what depends on others that may
    change with it.
    """
    found = typing_complaints(replaced(document, {path: value}))
    if not found:
        return None
    first = min(found, key=lambda one: not _is_within(one.path, path))
    below = first.path[path.count(".") + 1 :] if _is_within(first.path, path) else ()
    if below:
        return Complaint(below, first.message, first.hint)
    where = "" if _joined(first.path) == path else f"{_joined(first.path)}: "
    message = f"{described(value)} does not fit: {where}{first.message}"
    return Complaint((), message, first.hint)


def _is_within(path: Path, other: str) -> bool:
    return f"{_joined(path)}.".startswith(f"{other}.")


def _joined(path: Path) -> str:
    return ".".join(str(key) for key in path)


def faulty_points(
    scenario: Scenario, points: Sequence[Point]
) -> Iterator[tuple[Point, str | None, str, str]]:
    """Find points at which the scenario as a whole has faults.

    Yields
    ------
    tuple
        A point, the factor's path that a fault lies at if it is one's, what is wrong, and
        a hint; the same fault of further points is only counted.
    """
    first: dict[str, tuple[Point, str | None, str, str]] = {}
    often: dict[str, int] = {}
    for point in checked_points(points):
        for path, message, hint in _faults_at(scenario, point.changes):
            first.setdefault(path, (point, _factor_at(path, point), message, hint))
            often[path] = often.get(path, 0) + 1
    for path, (point, factor, message, hint) in first.items():
        more = often[path] - 1
        others = f" (and so at {more} more point{'s' * (more > 1)})" if more else ""
        where = f"{path}: " if path and path != factor else ""
        yield point, factor, f"{point}: {where}{message}{others}", hint
    if not first:
        yield from _unplannable(scenario, points)


def _faults_at(scenario: Scenario, changes: Mapping[str, Tree]) -> Iterator[tuple[str, str, str]]:
    try:
        build(replaced(scenario.document, changes), scenario.sides.files)
    except ScenarioError as error:
        for fault in error.faults:
            yield _joined(fault.path), fault.message, fault.hint


def _factor_at(path: str, point: Point) -> str | None:
    """Give the factor at whose path a fault lies, or within which, or which lies within it."""
    for factor in point.changes:
        if f"{path}.".startswith(f"{factor}."):
            return factor
    for factor in point.changes:
        if f"{factor}.".startswith(f"{path}."):
            return factor
    return None


def _unplannable(
    scenario: Scenario, points: Sequence[Point]
) -> Iterator[tuple[Point, str | None, str, str]]:
    from sim.scenario.plan import prepare  # noqa: PLC0415 - heavy

    for point in extremes(points)[:_MOST_PLANNED]:
        try:
            prepare(scenario.replace(point.changes))
        except (GeometryError, VerticalError) as error:
            yield point, None, f"{point}: {error.message}", error.hint
            return


def checked_points(points: Sequence[Point]) -> Sequence[Point]:
    """Give the points to look at one by one: all, or of very many the extremes and some more."""
    if len(points) <= _MOST_CHECKED:
        return points
    some = {point.number: point for point in extremes(points)}
    some |= {point.number: point for point in points[:: -(-len(points) // _MOST_CHECKED)]}
    return [some[number] for number in sorted(some)]


def extremes(points: Sequence[Point]) -> list[Point]:
    """Give the first point, the last, and those where a factor has its least or largest value."""
    ends: dict[tuple[str, int], tuple[float, Point]] = {}
    for point in points:
        for label, size in point.numbers.items():
            for sign in (1, -1) if not isnan(size) else ():
                if (label, sign) not in ends or sign * size > ends[label, sign][0]:
                    ends[label, sign] = (sign * size, point)
    found = [points[0], points[-1], *(point for _, point in ends.values())]
    return list({point.number: point for point in found}.values())
