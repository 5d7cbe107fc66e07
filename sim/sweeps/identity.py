"""What a sweep and its points are known by: their content, whatever they are called."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol

from sim.findings.names import METRICS
from sim.model.version import MODEL_VERSION, versions
from sim.scenario.paths import replaced
from sim.scenario.attempt import without_ignored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.schema import Scenario

SCHEMA = "keepout-sweep/1"
_KEY_BYTES = 8
_FREE = ("name", "about", "sources")  # words of a scenario that change no result


class Point(Protocol):
    """One point of a design."""

    @property
    def number(self) -> int:
        """Its place in the design."""

    @property
    def changes(self) -> Mapping[str, Any]:
        """What it changes in the scenario, by path."""

    @property
    def values(self) -> Mapping[str, str]:
        """What its factors are, by their short names."""


class Study(Protocol):
    """A sweep that has been read and checked."""

    @property
    def sweep(self) -> Any:
        """What its file says."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that its points change."""

    @property
    def points(self) -> tuple[Point, ...]:
        """All points of the design."""


def point_key(document: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """Name a point by its content: what its scenario says, and the version of the model.

    Parameters
    ----------
    document
        The plain tree of the scenario.
    changes
        What the point changes, by path.

    Returns
    -------
    str
        16 hexadecimal digits. Order of keys, a scenario's name, what it is about, its sources
        and the author's own keys change nothing.
    """
    return _digest({"model": MODEL_VERSION, "scenario": _meant(replaced({**document}, changes))})


def _meant(document: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = without_ignored(document)
    return {key: value for key, value in kept.items() if key not in _FREE}


def _digest(tree: Any) -> str:
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=_KEY_BYTES).hexdigest()


def kept_metrics(spec: Any) -> tuple[str, ...]:
    """Give the metrics that a sweep keeps, those that it uses included, in their usual order."""
    if not spec.metrics:
        return METRICS
    named = {*spec.metrics, *(spec.pareto or ())}
    if spec.recommend is not None:
        named |= {spec.recommend.metric, spec.recommend.cost}
    if not isinstance(spec.replications, int):
        named.add(spec.replications.metric)
    return tuple(name for name in METRICS if name in named)


def manifest_of(study: Study, command: Sequence[str]) -> dict[str, Any]:
    """Say what a folder holds: what tells a sweep from others, and all about it."""
    spec, document = study.sweep, study.scenario.document
    return {
        "schema": SCHEMA,
        "name": spec.name,
        "seed": spec.seed,
        "model_version": MODEL_VERSION,
        "scenario_digest": _digest(_meant(document)),
        "metrics": list(kept_metrics(spec)),
        "factors": sorted({path for point in study.points for path in point.changes}),
        "command": list(command),
        "versions": versions(),
        "sweep": spec.model_dump(mode="json", by_alias=True),
        "scenario": document,
        "points": [
            {
                "point": point.number,
                "key": point_key(document, point.changes),
                "values": {**point.values},
            }
            for point in study.points
        ],
    }
