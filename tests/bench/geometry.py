"""The geometry's figures: overlaps among volumes and stays of tracks, beside other libraries."""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING, Any

from tests.bench import crossings, ours, overlaps, table
from tests.bench.timing import Party, together
from tests.bench.workloads import airspace, traffic

if TYPE_CHECKING:
    from collections.abc import Callable

VOLUMES = (1_000, 10_000, 100_000)
TRACKS = (1_000, 10_000)
QUICK_VOLUMES, QUICK_TRACKS, QUICK_ZONES = 1_000, 200, 300
FULL_VOLUMES, FULL_TRACKS = 1_000_000, 100_000


def main(*, quick: bool = False) -> None:
    """Print both workloads at every size, or at the smallest alone."""
    volumes, tracks = ((QUICK_VOLUMES,), (QUICK_TRACKS,)) if quick else (VOLUMES, TRACKS)
    zones = QUICK_ZONES if quick else crossings.ZONES
    table.write("Peers get our planar polygons and points, projected before the clock starts.")
    table.write("A ratio is a peer's time over ours, given only where the answers agree.")
    overlaps.warm_up()
    for count in volumes:
        overlaps.figures(count)
    crossings.warm_up()
    for count in tracks:
        crossings.figures(count, zones)


def full() -> None:
    """Print what the largest workloads cost keepout alone, and their memory.

    They come first: the peak of a process's memory never sinks again.
    """
    zones, flown = ours.read(airspace(crossings.ZONES)), traffic(FULL_TRACKS)
    name = f"{FULL_TRACKS:,} tracks, {flown.legs:,} legs, {crossings.ZONES:,} volumes"
    _alone(name, lambda: ours.stays(ours.tracks(flown), zones).track)
    space = airspace(FULL_VOLUMES)
    _alone(f"{FULL_VOLUMES:,} volumes", lambda: ours.overlaps(ours.read(space), space.group))


def _alone(name: str, task: Callable[[], Any]) -> None:
    before = _peak_gb()
    party = Party(name, lambda _: len(task()))
    together([party], rounds=1)
    memory = f"peak memory {_peak_gb():.2f} GB ({before:.2f} GB before)"
    table.write(f"{name}: {party.seconds:,.1f} s, n 1, {party.answer:,} found, {memory}")


def _peak_gb() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
