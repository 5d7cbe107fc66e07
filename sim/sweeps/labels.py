"""What factors are called: short names by their paths, and paths by what a file calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import UnitError, did_you_mean, nearest, quoted
from sim.findings.names import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.sweeps.schema import Sweep

RESERVED = frozenset(
    {"key", "point", "replication", "seed", "status", "error", "runs", "failed", *METRICS}
    | {f"{name}{end}" for name in METRICS for end in ("_low", "_high")}
)
"""Columns that tables of runs, and of points, have beside those of the factors."""


def labels_of(sweep: Sweep) -> dict[str, str]:
    """Give each factor's name by its path.

    Where none is given it is the shortest end of the path that is no number, no column of
    the table of runs, and no end of another factor's path or another's name.
    """
    given = {path: one.name for path, one in sweep.factors.items() if one.name is not None}
    taken = {*given.values()} | RESERVED
    return {path: given.get(path) or _tail(path, sweep.factors, taken) for path in sweep.factors}


def _tail(path: str, paths: Mapping[str, object], taken: set[str]) -> str:
    keys = path.split(".")
    for length in range(1, len(keys)):
        tail = ".".join(keys[-length:])
        others = (one for one in paths if one != path)
        if (
            not keys[-length].isdigit()
            and tail not in taken
            and not any(f".{other}".endswith(f".{tail}") for other in others)
        ):
            return tail
    return path


def factor_called(name: str, labels: Mapping[str, str]) -> str:
    """Give the path of the factor that a file calls by its path or its name.

    Raises
    ------
    UnitError
        If there is none.
    """
    if name in labels:
        return name
    for path, label in labels.items():
        if label == name:
            return path
    known = [*labels.values(), *labels]
    near = nearest(name, known)
    said = "" if near else f": expected one of {', '.join([*labels.values()][:12])}"
    raise UnitError(f"no factor is called {quoted(name)}{said}", hint=did_you_mean(name, known))
