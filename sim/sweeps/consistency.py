"""What no type can tell of a sweep: names given twice, factors within or tied to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError, quoted
from sim.scenario.tree import Complaint
from sim.sweeps.labels import RESERVED, factor_called, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.scenario.tree import Path
    from sim.sweeps.schema import Sweep


def contradictions(sweep: Sweep) -> Iterator[Complaint]:
    """Complain of names and ties of factors that cannot be together."""
    labels = labels_of(sweep)
    yield from _of_names(sweep)
    yield from _of_nesting(sweep)
    yield from _of_ties(sweep, labels)
    if not sweep.factors and sweep.design.kind != "csv":  # then its columns are the factors
        yield Complaint(
            ("factors",),
            "nothing varies: expected a factor with values",
            'write such as "factors: {zones.area.notices.first.lead: [1 h, 2 h]}"',
        )


def order_of_ties(sweep: Sweep, labels: Mapping[str, str]) -> dict[str, str]:
    """Give for each tied factor's path the other's, those first that others hang on.

    Raises
    ------
    InputError
        If a factor is tied to none that there is, or in a circle.
    """
    others: dict[str, str] = {}
    for path, factor in sweep.factors.items():
        if factor.tied is not None:
            try:
                others[path] = factor_called(factor.tied, labels)
            except InputError as error:
                at = ("factors", path, "tied")
                raise InputError(error.message, at=at, hint=error.hint) from None
    ordered: dict[str, str] = {}
    while rest := {path: other for path, other in others.items() if path not in ordered}:
        ready = {path: other for path, other in rest.items() if other not in rest}
        if not ready:
            raise InputError(
                f"these factors are tied in a circle: {', '.join(labels[path] for path in rest)}",
                at=("factors", next(iter(rest)), "tied"),
                hint="give one of them values of its own",
            )
        ordered |= ready
    return ordered


def _of_names(sweep: Sweep) -> Iterator[Complaint]:
    names: set[str] = set()
    for path, factor in sweep.factors.items():
        where: Path = ("factors", path, "name")
        name = factor.name or path  # what ends of paths are called differs from all else
        if name in RESERVED:
            yield Complaint(
                where,
                f"{quoted(name)} is a column of the table of runs already",
                "give it another name",
                of_key=factor.name is None,
            )
        elif name != path and name in sweep.factors:
            yield Complaint(where, f"{quoted(name)} is the path of another factor")
        elif name in names:
            yield Complaint(
                where, f"two factors are called {quoted(name)}", "give them different names"
            )
        names.add(name)


def _of_nesting(sweep: Sweep) -> Iterator[Complaint]:
    for path in sweep.factors:
        for other in sweep.factors:
            if path.startswith(f"{other}."):
                yield Complaint(
                    ("factors", path),
                    f"this lies within {other}, which varies as a whole",
                    "vary one of the two",
                    of_key=True,
                )


def _of_ties(sweep: Sweep, labels: Mapping[str, str]) -> Iterator[Complaint]:
    try:
        order_of_ties(sweep, labels)
    except InputError as error:
        yield Complaint(error.at, error.message, error.hint)
