"""Points that are written out, in the sweep file or in a table beside it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import Fault, InputError, ScenarioError, quoted
from sim.scenario.tree import parse_value
from sim.sweeps.labels import factor_called
from sim.sweeps.schema import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sim.scenario.tree import Path as TreePath
    from sim.scenario.tree import Tree
    from sim.sweeps.schema import Sweep


class Row(NamedTuple):
    """One point's values by what the file calls the factors, and where the row stands."""

    values: dict[str, Tree]
    at: TreePath
    file: str = ""
    line: int | None = None


def listed_rows(sweep: Sweep) -> tuple[Row, ...]:
    """Give the points that stand in the sweep file itself."""
    rows = sweep.design.list_ or ()
    return tuple(Row(dict(row), ("design", "list", place)) for place, row in enumerate(rows))


def read_table(path: Path, name: str) -> tuple[Row, ...]:
    """Read a table of points: a line of paths or names of factors, then a line a point.

    Raises
    ------
    ScenarioError
        If it cannot be read, has no points, or has lines of different length.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _refusal(f"the file cannot be read: {why}", name) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refusal("this is no UTF-8: expected a text file", name, line) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    try:
        return tuple(_rows(reader, name))
    except csv.Error as error:
        raise _refusal(f"this is no table: {error}", name, reader.line_num) from None


def _rows(reader: Any, name: str) -> Iterator[Row]:
    head = [column.strip() for column in next(reader, [])]
    if not any(head):
        raise _refusal(
            "the table is empty: expected a line of paths or names of factors, then a line a point",
            name,
        )
    for place, column in enumerate(head):
        if column in head[:place]:
            raise _refusal(f"the column {quoted(column)} stands here twice", name, 1)
    number = 0
    for number, cells in enumerate(filter(None, reader), 1):
        line = reader.line_num
        if number > MOST_POINTS:
            raise _refusal(f"expected at most {MOST_POINTS} points", name, line)
        if len(cells) != len(head):
            raise _refusal(
                f"expected {len(head)} values as in the first line, found {len(cells)}",
                name,
                line,
                "put a value with a comma in quotes",
            )
        yield Row(_values(head, cells, name, line), ("design", "csv"), name, line)
    if not number:
        raise _refusal("the table has no points: expected a line for each", name, 1)


def _values(head: Sequence[str], cells: Sequence[str], name: str, line: int) -> dict[str, Tree]:
    values: dict[str, Tree] = {}
    for column, cell in zip(head, cells, strict=True):
        try:
            values[column] = parse_value(cell.strip())
        except ScenarioError as error:
            raise _refusal(f"{column}: {error}", name, line) from None
    return values


def by_path(row: Row, wanted: Sequence[str], labels: Mapping[str, str]) -> dict[str, Tree]:
    """Give a row's values by the paths of the factors, which are to be just those wanted.

    Raises
    ------
    InputError
        If one is missing, unknown or there twice.
    """
    found: dict[str, Tree] = {}
    for called, value in row.values.items():
        try:
            path = factor_called(called, labels)
        except InputError as error:
            raise InputError(error.message, at=(called,), hint=error.hint) from None
        if path in found:
            raise InputError(f"{labels[path]} stands here twice", at=(called,))
        if path not in wanted:
            raise InputError(tied_already(labels[path]), at=(called,))
        found[path] = value
    if missing := [labels[path] for path in wanted if path not in found]:
        raise InputError(f"no value for {', '.join(missing)}")
    return found


def tied_already(name: str) -> str:
    """Say that a factor cannot be given a value."""
    return f"{name} is tied to another factor, and has no values of its own"


def _refusal(message: str, name: str, line: int | None = None, hint: str = "") -> ScenarioError:
    return ScenarioError([Fault(message, (), hint, name, line)])
