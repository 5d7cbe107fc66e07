"""The figures for stays of tracks in volumes: keepout and its peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench import ours, plane, table
from tests.bench.agreement import TOLERANCE_S, compare_stays
from tests.bench.timing import Party, together
from tests.bench.track_peers import MOVINGPANDAS, PYMEOS, SHAPELY, sequences, trajectories
from tests.bench.workloads import airspace, traffic

if TYPE_CHECKING:
    from tests.bench.plane import Paths, Scene
    from tests.bench.workloads import Airspace, Traffic

ZONES = 1_000  # volumes that tracks are flown against
SAMPLE = 100  # tracks that a slow peer is asked about


def warm_up() -> None:
    """Let every library be imported, and do whatever it does but once."""
    space, flown = airspace(50), traffic(10)
    scene, paths = plane.scene(space), plane.paths(flown)
    for party in peer_parties(scene, paths, paths):
        party.run()
    ours.stays(ours.tracks(flown), ours.read(space))


def figures(count: int, zones: int = ZONES) -> None:
    """Time all who find the stays of so many tracks in so many volumes."""
    space, flown = airspace(zones), traffic(count)
    scene, paths = plane.scene(space), plane.paths(flown)
    us = our_parties(space, flown)
    peers = peer_parties(scene, paths, plane.paths(flown.first(SAMPLE)))
    together([*us, *peers])
    title = f"stays of {count:,} tracks, {flown.legs:,} legs, in {zones:,} volumes"
    table.head(f"{title} (instants agree within {TOLERANCE_S * 1000:.0f} ms)", "leg")
    for party in us:
        table.row(party, us, f"{len(party.answer.track):,} stays")
    for party in peers:
        tracks = count if party.size == flown.legs else SAMPLE
        table.row(party, us, compare_stays(us[0].answer.of(tracks), party.answer, scene, paths))
    for peer in (PYMEOS, MOVINGPANDAS):
        if peer.missing:
            table.left_out(peer.name, peer.missing)


def our_parties(space: Airspace, flown: Traffic) -> list[Party]:
    """Give keepout with all reading included, and from tracks and frames that are ready."""
    return [
        Party(
            "keepout, from longitudes and latitudes",
            lambda _: ours.stays(ours.tracks(flown), ours.read(space)),
            flown.legs,
        ),
        Party(
            "keepout, from ready tracks and frames",
            lambda made: ours.stays(*made),
            flown.legs,
            lambda: (
                ours.tracks(flown).prepare(),
                ours.ready(ours.read(space)),
            ),
        ),
    ]


def peer_parties(scene: Scene, paths: Paths, sample: Paths) -> list[Party]:
    """Give the peers that are installed; a slow one gets a sample, and costs by its legs."""
    parties = [
        Party(SHAPELY.name, lambda _: SHAPELY.find(scene, paths), len(paths.leg)),
    ]
    if not PYMEOS.missing:
        built = sequences(scene, paths)
        parties.append(
            Party(PYMEOS.name, lambda _: PYMEOS.find(scene, paths, built), len(paths.leg))
        )
    if not MOVINGPANDAS.missing:
        made = trajectories(sample)
        name = f"{MOVINGPANDAS.name}, {len(sample)} tracks"
        parties.append(
            Party(name, lambda _: MOVINGPANDAS.find(scene, sample, made), len(sample.leg))
        )
    return parties
