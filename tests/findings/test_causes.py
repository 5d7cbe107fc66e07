"""Each leaf of the tree alone in a smallest scenario, beside a neighbour that one change makes."""

from __future__ import annotations

from typing import Any

import pytest

from sim.findings.causes import CAUSES, INFORMED
from tests.oracles import derive_cause
from tests.stories import FLIGHT, LINE, ZONE, run_of

# The flight departs at 90 and is at the border at 98.632 min (see test_flights).
ENTRY = 98.632
OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["SFC", "UNL"],
    "window": {"start": "+60 min", "duration": "2 h"},
}


def zone(at: float | None, **changes: Any) -> dict[str, Any]:
    """Tell the south at a minute; None: tell nobody."""
    first = {"to": "south", "via": "line", "at": f"+{at} min"}
    return {"z": ZONE | {"notices": {} if at is None else {"first": first}} | changes}


def line(**changes: Any) -> dict[str, Any]:
    """Change a line that answers after a minute and passes a notice in two."""
    return {"line": LINE | changes}


def south(*, desk: dict[str, Any] | None = None, **response: Any) -> dict[str, Any]:
    return {"north": {}, "south": {"desk": desk or {}, "response": response}}


SILENT = {
    "to": "south",
    "via": "line",
    "at": "+70 min",
    "unacknowledged": {"after": "5 min", "then": ["retry", "go"]},
}
UNHEARD = {"probability": 0, "wait": "1 min", "patience": "2 min"}
GARBLED = {"probability": 1, "offset": "200 km", "bearing": "0 deg"}
ONCE = {"after": "1 min", "attempts": 1}
SHORT = OPERATION | {"window": {"start": "+60 min", "duration": "30 min"}, "overrun": "30 min"}
WIDE = {"covers": "op", "area": {"buffer": "40 km"}}


def told_twice(seed: int) -> dict[str, Any]:
    """Tell two areas that contradict each other; by seed 9 the coin falls on the wrong one."""
    garble = GARBLED | {"contradictory": 1}
    return {"zones": zone(30), "channels": line(garble=garble), "seed": seed}


def lasting(amend: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Give a zone round an operation that lasts from 60 to 120, planned to end at 90."""
    notices = {"first": {"to": "south", "via": "line", "at": "+30 min"}}
    cover = WIDE | {"notices": notices, "amend": amend} | changes
    return {"operations": {"op": SHORT}, "zones": {"z": cover}}


EXTENDED = lasting({"overrun": {"extend": "40 min"}})
ESTIMATED = lasting({"end": {}}, window={"pad": "0 s", "estimated": "true"})

LEAVES: dict[str, tuple[str, dict[str, Any]]] = {
    "nobody is told": ("never_addressed", {"zones": zone(None)}),
    "told after it went in": ("not_yet_sent", {"zones": zone(99, issued="+0 min")}),
    "being passed": ("in_transit", {"zones": zone(97, issued="+0 min")}),
    "in the tray": (
        "in_transit",
        {"zones": zone(90), "parties": south(desk={"handling": "9 min"})},
    ),
    "waiting for a line": (
        "in_transit",
        {
            "zones": zone(97, issued="+0 min")
            | {"a": zone(96)["z"] | {"area": {"circle": {"center": "20N 0E", "radius": "1 km"}}}}
        },
    ),
    "ringing": ("unanswered", {"zones": zone(98, issued="+0 min")}),
    "nobody answers": ("unanswered", {"zones": zone(90), "channels": line(answer=UNHEARD)}),
    "given up": ("unanswered", {"zones": zone(70), "channels": line(answer=UNHEARD, retry=ONCE)}),
    "broken off": (
        "lost",
        {"zones": zone(90), "channels": line(loss=1, retry={"after": "9 min", "attempts": 2})},
    ),
    "broken off for good": ("lost", {"zones": zone(70), "channels": line(loss=1, retry=ONCE)}),
    "told another place": ("misinformed", {"zones": zone(30), "channels": line(garble=GARBLED)}),
    "told two places, and the wrong one won": (
        "misinformed",
        told_twice(9),
    ),
    "told the version before again": (
        "misinformed",
        EXTENDED | {"channels": line(garble={"outdated": 1})},
    ),
    "an estimated end taken for the end": (
        "misinformed",
        ESTIMATED | {"parties": south(desk={"trusts_estimates": 1})},
    ),
    "a clock that is fast": (
        "misinformed",
        {
            "zones": zone(30, window={"start": "+60 min", "duration": "39 min"}),
            "parties": {"north": {}, "south": {"clock": "1 min"}},
            "flights": {"f": FLIGHT | {"departs": "+91 min"}},
        },
    ),
    "refused, as it came late": (
        "lost",
        {"zones": zone(30), "channels": line(lead={"asked": "31 min"})},
    ),
    "the named contact absent": (
        "unanswered",
        {
            "zones": zone(90),
            "channels": line(answer=LINE["answer"] | {"absent": 1, "returns": "9 min"}),
        },
    ),
    "nothing heard, and gone ahead": (
        "unanswered",
        {
            "zones": zone(70) | {"z": zone(70)["z"] | {"notices": {"first": SILENT}}},
            "channels": line(answer=UNHEARD, retry=ONCE),
        },
    ),
    "crew not yet told": (
        "not_disseminated",
        {"zones": zone(90), "parties": south(desk={"dissemination": "6 min"})},
    ),
    "crew still reacting": ("no_time", {"zones": zone(90), "parties": south(reaction="6 min")}),
    "inside when it begins": (
        "no_time",
        {
            "zones": zone(30, window={"start": "+100 min", "duration": "1 h"}),
            "parties": south(reaction="69 min"),
        },
    ),
    "no way allowed": ("unable", {"zones": zone(30), "parties": south(actions=["divert"])}),
    "will not": ("disregarded", {"zones": zone(30), "parties": south(comply=0)}),
}


@pytest.mark.parametrize(("expected", "sections"), LEAVES.values(), ids=LEAVES)
def test_each_leaf_appears_alone(expected: str, sections: dict[str, Any]) -> None:
    run = run_of(**{"flights": {"f": FLIGHT}} | sections)
    assert [violation.cause for violation in run.violations] == [expected]
    (violation,) = run.violations
    derived = derive_cause(
        run.scenario.document, run.journal.dumps(), flight="f", zone="z", entry=violation.entry
    )
    assert derived == expected


NEIGHBOURS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "told in time": (None, {"zones": zone(90)}),
    "called a minute earlier": ("in_transit", {"zones": zone(97.5, issued="+0 min")}),
    "handled at once": (None, {"zones": zone(90), "parties": south(desk={"handling": "0 s"})}),
    "answered": (None, {"zones": zone(90), "channels": line(answer={"probability": 1})}),
    "not broken off": (None, {"zones": zone(90), "channels": line(loss=0)}),
    "told the right place": (
        None,
        {"zones": zone(30), "channels": line(garble={"probability": 0})},
    ),
    "told two places, and the right one won": (
        None,
        told_twice(1),
    ),
    "told the new version": (None, EXTENDED),
    "an estimated end taken for what it is": (None, ESTIMATED),
    "clocks that agree": (
        None,
        {
            "zones": zone(30, window={"start": "+60 min", "duration": "39 min"}),
            "flights": {"f": FLIGHT | {"departs": "+91 min"}},
        },
    ),
    "asked for no more than it has": (
        None,
        {"zones": zone(30), "channels": line(lead={"asked": "30 min"})},
    ),
    "refused, but urgent": (
        None,
        {
            "zones": {
                "z": ZONE
                | {"notices": {"first": ZONE["notices"]["first"] | {"priority": "urgent"}}}
            },
            "channels": line(lead={"asked": "31 min", "urgent": "30 min"}),
        },
    ),
    "the named contact back sooner": (
        None,
        {
            "zones": zone(90),
            "channels": line(answer=LINE["answer"] | {"absent": 1, "returns": "4 min"}),
        },
    ),
    "the operation put off until somebody answers": (
        None,
        lasting({"end": {}})
        | {
            "operations": {"op": OPERATION},
            "zones": {
                "z": WIDE
                | {
                    "notices": {
                        "first": SILENT
                        | {
                            "at": "+30 min",
                            "unacknowledged": {"after": "9 min", "then": [{"postpone": "2 h"}]},
                        }
                    }
                }
            },
            "channels": line(answer=UNHEARD, retry=ONCE),
        },
    ),
    "disseminated sooner": (
        None,
        {"zones": zone(90), "parties": south(desk={"dissemination": "5 min"})},
    ),
    "reacts sooner": (None, {"zones": zone(90), "parties": south(reaction="5 min")}),
    "another way allowed": (
        None,
        {"zones": zone(30), "parties": south(actions=["divert", "delay"])},
    ),
    "will": (None, {"zones": zone(30), "parties": south(comply=1)}),
    "exempt": (None, {"zones": zone(None, exempt=["f"])}),
    "its own zone": (None, {"zones": {"z": zone(None)["z"] | {"party": "south"}}}),
}


@pytest.mark.parametrize(("expected", "sections"), NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_one_change_makes_it_vanish_or_become_the_next_leaf(
    expected: str | None, sections: dict[str, Any]
) -> None:
    run = run_of(**{"flights": {"f": FLIGHT}} | sections)
    assert [violation.cause for violation in run.violations] == ([expected] if expected else [])


def test_a_grown_zone_is_entered_when_the_version_is_issued() -> None:
    first = {"to": "south", "via": "line", "at": "+10 min"}
    run = run_of(
        operations={
            "op": OPERATION | {"window": {"start": "+60 min", "end": "+80 min"}, "overrun": "1 h"}
        },
        zones={
            "z": {
                "covers": "op",
                "area": {"buffer": "40 km"},
                "window": {"pad": "5 min"},
                "notices": {"first": first},
                "amend": {"overrun": {"delay": "20 min", "extend": "1 h"}},
            }
        },
        flights={"f": FLIGHT},
    )
    # Version 1 ends at 85; version 2, issued at 100, finds the flight inside since 98.6.
    (violation,) = run.violations
    assert violation.entry / 60 == 100
    # What the desk holds has ended, and the newer copy is ringing: nobody has answered yet.
    assert violation.cause == "unanswered"


def test_an_incursion_outside_every_zone_is_undeclared() -> None:
    run = run_of(operations={"op": OPERATION}, flights={"f": FLIGHT})
    assert run.violations == ()
    (incursion,) = run.incursions
    assert (incursion.cause, incursion.zones) == ("undeclared", ())
    assert run.metrics["undeclared"] == 1


def test_an_incursion_within_a_zone_has_the_zone_s_cause_and_hangs_on_its_violation() -> None:
    covering = {k: v for k, v in ZONE.items() if k != "party"} | {"covers": "op", "notices": {}}
    run = run_of(operations={"op": OPERATION}, zones={"z": covering}, flights={"f": FLIGHT})
    (violation,), (incursion,) = run.violations, run.incursions
    assert violation.incursions == (incursion.id,)
    assert (incursion.cause, incursion.zones) == ("never_addressed", ("z",))
    assert violation.entry < incursion.entry
    assert incursion.duration_s == pytest.approx(60.0, abs=1e-3)  # 20 km at 20 km a minute


def test_it_is_told_how_long_a_crew_had_known() -> None:
    run = run_of(zones=zone(30), flights={"f": FLIGHT}, parties=south(comply=0))
    (violation,) = run.violations
    knew = 30 + 1 + 2  # called, answered, passed
    minutes = round(violation.entry / 60 - knew)
    said = f"f knew in time ({minutes // 60} h {minutes % 60:02d} min before) and did not heed it"
    assert violation.detail == said


def test_an_exempt_flight_s_incursion_is_its_own_doing() -> None:
    covering = {k: v for k, v in ZONE.items() if k != "party"} | {"covers": "op", "exempt": ["f"]}
    run = run_of(operations={"op": OPERATION}, zones={"z": covering}, flights={"f": FLIGHT})
    assert run.violations == ()
    assert [(i.cause, i.detail) for i in run.incursions] == [
        ("disregarded", "exempt from the zone, and free to enter it")
    ]


def test_of_several_zones_the_one_it_knew_of_is_the_cause_of_an_incursion() -> None:
    covering = {k: v for k, v in ZONE.items() if k != "party"} | {"covers": "op"}
    for other in ("a", "zz"):
        run = run_of(
            operations={"op": OPERATION},
            zones={other: covering | {"notices": {}}, "z": covering},
            flights={"f": FLIGHT},
            parties=south(comply=0),
        )
        assert {v.zone: v.cause for v in run.violations} == {
            other: "never_addressed",
            "z": "disregarded",
        }
        assert [(i.cause, i.zones) for i in run.incursions] == [
            ("disregarded", tuple(sorted((other, "z"))))
        ]


def test_the_evidence_tells_the_chain_in_order() -> None:
    run = run_of(
        flights={"f": FLIGHT},
        zones=zone(90),
        parties=south(desk={"handling": "1 min", "dissemination": "6 min"}),
    )
    (violation,) = run.violations
    assert [(round(e.at / 60, 1), e.text) for e in violation.evidence] == [
        (90, "version 1 drafted for south"),
        (90, "attempt 1 begun"),
        (91, "attempt 1 connected"),
        (93, "delivered"),
        (94, "handled"),
        (94, "acknowledged"),
        (98.6, "entered z: not yet disseminated"),
        (100, "disseminated to f"),
        (100, "heeded by f"),
        (100, "f chose to exit"),
    ]
    for evidence in violation.evidence:
        record = run.journal.records[evidence.record]
        if evidence.step != "entered":
            assert record.at == evidence.at


def test_every_cause_is_known() -> None:
    assert set(CAUSES) >= INFORMED
    assert len(CAUSES) == 12
