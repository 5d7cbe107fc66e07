"""What peers are, and those for overlaps: each one function from a scene to sorted pairs."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from tests.bench.agreement import pair_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.plane import Scene
    from tests.bench.workloads import Indices


@dataclass(frozen=True)
class Peer:
    """A library, or a way to use one, that gives the same answer as we do."""

    name: str
    find: Callable[..., Any]
    needs: str  # the module that must be installed

    @property
    def missing(self) -> str:
        """Say why the peer cannot be asked; empty if it can."""
        if find_spec(self.needs) is None:
            return f"{self.needs} is not installed: pip install 'keepout[bench]'"
        return ""


def load(module: str) -> Any:
    """Import what has no types and may warn about extras that it lacks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(module)


def sjoin(scene: Scene) -> Indices:
    """Join by geopandas, then filter by time, altitude and group."""
    frame = load("geopandas").GeoDataFrame(geometry=scene.polygon)
    joined = frame.sjoin(frame, predicate="intersects")
    return _filtered(scene, joined.index.to_numpy(), joined["index_right"].to_numpy())


def tree_predicate(scene: Scene) -> Indices:
    """Query shapely's tree with its predicate, then filter."""
    tree = shapely.STRtree(scene.polygon)
    return _filtered(scene, *tree.query(scene.polygon, predicate="intersects"))


def tree_boxes(scene: Scene) -> Indices:
    """Query shapely's tree for boxes, filter, and only then test what is left."""
    first, second = candidates(scene)
    shapely.prepare(scene.polygon[np.unique(first)])
    met = shapely.intersects(scene.polygon[first], scene.polygon[second])
    return pair_keys(first[met], second[met], len(scene))


def candidates(scene: Scene) -> tuple[Indices, Indices]:
    """Give the pairs of different groups whose boxes meet in space, altitude and time."""
    return _apart(scene, *shapely.STRtree(scene.polygon).query(scene.polygon))


def rtree_4d(scene: Scene) -> Indices:
    """Query an R*-tree of boxes in space, altitude and time, loaded in bulk, then test."""
    index = load("rtree.index")
    low = np.column_stack([scene.bounds[:, :2], scene.lower_m, scene.start])
    high = np.column_stack([scene.bounds[:, 2:], scene.upper_m, scene.end])

    def boxes() -> Iterator[tuple[int, list[float], None]]:
        for place, box in enumerate(np.hstack([low, high]).tolist()):
            yield place, box, None

    tree = index.Index(boxes(), properties=index.Property(dimension=4), interleaved=True)
    second, counts = tree.intersection_v(low, high)
    first = np.repeat(np.arange(len(scene)), counts.astype(np.int64))
    first, second = _apart(scene, first, second)
    shapely.prepare(scene.polygon[np.unique(first)])
    met = shapely.intersects(scene.polygon[first], scene.polygon[second])
    return pair_keys(first[met], second[met], len(scene))


def _filtered(scene: Scene, first: Indices, second: Indices) -> Indices:
    return pair_keys(*_apart(scene, first, second), len(scene))


def _apart(scene: Scene, first: Indices, second: Indices) -> tuple[Indices, Indices]:
    """Keep each pair once, if its groups differ and its windows and bands meet."""
    kept = first < second
    for low, high in ((scene.start, scene.end), (scene.lower_m, scene.upper_m)):
        first, second = first[kept], second[kept]
        kept = (low[first] < high[second]) & (low[second] < high[first])
    first, second = first[kept], second[kept]
    kept = scene.group[first] != scene.group[second]
    return first[kept], second[kept]


OVERLAP_PEERS = (
    Peer("geopandas sjoin, then filters", sjoin, "geopandas"),
    Peer("shapely STRtree with predicate, then filters", tree_predicate, "shapely"),
    Peer("rtree in 4D, then shapely intersects", rtree_4d, "rtree"),
    Peer("shapely STRtree, filters, then intersects", tree_boxes, "shapely"),
)
