"""Sites: plans over them, what really came over them, and why nobody had been told.

The operation is a circle of 10 km round 0N 0E from 60 to 180 min; a call begun at a
minute is answered after 1 and has passed the notice after 3.
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.findings.causes import CAUSES
from sim.findings.run import Run
from sim.geometry.footprint import Circle
from sim.model.journal import Disseminated, Journal, UnitReacted
from sim.units import Position
from tests.stories import FLIGHT, LINE, run_of

OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["SFC", "FL100"],
    "window": {"start": "+60 min", "duration": "2 h"},
}
CAMP: dict[str, Any] = {"party": "south", "at": "0N 0.05E"}
NEVER = {"probability": 0, "wait": "1 min", "patience": "2 min"}
SOUTHERN: dict[str, Any] = {"circle": {"center": "2S 0E", "radius": "50 km"}}


def cover(at: float | None = 10, **changes: Any) -> dict[str, Any]:
    """A zone 40 km wider and half an hour longer than the operation, told at a minute."""
    first = {"to": "south", "via": "line", "at": f"+{at} min"}
    return {
        "covers": "op",
        "area": {"buffer": "40 km"},
        "window": {"pad": "30 min"},
        "issued": "+0 min",
        "notices": {} if at is None else {"first": first},
    } | changes


def told(
    site: dict[str, Any] | None = None,
    operation: dict[str, Any] | None = None,
    **sections: Any,
) -> Run:
    return run_of(
        operations={"op": OPERATION | (operation or {})},
        sites={"camp": CAMP | (site or {})},
        **sections,
    )


def minutes(run: Run) -> list[tuple[float, float | None]]:
    return [(i.start / 60, i.end and i.end / 60) for i in run.site_incursions]


def causes(run: Run) -> list[str]:
    return [incursion.cause for incursion in run.site_incursions]


class TestPlans:
    def test_a_planned_operation_over_a_site_is_an_overlap(self) -> None:
        (overlap,) = told().overlaps
        assert (overlap.kind, overlap.first, overlap.second) == ("site-operation", "camp", "op")
        assert overlap.parties == ("south", "north")
        assert (overlap.start / 60, overlap.end / 60) == (60, 180)
        assert overlap.area_km2 is None
        assert (overlap.lower_m, overlap.upper_m, overlap.reference) == (0, 0, "AGL")

    def test_only_while_people_are_there(self) -> None:
        (overlap,) = told({"present": {"start": "+100 min", "end": "+4 h"}}).overlaps
        assert (overlap.start / 60, overlap.end / 60) == (100, 180)
        # Half-open: who comes when it ends does not meet it, nor who leaves when it begins.
        assert told({"present": {"start": "+180 min", "end": "+4 h"}}).overlaps == ()
        assert told({"present": {"start": "+0 min", "end": "+60 min"}}).overlaps == ()

    def test_an_area_has_the_part_that_both_share(self) -> None:
        inside = {"at": None, "area": {"circle": {"center": "0N 0E", "radius": "1 km"}}}
        run = run_of(
            operations={"op": OPERATION},
            sites={"camp": {k: v for k, v in (CAMP | inside).items() if v is not None}},
        )
        (overlap,) = run.overlaps
        assert overlap.area_km2 == pytest.approx(Circle(Position(0, 0), 1000).area_km2, rel=1e-6)

    @pytest.mark.parametrize(
        ("lower", "vertical", "reaches"),
        [
            ("SFC", {}, True),
            ("0 ft AGL", {}, True),
            ("50 m AGL", {}, False),
            ("400 m MSL", {"terrain": "400 m"}, True),
            ("401 m MSL", {"terrain": "400 m"}, False),
            ("FL10", {"terrain": "400 m", "qnh": "standard"}, True),
            ("FL20", {"terrain": "400 m", "qnh": "standard"}, False),
        ],
    )
    def test_only_if_it_reaches_the_surface(
        self, lower: str, vertical: dict[str, str], *, reaches: bool
    ) -> None:
        run = told(operation={"altitude": [lower, "UNL"]}, vertical=vertical)
        assert bool(run.overlaps) is reaches
        assert bool(run.site_incursions) is reaches

    def test_a_party_s_own_site_and_a_site_outside_are_none(self) -> None:
        # 0.09 degrees of the equator are 10 018.8 m.
        for change in ({"party": "north"}, {"at": "0N 0.09E"}):
            run = told(change)
            assert (run.overlaps, run.site_incursions) == ((), ())
        # 0.0898 degrees are 9 996.5 m.
        assert len(told({"at": "0N 0.0898E"}).overlaps) == 1


class TestWhatHappened:
    def test_it_lasts_as_long_as_the_operation_really_does(self) -> None:
        assert minutes(told(operation={"slip": "30 min", "overrun": "15 min"})) == [(90, 225)]

    def test_one_that_is_moved_comes_over_others_than_planned(self) -> None:
        # The camp is 5.57 km east of the planned middle, and the operation 10 km wide.
        away = {"moved": {"by": "30 km", "bearing": "270 deg"}}
        run = told(operation=away)
        assert (len(run.overlaps), run.site_incursions) == (1, ())
        run = told({"at": "0N 0.3W"}, operation=away)
        assert run.overlaps == ()
        assert minutes(run) == [(60, 180)]

    def test_it_lasts_while_people_are_there(self) -> None:
        assert minutes(told({"present": {"start": "+100 min", "duration": "30 min"}})) == [
            (100, 130)
        ]

    def test_a_cancelled_operation_is_over_nobody(self) -> None:
        run = told(operation={"cancel": 1})
        assert len(run.overlaps) == 1
        assert run.site_incursions == ()

    def test_what_goes_on_at_the_horizon_is_censored(self) -> None:
        (incursion,) = told(operation={"overrun": "9 h"}).site_incursions
        assert (incursion.end, incursion.censored) == (None, True)
        assert incursion.duration_s / 60 == 300

    def test_incursions_are_numbered_by_start_and_told_apart_from_those_of_flights(self) -> None:
        run = run_of(
            operations={"op": OPERATION},
            sites={"late": CAMP | {"present": {"start": "+90 min", "end": "+5 h"}}, "new": CAMP},
            flights={"f": FLIGHT | {"altitude": "FL50"}},
        )
        assert [(i.id, i.site) for i in run.site_incursions] == [
            ("site-incursion-1", "new"),
            ("site-incursion-2", "late"),
        ]
        assert (run.metrics["incursions"], run.metrics["site_incursions"]) == (1, 2)
        assert len(run.to_frame("site_incursions")) == 2

    def test_the_site_s_people_are_told_and_react_as_a_unit(self) -> None:
        run = told(zones={"z": cover()}, parties=south(dissemination="4 min", reaction="2 min"))
        assert [(r.at / 60, r.unit) for r in run.journal.of(Disseminated)] == [(17, "camp")]
        assert [(r.at / 60, r.unit) for r in run.journal.of(UnitReacted)] == [(19, "camp")]

    def test_a_journal_can_be_judged_again(self) -> None:
        run = told(zones={"z": cover()})
        again = Run(run.plan, Journal.loads(run.journal.dumps()))
        assert again.site_incursions == run.site_incursions
        assert len(run.site_incursions) == 1


def south(*, handling: str = "0 s", dissemination: str = "0 s", reaction: str = "0 s") -> Any:
    desk = {"handling": handling, "dissemination": dissemination}
    return {"north": {}, "south": {"desk": desk, "response": {"reaction": reaction}}}


GARBLED = {"probability": 1, "offset": "200 km", "bearing": "0 deg"}

# The smallest change that makes a leaf, beside the one that the story ends in without it.
LEAVES: dict[str, dict[str, Any]] = {
    "undeclared": {},
    "never_addressed": {"zones": {"z": cover(None)}},
    "not_yet_sent": {"zones": {"z": cover(70)}},
    "in_transit": {"zones": {"z": cover(58)}},
    "unanswered": {"zones": {"z": cover()}, "channels": {"line": LINE | {"answer": NEVER}}},
    "lost": {"zones": {"z": cover()}, "channels": {"line": LINE | {"loss": 1}}},
    "misinformed": {"zones": {"z": cover()}, "channels": {"line": LINE | {"garble": GARBLED}}},
    "not_disseminated": {"zones": {"z": cover()}, "parties": south(dissemination="48 min")},
    "no_time": {"zones": {"z": cover()}, "parties": south(reaction="48 min")},
    "unable": {"zones": {"z": cover()}},
}


class TestCauses:
    @pytest.mark.parametrize("cause", LEAVES)
    def test_each_leaf_has_a_story(self, cause: str) -> None:
        assert causes(told(**LEAVES[cause])) == [cause]

    def test_a_site_never_disregards(self) -> None:
        assert LEAVES.keys() | {"disregarded", "relay_gap"} == set(CAUSES)
        parties = south()
        parties["south"]["response"]["comply"] = 0
        assert causes(told(zones={"z": cover()}, parties=parties)) == ["unable"]

    @pytest.mark.parametrize("step", ["dissemination", "reaction"])
    def test_a_minute_less_and_they_knew(self, step: str) -> None:
        # Handled at 13, so 47 min later is the instant at which the operation begins.
        assert causes(told(zones={"z": cover()}, parties=south(**{step: "47 min"}))) == ["unable"]

    def test_a_site_may_have_a_reaction_of_its_own(self) -> None:
        parties = south(reaction="48 min")
        parties["south"]["units"] = {"camp": {"response": {"reaction": "5 min"}}}
        assert causes(told(zones={"z": cover()}, parties=parties)) == ["unable"]

    def test_an_earlier_call_and_they_knew(self) -> None:
        assert causes(told(zones={"z": cover(57)})) == ["unable"]

    def test_a_zone_that_is_not_over_the_site_declares_nothing_there(self) -> None:
        elsewhere = cover(area=SOUTHERN)
        assert causes(told(zones={"z": elsewhere})) == ["undeclared"]
        aloft = cover(altitude=["FL20", "UNL"])
        settings = {"terrain": "400 m", "qnh": "standard"}
        assert causes(told(zones={"z": aloft}, vertical=settings)) == ["undeclared"]

    def test_people_who_come_later_are_judged_when_they_come(self) -> None:
        site = {"present": {"start": "+100 min", "duration": "30 min"}}
        assert causes(told(site, zones={"z": cover(70)})) == ["unable"]

    def test_an_area_is_covered_if_its_part_under_the_operation_is(self) -> None:
        # A site of 30 km round the same centre, of which the zone holds all that is in danger.
        wide: dict[str, Any] = {"circle": {"center": "0N 0E", "radius": "30 km"}}
        half: dict[str, Any] = {"circle": {"center": "0N 0.2E", "radius": "20 km"}}
        for area, cause in (
            ({"buffer": "1 km"}, "unable"),
            ({"buffer": "25 km"}, "unable"),
            (half, "undeclared"),
        ):
            run = run_of(
                operations={"op": OPERATION},
                sites={"town": {"party": "south", "area": wide}},
                zones={"z": cover(area=area)},
            )
            assert causes(run) == [cause]

    def test_the_evidence_tells_the_chain_in_order(self) -> None:
        run = told(**LEAVES["no_time"])
        (incursion,) = run.site_incursions
        assert incursion.notice == "z.first"
        assert [(e.at / 60, e.text) for e in incursion.evidence] == [
            (10, "version 1 drafted for south"),
            (10, "attempt 1 begun"),
            (11, "attempt 1 connected"),
            (13, "delivered"),
            (13, "handled"),
            (13, "acknowledged"),
            (13, "disseminated to camp"),
            (60, "op under way over camp: told too late"),
            (61, "heeded by camp"),
        ]
        for evidence in incursion.evidence:
            assert run.journal.records[evidence.record].at == evidence.at

    def test_a_site_that_cannot_move_says_so(self) -> None:
        (incursion,) = told(**LEAVES["unable"]).site_incursions
        assert incursion.detail == "a site cannot move"
