"""Operations that slip, overrun or are cancelled, and the zones declared for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyproj import Geod

from sim.errors import ScenarioError
from sim.geometry.footprint import Circle, Polygon
from sim.model.journal import (
    NoticeStep,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    Step,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from sim.units import Position
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, story

if TYPE_CHECKING:
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume

OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "6 km"}},
    "altitude": ["SFC", "FL300"],
    "window": {"start": "+90 min", "duration": "1 h"},
}
COVER: dict[str, Any] = {
    "covers": "op",
    "area": {"buffer": "40 km"},
    "window": {"pad": "30 min"},
    "altitude": ["SFC", "UNL"],
    "notices": {"first": {"to": "south", "via": "line", "lead": "30 min"}},
}
OPERATIONS = (OperationBegan, OperationEnded, OperationCancelled)
ZONES = (ZoneIssued, ZoneActive, ZoneInactive)


def test_an_operation_slips_and_overruns() -> None:
    journal = journal_of(operations={"op": OPERATION | {"slip": "10 min", "overrun": "20 min"}})
    assert story(journal, *OPERATIONS) == [(100, "op began"), (180, "op ended")]
    assert journal.of(OperationBegan)[0].volume.window == (6000.0, 10800.0)


def test_an_operation_begins_early() -> None:
    journal = journal_of(operations={"op": OPERATION | {"slip": "-10 min"}})
    assert story(journal, *OPERATIONS) == [(80, "op began"), (140, "op ended")]


def test_a_cancelled_operation_never_begins() -> None:
    journal = journal_of(operations={"op": OPERATION | {"cancel": 1}})
    assert story(journal, *OPERATIONS) == [(90, "op cancelled")]


def test_what_lasts_beyond_the_horizon_does_not_end_in_the_journal() -> None:
    journal = journal_of(operations={"op": OPERATION | {"overrun": "10 h"}})
    assert story(journal, *OPERATIONS) == [(90, "op began")]


def test_a_zone_covers_its_operation_more_coarsely() -> None:
    journal = journal_of(operations={"op": OPERATION}, zones={"z": COVER})
    assert story(journal, *ZONES) == [
        (30, "z v1 issued"),
        (60, "z v1 active"),
        (180, "z v1 inactive"),
    ]
    assert journal.of(ZoneIssued)[0].volume.footprint == Circle(Position(0, 0), 46_000)


def test_a_zone_that_nobody_is_told_of_is_declared_from_the_start() -> None:
    journal = journal_of(operations={"op": OPERATION}, zones={"z": COVER | {"notices": {}}})
    assert story(journal, *ZONES)[0] == (0, "z v1 issued")


def test_a_zone_issued_within_its_window_is_active_at_once() -> None:
    journal = journal_of(zones={"z": ZONE | {"notices": {}, "issued": "+70 min"}})
    assert story(journal, *ZONES)[:2] == [(70, "z v1 issued"), (70, "z v1 active")]


def test_windows_end_before_others_begin() -> None:
    first = ZONE | {"notices": {}, "window": {"start": "+1 h", "duration": "1 h"}}
    second = ZONE | {"notices": {}, "window": {"start": "+2 h", "duration": "1 h"}}
    # "a" begins when "z" ends, and would come first by name.
    journal = journal_of(zones={"a": second, "z": first})
    assert story(journal, ZoneActive, ZoneInactive)[1:3] == [
        (120, "z v1 inactive"),
        (120, "a v1 active"),
    ]


def test_an_overrun_is_told_in_a_new_version() -> None:
    amend = {"overrun": {"delay": "5 min", "extend": "30 min"}}
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "20 min"}}, zones={"z": COVER | {"amend": amend}}
    )
    # Planned end at 150; said at 155; the zone then ends at 180 + 30 and needs no more.
    assert story(journal, *ZONES) == [
        (30, "z v1 issued"),
        (60, "z v1 active"),
        (155, "z v2 issued"),
        (155, "z v2 active"),
        (210, "z v2 inactive"),
    ]
    second = [s for s in story(journal, NoticeStep) if " v2 " in s[1]]
    assert second == [
        (155, "z v2 to south: drafted"),
        (155, "z v2 to south: attempted 1"),
        (155, "z v2 to south: calling 1"),
        (156, "z v2 to south: connected 1"),
        (158, "z v2 to south: delivered 1"),
        (158, "z v2 to south: handled"),
        (158, "z v2 to south: acknowledged"),
    ]


def test_an_operation_that_ends_before_its_party_says_so_is_not_amended() -> None:
    amend = {"overrun": {"delay": "25 min", "extend": "30 min"}}
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "20 min"}}, zones={"z": COVER | {"amend": amend}}
    )
    assert len(journal.of(ZoneIssued)) == 1


def test_an_operation_that_goes_on_and_on_is_amended_again() -> None:
    amend = {"overrun": {"extend": "30 min"}}
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "70 min"}}, zones={"z": COVER | {"amend": amend}}
    )
    issued = [(r.at / 60, r.change, r.volume.window[1] / 60) for r in journal.of(ZoneIssued)]
    assert issued == [
        (30, "new", 180),
        (150, "replace", 210),
        (180, "replace", 240),
        (210, "replace", 270),
    ]


def test_a_copy_not_yet_delivered_gives_way_to_the_newer_version() -> None:
    amend = {"overrun": {"extend": "30 min"}}
    line = LINE | {
        "answer": {"probability": 0, "wait": "1 min", "patience": "1 min"},
        "retry": {"after": "1 h", "attempts": 9},
    }
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "20 min"}},
        zones={"z": COVER | {"amend": amend}},
        channels={"line": line},
    )
    replaced = [s for s in journal.of(NoticeStep) if s.step is Step.REPLACED]
    assert [(s.at / 60, s.version) for s in replaced] == [(150, 1)]
    later = [s for s in journal.of(NoticeStep) if s.at > replaced[0].at]
    assert {s.version for s in later} == {2}


def test_a_call_under_way_is_ended_with_the_version_it_began_with() -> None:
    amend = {"overrun": {"extend": "30 min"}}
    # The call that begins at 148 passes version 1 until 151; version 2 is issued at 150.
    first = {"to": "south", "via": "line", "at": "+148 min"}
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "20 min"}},
        zones={"z": COVER | {"amend": amend, "notices": {"first": first}}},
    )
    delivered = [s for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
    assert [(s.at / 60, s.version) for s in delivered] == [(151, 1), (154, 2)]


def test_a_zone_is_amended_only_once_it_is_issued() -> None:
    amend = {"overrun": {"extend": "2 h"}}
    journal = journal_of(
        operations={"op": OPERATION | {"overrun": "2 h"}},
        zones={"z": COVER | {"amend": amend, "issued": "+160 min", "notices": {}}},
    )
    # The operation was to end at 150 and goes on when the zone is declared at 160.
    issued = [(r.at / 60, r.change, r.volume.window[1] / 60) for r in journal.of(ZoneIssued)]
    assert issued == [(160, "new", 180), (160, "replace", 300)]


def amended(rules: dict[str, Any], **operation: Any) -> dict[str, Any]:
    return {
        "operations": {"op": OPERATION | operation},
        "zones": {"z": COVER | {"amend": rules}},
    }


def test_a_slip_is_told_in_new_versions_until_the_operation_begins() -> None:
    journal = journal_of(**amended({"slip": {"by": "1 h", "delay": "2 min"}}, slip="90 min"))
    # To begin at 90: not begun at 92, nor at 152 + 2; begun at 180.
    assert [s for s in story(journal, *ZONES) if s[0] < 360] == [
        (30, "z v1 issued"),
        (60, "z v1 active"),
        (92, "z v1 inactive"),
        (92, "z v2 issued"),
        (120, "z v2 active"),
        (152, "z v2 inactive"),
        (152, "z v3 issued"),
        (180, "z v3 active"),
        (300, "z v3 inactive"),
    ]


def test_a_slip_that_the_padding_holds_keeps_the_zone_active() -> None:
    journal = journal_of(**amended({"slip": {"by": "20 min"}}, slip="15 min"))
    assert story(journal, *ZONES) == [
        (30, "z v1 issued"),
        (60, "z v1 active"),
        (90, "z v2 issued"),
        (90, "z v2 active"),
        (200, "z v2 inactive"),
    ]


def test_an_overrun_counts_from_what_a_slip_was_said_to_be() -> None:
    rules = {"slip": {"by": "1 h"}, "overrun": {"extend": "30 min"}}
    journal = journal_of(**amended(rules, slip="50 min", overrun="15 min"))
    # Said to last from 150 to 210; really from 140 to 215: one extension, at 210.
    issued = [(r.at / 60, r.volume.window[1] / 60) for r in journal.of(ZoneIssued)]
    assert issued == [(30, 180), (90, 240), (210, 270)]


def test_a_cancelled_operation_cancels_its_zone() -> None:
    journal = journal_of(**amended({"cancel": {"delay": "5 min"}}, cancel=1))
    assert story(journal, *ZONES, OperationCancelled) == [
        (30, "z v1 issued"),
        (60, "z v1 active"),
        (90, "op cancelled"),
        (95, "z v1 inactive"),
        (95, "z v2 issued"),
    ]
    assert journal.of(ZoneIssued)[1].change == "cancel"
    last = [s for s in journal.of(NoticeStep) if s.step is Step.HANDLED][-1]
    assert (last.version, last.change) == (2, "cancel")


MOVED: dict[str, Any] = {"by": "20 km", "bearing": "90 deg"}


class TestMovedOperations:
    def test_it_takes_place_elsewhere_at_its_time(self) -> None:
        run = run_of(operations={"op": OPERATION | {"moved": MOVED}})
        assert story(run.journal, *OPERATIONS) == [(90, "op began"), (150, "op ended")]
        true = run.journal.of(OperationBegan)[0].volume
        assert_at(true.footprint, east_km=20, radius_km=6)
        assert true.window == run.plan.operations["op"].volume.window
        assert true.band == run.plan.operations["op"].volume.band

    def test_what_is_planned_stays_planned(self) -> None:
        # South's operation lies where north's is planned, and not where it takes place.
        other = OPERATION | {"party": "south"}
        far = MOVED | {"by": "200 km"}
        run = run_of(operations={"op": OPERATION | {"moved": far}, "other": other})
        assert [overlap.kind for overlap in run.overlaps] == ["operation-operation"]

    def test_a_zone_stays_where_it_was_without_an_amendment(self) -> None:
        journal = journal_of(**amended({}, moved=MOVED))
        assert len(journal.of(ZoneIssued)) == 1

    def test_a_move_is_told_in_a_new_version(self) -> None:
        journal = journal_of(**amended({"move": {"delay": "5 min"}}, moved=MOVED))
        # Decided at its planned start, at 90; said at 95.
        assert story(journal, *ZONES) == [
            (30, "z v1 issued"),
            (60, "z v1 active"),
            (95, "z v2 issued"),
            (95, "z v2 active"),
            (180, "z v2 inactive"),
        ]
        first, second = journal.of(ZoneIssued)
        assert (first.change, second.change) == ("new", "replace")
        assert first.volume.footprint == Circle(Position(0, 0), 46_000)
        assert_at(second.volume.footprint, east_km=20, radius_km=46)
        assert second.volume.window == first.volume.window
        told = [s for s in story(journal, NoticeStep) if s[1] == "z v2 to south: handled"]
        assert told == [(98, "z v2 to south: handled")]

    def test_a_move_decided_ahead_is_told_ahead(self) -> None:
        rules = {"move": {"delay": "5 min"}}
        journal = journal_of(**amended(rules, moved=MOVED | {"decided": "50 min"}))
        assert story(journal, *ZONES) == [
            (30, "z v1 issued"),
            (45, "z v2 issued"),
            (60, "z v2 active"),
            (180, "z v2 inactive"),
        ]

    def test_a_zone_is_declared_as_planned_before_it_is_moved(self) -> None:
        # Decided at 20, and the zone is issued at 30.
        journal = journal_of(**amended({"move": {}}, moved=MOVED | {"decided": "70 min"}))
        assert story(journal, ZoneIssued) == [(30, "z v1 issued"), (30, "z v2 issued")]

    def test_it_is_decided_at_the_latest_as_it_begins(self) -> None:
        journal = journal_of(**amended({"move": {}}, moved=MOVED, slip="-10 min"))
        assert story(journal, ZoneIssued) == [(30, "z v1 issued"), (80, "z v2 issued")]

    def test_a_slip_moves_the_time_and_a_move_the_place(self) -> None:
        rules = {"move": {"delay": "5 min"}, "slip": {"by": "1 h"}}
        moved = MOVED | {"decided": "30 min"}
        journal = journal_of(**amended(rules, moved=moved, slip="90 min"))
        issued = journal.of(ZoneIssued)
        assert [(r.at / 60, r.volume.window[0] / 60) for r in issued] == [
            (30, 60),
            (65, 60),
            (90, 120),
            (150, 180),
        ]
        for later in issued[1:]:
            assert_at(later.volume.footprint, east_km=20, radius_km=46)

    def test_a_move_of_what_is_over_is_not_told(self) -> None:
        journal = journal_of(**amended({"move": {"delay": "1 h"}}, moved=MOVED))
        assert story(journal, ZoneIssued) == [(30, "z v1 issued")]

    def test_a_move_of_what_is_cancelled_is_not_told(self) -> None:
        journal = journal_of(**amended({"move": {}, "cancel": {}}, moved=MOVED, cancel=1))
        assert [(r.at / 60, r.change) for r in journal.of(ZoneIssued)] == [
            (30, "new"),
            (90, "cancel"),
        ]

    def test_a_move_told_before_the_cancellation_is_cancelled_too(self) -> None:
        moved = MOVED | {"decided": "30 min"}
        journal = journal_of(**amended({"move": {}, "cancel": {}}, moved=moved, cancel=1))
        assert [(r.at / 60, r.change) for r in journal.of(ZoneIssued)] == [
            (30, "new"),
            (60, "replace"),
            (90, "cancel"),
        ]
        assert not journal.of(OperationBegan)

    @pytest.mark.parametrize("still", [{"probability": 0}, {"by": "0 km"}])
    def test_what_is_not_moved_is_not_told_of(self, still: dict[str, Any]) -> None:
        as_it_is = journal_of(**amended({"move": {}}, moved=MOVED | still))
        assert as_it_is.dumps() == journal_of(**amended({"move": {}})).dumps()

    def test_some_are_moved_by_their_own_draws(self) -> None:
        wild: dict[str, Any] = {
            "by": {"uniform": {"min": "1 km", "max": "30 km"}},
            "bearing": {"uniform": {"min": "0 deg", "max": "360 deg"}},
            "probability": 0.5,
        }
        slip = {"uniform": {"min": "0 min", "max": "10 min"}}

        def began(seed: int, zone: dict[str, Any], **more: Any) -> Volume:
            operations = {"op": OPERATION | {"slip": slip} | more}
            journal = journal_of(seed, operations=operations, zones=zone)
            return journal.of(OperationBegan)[0].volume

        covers = {"z": COVER | {"amend": {"move": {"delay": "5 min"}}}}
        true = [began(seed, {}, moved=wild) for seed in range(60)]
        # The same whether or not anybody says so; and a move leaves the slip as it was.
        assert [began(seed, covers, moved=wild) for seed in range(60)] == true
        assert [began(seed, {}).window for seed in range(60)] == [v.window for v in true]
        places = [v.footprint.cap.centre for v in true]
        moved = [p for p in places if p != Position(0, 0)]
        assert 18 <= len(moved) <= 42  # 30, by three standard deviations of 3.9
        assert len(set(moved)) == len(moved)
        metres = [Geod(ellps="WGS84").inv(0, 0, *p)[2] for p in moved]
        assert 999.9 < min(metres) < max(metres) < 30_000.1

    def test_who_flies_where_it_really_is_enters_what_was_not_declared(self) -> None:
        # Along the meridian 200 km to the east, where no zone is.
        lon, _, _ = Geod(ellps="WGS84").fwd(0, 0, 90, 200_000)
        across = FLIGHT | {"route": [f"1S {lon}E", f"1N {lon}E"], "departs": "+100 min"}
        moved = MOVED | {"by": "200 km"}
        run = run_of(**amended({}, moved=moved), flights={"f": across})
        assert [incursion.cause for incursion in run.incursions] == ["undeclared"]
        assert run_of(**amended({}), flights={"f": across}).incursions == ()


def assert_at(footprint: Footprint, *, east_km: float, radius_km: float) -> None:
    """Check that a footprint is the circle round a place so far along the equator."""
    assert isinstance(footprint, Circle)
    lon, lat, _ = Geod(ellps="WGS84").fwd(0, 0, 90, east_km * 1000)
    assert footprint.center == pytest.approx((lon, lat), abs=1e-9)
    assert footprint.radius_m == radius_km * 1000


def test_a_flight_is_free_once_its_crew_knows_of_the_cancellation() -> None:
    far = FLIGHT | {"route": ["0N 2W", "0N 2E"], "departs": "+100 min"}
    told = amended({"cancel": {}}, cancel=1) | {"flights": {"f": far}}
    run = run_of(**told, parties={"north": {}, "south": {"response": {"actions": ["cancel"]}}})
    assert run.violations == ()
    assert run.metrics["denied_km2_h"] == pytest.approx(3.14159 * 46**2 * 0.5, rel=1e-3)


class TestCoarserZones:
    def declared(self, zone: dict[str, Any], **operation: Any) -> Volume:
        journal = journal_of(
            operations={"op": OPERATION | operation}, zones={"z": {"covers": "op"} | zone}
        )
        return journal.of(ZoneIssued)[0].volume

    def test_a_bounding_circle_holds_the_whole_area(self) -> None:
        square = {"polygon": ["1S 1W", "1S 1E", "1N 1E", "1N 1W"]}
        circle = self.declared({"area": {"bounding_circle": "5 km"}}, area=square).footprint
        assert isinstance(circle, Circle)
        half = Geod(ellps="WGS84").inv(0, 0, 1, 1)[2]
        # The smallest circle, or one that is larger by less than a percent, and holds it all.
        assert half + 5000 <= circle.radius_m <= 1.01 * half + 5000
        for corner in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            assert circle.depth(*corner) >= 5000 - 1

    def test_a_grid_takes_every_cell_that_is_touched(self) -> None:
        # 6 km round the corner of four cells, and round the middle of one.
        four = self.declared({"area": {"grid": "0.5 deg"}}).footprint
        one = self.declared(
            {"area": {"grid": "0.5 deg"}},
            area={"circle": {"center": "0.25N 0.25E", "radius": "6 km"}},
        ).footprint
        cell = Polygon((Position(0, 0), Position(0.5, 0), Position(0.5, 0.5), Position(0, 0.5)))
        assert one.area_km2 == pytest.approx(cell.area_km2, rel=1e-3)
        assert four.area_km2 == pytest.approx(4 * cell.area_km2, rel=1e-3)

    def test_an_offset_displaces_a_buffer(self) -> None:
        offset = {"by": "10 km", "bearing": "45 deg"}
        circle = self.declared({"area": {"buffer": "40 km", "offset": offset}}).footprint
        lon, lat, _ = Geod(ellps="WGS84").fwd(0, 0, 45, 10_000)
        assert circle == Circle(Position(lon, lat), 46_000)

    @pytest.mark.parametrize("area", [{"bounding_circle": "5 km"}, {"grid": "0.5 deg"}])
    def test_an_offset_displaces_a_footprint_as_it_stands(self, area: dict[str, Any]) -> None:
        # A grid's cell from 0 to 0.5 degrees, and the circle round the square within it.
        square = {"polygon": ["0.1N 0.1E", "0.1N 0.4E", "0.4N 0.4E", "0.4N 0.1E"]}
        offset = {"by": "30 km", "bearing": "270 deg"}
        there = self.declared({"area": area | {"offset": offset}}, area=square).footprint
        here = self.declared({"area": area}, area=square).footprint
        assert there.area_km2 == pytest.approx(here.area_km2, rel=1e-6)
        centre = there.cap.centre
        azimuth, _, metres = Geod(ellps="WGS84").inv(*here.cap.centre, *centre)
        # The middle of a cap is found within so much of its radius by the steps that seek it.
        assert metres == pytest.approx(30_000, abs=1e-3 * here.cap.radius_m)
        assert azimuth % 360 == pytest.approx(270, abs=0.2)

    def test_an_offset_of_nothing_leaves_it_where_it_is(self) -> None:
        area = {"grid": "0.5 deg", "offset": {"by": "0 km", "bearing": "45 deg"}}
        assert self.declared({"area": area}) == self.declared({"area": {"grid": "0.5 deg"}})

    def test_times_are_widened_to_full_steps(self) -> None:
        window = {"pad": "10 min", "round": "30 min"}
        # 80 to 160 min after midnight.
        volume = self.declared({"window": window})
        assert volume.window == (60 * 60, 180 * 60)

    @pytest.mark.parametrize(
        ("center", "grid", "message"),
        [
            ("89N 0E", "1 deg", "a grid of degrees ends at 80 degrees of latitude"),
            ("0N 180E", "0.7 deg", "cells of 0.7 degrees do not join at the antimeridian"),
            ("0N 0E", "0.001 deg", "has over 2500 cells here; choose a larger step"),
            ("0N 0E", "180 deg", "a grid of degrees cannot lie all around the Earth"),
        ],
    )
    def test_a_grid_that_cannot_be_is_refused(self, center: str, grid: str, message: str) -> None:
        with pytest.raises(ScenarioError, match=message):
            self.declared(
                {"area": {"grid": grid}}, area={"circle": {"center": center, "radius": "20 km"}}
            )

    @pytest.mark.parametrize(
        ("grid", "designator"), [("30'", "381NH"), ("15'", "381NH4"), ("5'", "381NH45")]
    )
    def test_minutes_of_arc_make_the_cells_of_gars(self, grid: str, designator: str) -> None:
        # 57.64911N 10.40744E in Jutland is in GARS 381NH45: the example of GeographicLib.
        cell = self.declared(
            {"area": {"grid": grid}},
            area={"circle": {"center": "57.64911N 10.40744E", "radius": "100 m"}},
        ).footprint
        assert isinstance(cell, Polygon)
        west, south, size = gars(designator)
        east, north = west + size, south + size
        corners = [(west, south), (east, south), (east, north), (west, north)]
        for found, expected in zip(sorted(cell.exterior), sorted(corners), strict=True):
            assert found == pytest.approx(expected, abs=1e-12)

    def test_cells_join_whatever_the_rounding_of_their_corners(self) -> None:
        # 6 x 0.1 is 0.6000000000000001, and 0.5 + 0.1 is not.
        cells = self.declared(
            {"area": {"grid": "0.1 deg"}},
            area={"circle": {"center": "0.6N 0.6E", "radius": "40 km"}},
        ).footprint
        assert isinstance(cells, Polygon)
        assert cells.holes == ()
        assert all(cells.contains(0.6 + dx, 0.6) for dx in (-0.3, -0.1, 0.0, 0.1, 0.3))

    @pytest.mark.parametrize("center", ["0N 180E", "0N 180W", "0N 179.99W"])
    def test_a_grid_goes_on_across_the_antimeridian(self, center: str) -> None:
        across, here = (
            self.declared(
                {"area": {"grid": "30'"}}, area={"circle": {"center": place, "radius": "6 km"}}
            ).footprint
            for place in (center, "0N 0E")
        )
        assert across.area_km2 == pytest.approx(here.area_km2, rel=1e-9)
        for lon, lat in ((179.51, 0.49), (179.51, -0.49), (-179.51, 0.49), (-179.51, -0.49)):
            assert across.contains(lon, lat)
        assert not across.contains(179.49, 0.0)
        assert not across.contains(-179.49, 0.0)


def gars(designator: str) -> tuple[float, float, float]:
    """Give the west, the south and the size in degrees of a cell, quadrant or keypad of GARS.

    Bands of 30' count from 180W by numbers and from 90S by letters, without I and O;
    quadrants and keypads from the north-west, as one reads.
    """
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    first, second = (letters.index(letter) for letter in designator[3:5])
    west = -180 + (int(designator[:3]) - 1) * 0.5
    south = -90 + (24 * first + second) * 0.5
    size = 0.5
    for digit, cut in zip(designator[5:], (2, 3), strict=False):
        size /= cut
        row, column = divmod(int(digit) - 1, cut)
        west, south = west + column * size, south + (cut - 1 - row) * size
    return west, south, size
