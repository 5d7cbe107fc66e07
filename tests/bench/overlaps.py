"""The figures for overlaps: keepout, its peers, and where keepout's time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench import ours, plane, table
from tests.bench.agreement import compare_pairs
from tests.bench.peers import OVERLAP_PEERS, candidates
from tests.bench.stages import floor, stages
from tests.bench.timing import Party, together
from tests.bench.workloads import airspace

if TYPE_CHECKING:
    from tests.bench.plane import Scene
    from tests.bench.workloads import Airspace


def warm_up() -> None:
    """Let every library be imported, and do whatever it does but once."""
    space = airspace(20)
    scene = plane.scene(space)
    for peer in OVERLAP_PEERS:
        if not peer.missing:
            peer.find(scene)
    ours.overlaps(ours.read(space), space.group)


def figures(count: int) -> None:
    """Time all who find the overlaps among so many volumes."""
    space = airspace(count)
    scene = plane.scene(space)
    us = our_parties(space)
    peers = [
        Party(peer.name, peer.find, count, lambda: plane.unprepared(scene))
        for peer in OVERLAP_PEERS
        if not peer.missing
    ]
    together([*us, *peers])
    table.head(f"overlaps among {count:,} volumes, {len(space.lon):,} vertices", "volume")
    for party in us:
        table.row(party, us, f"{len(party.answer):,} pairs")
    truth = ours.keys(us[0].answer, count)
    for party in peers:
        table.row(party, us, compare_pairs(truth, party.answer, scene))
    for peer in OVERLAP_PEERS:
        if peer.missing:
            table.left_out(peer.name, peer.missing)
    _where_it_goes(space, scene, us[0].answer)


def our_parties(space: Airspace) -> list[Party]:
    """Give keepout with reading and projection included, and from ready frames."""
    return [
        Party(
            "keepout, from longitudes and latitudes",
            lambda _: ours.overlaps(ours.read(space), space.group),
            len(space),
        ),
        Party(
            "keepout, from ready frames",
            lambda volumes: ours.overlaps(volumes, space.group),
            len(space),
            lambda: ours.read(space).prepare(),
        ),
    ]


def _where_it_goes(space: Airspace, scene: Scene, found: Any) -> None:
    pairs, near = len(found), len(candidates(scene)[0])
    title = f"where our time goes: {near:,} candidates (groups differ, boxes meet), {pairs:,} pairs"
    least = ("floor: input read once, answer written once", floor(space, found))
    table.shares(title, [*stages(space), least], (len(space), near, pairs))
