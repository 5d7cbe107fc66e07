"""What a sweep and its points are known by: their content, whatever they are called."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sim.model.version import MODEL_VERSION, versions
from sim.scenario.attempt import without_ignored
from sim.scenario.paths import replaced
from sim.scenario.sidefiles import packed, places_of, renamed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.sidefiles import Packed, SideFiles
    from sim.sweeps.reader import Study

SCHEMA = "keepout-sweep/1"
_KEY_BYTES = 8
_FREE = ("name", "about", "sources")  # words of a scenario that change no result


def point_key(
    document: Mapping[str, Any], changes: Mapping[str, Any], files: SideFiles | None = None
) -> str:
    """Name a point by its content: what its scenario says, and the version of the model.

    Parameters
    ----------
    document
        The plain tree of the scenario.
    changes
        What the point changes, by path.
    files
        The files that it names, which count by what they hold.

    Returns
    -------
    str
        16 hexadecimal digits. Order of keys, a scenario's name, what it is about, its sources
        and the author's own keys change nothing.
    """
    tree = _by_content(replaced({**document}, changes), files)
    return _digest({"model": MODEL_VERSION, "scenario": _meant(tree)})


def _by_content(document: dict[str, Any], files: SideFiles | None) -> dict[str, Any]:
    """Name the files of a scenario by what they hold."""
    names = {name for _, name in places_of(document)}
    if files is None or not names:
        return document
    return renamed(document, {name: files.digest(name) for name in names})


def _meant(document: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = without_ignored(document)
    return {key: value for key, value in kept.items() if key not in _FREE}


def _digest(tree: Any) -> str:
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=_KEY_BYTES).hexdigest()


def manifest_of(
    study: Study, command: Sequence[str], sides: Packed | None = None
) -> dict[str, Any]:
    """Say what a folder holds: what tells a sweep from others, and all about it.

    ``sides`` are the scenario and its files as they are kept, where that is known already.
    """
    spec, document = study.sweep, study.scenario.document
    files = study.scenario.sides.files
    sides = sides or packed(document, files)
    return {
        "schema": SCHEMA,
        "name": spec.name,
        "seed": spec.seed,
        "model_version": MODEL_VERSION,
        "scenario_digest": _digest(_meant(_by_content(document, files))),
        "metrics": list(spec.kept),
        "factors": sorted({path for point in study.points for path in point.changes}),
        "command": list(command),
        "versions": versions(),
        "sweep": study.source.document,
        "scenario": sides.document,
        "sides": sides.digests,
        "points": [
            {
                "point": point.number,
                "key": point_key(document, point.changes, files),
                "values": {**point.values},
            }
            for point in study.points
        ],
    }
