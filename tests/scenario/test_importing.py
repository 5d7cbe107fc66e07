"""Records of what was published and flown become scenarios that tell what really happened."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.formats.records import Zone
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.edges import Edges
from sim.scenario.importing import Flown, Published, replay
from sim.scenario.reader import build

T0 = 1_760_000_000.0
LOW = Band(Limit(Reference.SFC, 0.0), Limit(Reference.MSL, 3000.0))
RING = tuple(sim.Position(*at) for at in [(10, 50), (11, 50), (11, 50.6), (10, 50.6)])
HOLE = tuple(sim.Position(*at) for at in [(10.4, 50.2), (10.6, 50.2), (10.6, 50.4), (10.4, 50.4)])
FOOTPRINTS = [
    sim.Circle(sim.Position(10.5, 50.3), 20_000.0),
    sim.Polygon(RING),
    sim.Polygon(RING, holes=(HOLE,)),
    sim.Polygon(RING, edges=Edges.PARALLEL),
    sim.Corridor((sim.Position(9.8, 50.3), sim.Position(11.2, 50.4)), 12_000.0),
]


def track(*points: tuple[float, float, float, float]) -> sim.Track:
    time, lon, lat, altitude = np.array(points).T
    return sim.Track(time, lon, lat, altitude)


ACROSS = track((T0, 9.5, 50.3, 1000.0), (T0 + 3600, 11.5, 50.35, 1500.0))


def zone(*volumes: sim.Volume, id_: str = "A1/25") -> Zone:
    return Zone(id_, "Danger", volumes)


def run(published: list[Published], flown: list[Flown]) -> sim.Run:
    return sim.run(build(replay(published, flown, "Replay")))


@pytest.mark.parametrize("footprint", FOOTPRINTS, ids=lambda one: type(one).__name__)
def test_stays_are_those_of_the_tracks_in_the_volumes(footprint: Any) -> None:
    volume = sim.Volume(footprint, LOW, (T0 + 600, T0 + 3000))
    found = run([Published(zone(volume), None)], [Flown("abc", ACROSS)])
    start = found.scenario.start_unix
    stays = sim.find_crossings([ACROSS], [volume])
    assert len(stays) > 0
    for stay, violation in zip(stays, found.violations, strict=True):
        assert start + violation.entry == pytest.approx(stay.entry, abs=0.02)
        assert violation.exit is not None
        assert start + violation.exit == pytest.approx(stay.exit, abs=0.02)


def test_what_was_published_in_time_was_disregarded_and_what_was_not_could_not_be_known() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0 - 600, T0 + 7200))
    before, after = (
        run([Published(zone(volume), T0 + when)], [Flown("abc", ACROSS)]).violations
        for when in (-1800.0, 1800.0)
    )
    assert [violation.cause for violation in before] == ["disregarded"]
    assert [violation.cause for violation in after] == ["no_time"]  # it was inside already


def test_a_zone_of_unknown_publication_was_never_told_of() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0 - 600, T0 + 7200))
    found = run([Published(zone(volume), None)], [Flown("abc", ACROSS)])
    assert [violation.cause for violation in found.violations] == ["never_addressed"]


def test_windows_without_ends_last_as_long_as_the_record() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (-math.inf, math.inf))
    tree = replay([Published(zone(volume), None)], [Flown("abc", ACROSS)], "Replay")
    (window,) = [one["window"] for one in tree["zones"].values()]
    assert (window["start"], window["end"]) == (tree["start"], tree["end"])


def test_zones_that_are_over_before_the_record_begins_are_left_out() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (0.0, 600.0))
    assert replay([Published(zone(volume), None)], [Flown("abc", ACROSS)], "Replay")["zones"] == {}


def test_names_are_made_fit_and_told_apart() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0, T0 + 60))
    published = [Published(zone(volume, volume, id_="1/<b>"), None), Published(zone(volume), None)]
    tree = replay(published, [Flown("A1-25", ACROSS), Flown("", ACROSS)], "Replay")
    assert [*tree["zones"], *tree["flights"]] == ["z-1-b--1", "z-1-b--2", "A1-25", "A1-25-2", "z"]
    assert build(tree)


def test_a_record_without_any_time_is_refused() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (-math.inf, math.inf))
    with pytest.raises(InputError, match="nothing that was read begins or ends"):
        replay([Published(zone(volume), None)], [], "Replay")
