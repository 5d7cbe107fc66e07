"""What must hold of every run: of the shipped scenarios, and of stories that Hypothesis makes."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.findings import violations
from sim.findings.run import Run, run
from sim.model.journal import FlightActed, FlightFlown, Journal, ZoneIssued
from sim.scenario.reader import build, load
from tests.oracles import derive_cause, lines, sampled_stays
from tests.stories import FLIGHT, LINE, ZONE, as_text, scenario

if TYPE_CHECKING:
    from sim.findings.violations import Violation

SHIPPED = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
SEEDS = (0, 7)

HALF_A_DAY = 43_200.0
# A day of 300 flights takes minutes to sample; its zones and flights are like those of others.
SAMPLED = [path for path in SHIPPED if path.stem != "deconfliction_day"]

shipped = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def replaced(tree: Any, change: Any) -> Any:
    """Change every text of a tree, keys included."""
    if isinstance(tree, dict):
        return {replaced(key, change): replaced(value, change) for key, value in tree.items()}
    if isinstance(tree, list):
        return [replaced(value, change) for value in tree]
    return change(tree) if isinstance(tree, str) else tree


@shipped
@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_gives_the_same_bytes(path: Path, seed: int) -> None:
    assert run(load(path), seed).journal.dumps() == run(load(path), seed).journal.dumps()


@shipped
def test_many_flights_in_many_zones_are_found_as_few_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for least in (0, 10**9):
        monkeypatch.setattr(violations, "_MANY", least)
        judged = run(load(path), seed=2)
        found.append([judged.violations, judged.incursions, judged.ledgers])
    assert repr(found[0]) == repr(found[1])


@shipped
def test_replications_and_seeds_differ(path: Path) -> None:
    journals = {
        run(load(path), seed, n).journal.dumps().split("\n", 1)[1]
        for seed in SEEDS
        for n in range(3)
    }
    assert len(journals) == 6


@shipped
def test_a_shift_of_all_times_changes_nothing_but_the_times(path: Path) -> None:
    instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")
    document = load(path).document
    # Desk hours and rounded windows go by the time of day, which must then stay.
    by_the_day = "hours" in str(document) or "'round'" in str(document)
    shift = timedelta(days=400) if by_the_day else timedelta(days=400, hours=5, minutes=7)

    def later(text: str) -> str:
        if not instant.fullmatch(text):
            return text
        return (datetime.fromisoformat(text) + shift).isoformat()

    shifted = build(replaced(document, later))
    assert shifted.start_unix - load(path).start_unix == shift.total_seconds()
    assert run(shifted, 7).journal.dumps() == run(load(path), 7).journal.dumps()


@shipped
def test_the_order_of_the_file_changes_nothing(path: Path) -> None:
    document = load(path).document
    backwards = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in reversed(document.items())
    }
    assert run(build(backwards), 7).journal.dumps() == run(load(path), 7).journal.dumps()


@shipped
def test_the_names_of_parties_change_nothing_else(path: Path) -> None:
    document = load(path).document
    titled = copy.deepcopy(document)
    for spec in titled["parties"].values():
        spec["name"] = "Somebody"
    assert run(build(titled), 7).journal.dumps() == run(load(path), 7).journal.dumps()


def test_the_ids_of_parties_change_nothing_else() -> None:
    # Draws are keyed by ids, so this is told of a story that draws nothing.
    def rename(text: str) -> str:
        return {"north": "zulu", "south": "alpha"}.get(text, text)

    document = scenario(zones={"z": ZONE}, flights={"f": FLIGHT}).document
    before = run(build(document)).journal.dumps()
    after = run(build(replaced(document, rename))).journal.dumps()
    assert after == before.replace('"north"', '"zulu"').replace('"south"', '"alpha"')


@shipped
def test_an_unused_party_and_channel_change_nothing(path: Path) -> None:
    document = copy.deepcopy(load(path).document)
    document["parties"]["aaa-bystander"] = {"desk": {"officers": "3"}}
    document["channels"]["aaa-spare"] = {
        "medium": "hotline",
        "between": ["aaa-bystander", next(p for p in document["parties"])],
    }
    assert run(build(document), 7).journal.dumps() == run(load(path), 7).journal.dumps()


@shipped
@pytest.mark.parametrize("seed", range(5))
def test_an_independent_derivation_agrees_with_every_cause(path: Path, seed: int) -> None:
    found = run(load(path), seed)
    text = found.journal.dumps()
    for violation in found.violations:
        derived = derive_cause(
            found.scenario.document,
            text,
            flight=violation.flight,
            zone=violation.zone,
            entry=violation.entry,
        )
        assert derived == violation.cause, violation
    for incursion in found.incursions:
        if incursion.zones:
            (zone,) = incursion.zones
            derived = derive_cause(
                found.scenario.document,
                text,
                flight=incursion.flight,
                zone=zone,
                entry=incursion.entry,
            )
            assert derived == incursion.cause, incursion


@pytest.mark.parametrize("path", SAMPLED, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", SEEDS)
def test_fine_samples_agree_with_every_violation(path: Path, seed: int) -> None:
    found = run(load(path), seed)
    expected = sampled(found, step=1.0 if found.plan.horizon <= HALF_A_DAY else 30.0)
    for flight, zone in {(v.flight, v.zone) for v in found.violations} | expected.keys():
        solved = [v for v in found.violations if (v.flight, v.zone) == (flight, zone)]
        stays = expected.get((flight, zone), [])
        assert len(solved) == len(stays)
        for violation, (before, first, last, after) in zip(solved, stays, strict=True):
            assert before - 1e-3 <= violation.entry <= first + 1e-3
            assert last - 1e-3 <= violation.entry + violation.duration_s <= after + 1e-3


def sampled(
    found: Run, step: float
) -> dict[tuple[str, str], list[tuple[float, float, float, float]]]:
    records = lines(found.journal.dumps())
    stays = {}
    for zone in found.plan.zones.values():
        versions = [
            (r["at"], r["volume"] | ({"window": [0.0, 0.0]} if r["change"] == "cancel" else {}))
            for r in records
            if r["kind"] == "ZoneIssued" and r["zone"] == zone.id
        ]
        for record in records:
            if record["kind"] != "FlightFlown":
                continue
            if not found.plan.binds(zone, found.flights[record["flight"]]):
                continue
            inside = sampled_stays(record["track"], versions, step)
            if inside:
                stays[record["flight"], zone.id] = inside
    return stays


@shipped
def test_a_journal_replays_to_the_same_findings(path: Path) -> None:
    found = run(load(path), 7)
    again = Run(found.plan, Journal.loads(found.journal.dumps()))
    assert again.journal.dumps() == found.journal.dumps()
    assert again.violations == found.violations
    assert again.incursions == found.incursions
    assert again.gaps == found.gaps
    assert again.notices == found.notices
    assert json.dumps(again.metrics) == json.dumps(found.metrics)


@shipped
def test_without_notices_every_violation_is_of_somebody_never_addressed(path: Path) -> None:
    document = copy.deepcopy(load(path).document)
    for zone in document["zones"].values():
        zone.pop("notices", None)
    found = run(build(document), 7)
    assert {v.cause for v in found.violations} == {"never_addressed"}


@shipped
def test_a_perfect_chain_leaves_only_no_time_and_unable(path: Path) -> None:
    found = run(build(as_text(perfected(load(path).document))), 7)
    assert {v.cause for v in found.violations} <= {"no_time", "unable"}
    assert found.metrics["uninformed"] == 0


def perfected(document: dict[str, Any]) -> dict[str, Any]:
    """Let everybody be told at once, as soon as the scenario starts, and comply."""
    document = copy.deepcopy(document)
    for party in document["parties"].values():
        for key in ("desk", "clock"):
            party.pop(key, None)
        party["response"] = {"comply": "1", "margin": "1 km"}
    owners = {
        name: zone.get("party") or document["operations"][zone["covers"]]["party"]
        for name, zone in document["zones"].items()
    }
    document["channels"] = {
        f"from-{owner}": LINE
        | {
            "lines": 99,
            "between": None,
            "from": owner,
            "to": [p for p in document["parties"] if p != owner],
            "answer": {"probability": 1, "wait": "0 s", "patience": "1 s"},
            "transfer": "0 s",
        }
        for owner in set(owners.values())
    }
    for channel in document["channels"].values():
        del channel["between"]
    for name, zone in document["zones"].items():
        others = [party for party in document["parties"] if party != owners[name]]
        zone["issued"] = "+0 h"
        zone["notices"] = {"all": {"to": others, "via": f"from-{owners[name]}", "at": "+0 h"}}
    return document


def _agree(violation: Violation, stay: tuple[float, float, float, float], step: float) -> bool:
    """Compare the instants of a solved stay and a sampled one."""
    entry, exit_ = violation.entry, violation.entry + violation.duration_s
    before, first, last, after = stay
    return before - step <= entry <= first + 1e-3 and last - 1e-3 <= exit_ <= after + step


minutes = st.integers(0, 300)
tracks = st.lists(
    st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)), min_size=2, max_size=5, unique=True
)


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    corners=tracks,
    departs=minutes,
    at=minutes,
    begins=minutes,
    reaction=st.integers(0, 30),
    handling=st.integers(0, 30),
    comply=st.sampled_from([0, 1]),
    actions=st.permutations(["delay", "reroute", "divert", "cancel"]).map(lambda x: x[:2]),
    extend=st.integers(10, 60),
    clock=st.sampled_from([0, 0, -4, 4]),
    silence=st.sampled_from([None, 5, 30]),
    outdated=st.sampled_from([0, 0, 1]),
    estimated=st.booleans(),
)
def test_samples_and_derivation_agree_on_any_story(
    *,
    corners: list[tuple[float, float]],
    departs: int,
    at: int,
    begins: int,
    reaction: int,
    handling: int,
    comply: int,
    actions: list[str],
    extend: int,
    clock: int,
    silence: int | None,
    outdated: int,
    estimated: bool,
) -> None:
    operation: dict[str, Any] = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
        "altitude": ["SFC", "UNL"],
        "window": {"start": f"+{begins + 20} min", "duration": "40 min"},
        "overrun": "45 min",
    }
    cover: dict[str, Any] = {
        "covers": "op",
        "area": {"buffer": "40 km"},
        "window": {"pad": "20 min"},
        "notices": {"first": {"to": "south", "via": "line", "at": f"+{at} min"}},
        "amend": {"overrun": {"delay": "5 min", "extend": f"{extend} min"}},
    }
    if estimated:
        cover |= {"window": {"pad": "20 min", "estimated": "true"}, "amend": {"end": {}}}
    if silence is not None:
        then = ["retry", {"postpone": "30 min"}, "go"]
        cover["notices"]["first"]["unacknowledged"] = {"after": f"{silence} min", "then": then}
    garble = {"probability": "0.5", "contradictory": "0.5", "outdated": outdated}
    line = LINE | {"garble": LINE["garble"] | garble | {"offset": "30 km"}}
    route = [
        f"{abs(y):.4f}{'S' if y < 0 else 'N'} {abs(x):.4f}{'W' if x < 0 else 'E'}"
        for x, y in corners
    ]
    told = scenario(
        end="+9 h",
        operations={"op": operation},
        zones={"z": cover},
        channels={"line": line | {"acknowledgement": {"after": "2 min", "loss": "0.5"}}},
        flights={"f": FLIGHT | {"route": route, "departs": f"+{departs} min", "speed": "900 km/h"}},
        parties={
            "north": {},
            "south": {
                "clock": f"{clock} min",
                "desk": {"handling": f"{handling} min", "trusts_estimates": "0.5"},
                "response": {
                    "comply": comply,
                    "reaction": f"{reaction} min",
                    "margin": "2 km",
                    "actions": actions,
                },
            },
        },
    )
    found = run(told)
    step = 5.0
    expected = sampled(found, step).get(("f", "z"), [])
    # Samples can miss a stay shorter than two steps, and nothing else; instants agree to a step.
    unseen = [v for v in found.violations if not any(_agree(v, s, step) for s in expected)]
    assert all(v.duration_s < 2 * step for v in unseen)
    assert all(any(_agree(v, stay, step) for v in found.violations) for stay in expected)
    for violation in found.violations:
        cause = derive_cause(
            told.document, found.journal.dumps(), flight="f", zone="z", entry=violation.entry
        )
        assert cause == violation.cause
        # Links and sums hold whatever happens.
        assert violation.depth_m > 0
        if cause == "unable":  # only who found nothing to do fails; what is done works
            acts = [a.action for a in found.journal.of(FlightActed) if a.at <= violation.entry]
            assert acts[-1] in {"none", "exit"}
        assert set(violation.incursions) <= {i.id for i in found.incursions}
    assert found.metrics["flights"] == len(found.journal.of(FlightFlown))
    assert [r.version for r in found.journal.of(ZoneIssued)] == list(
        range(1, len(found.journal.of(ZoneIssued)) + 1)
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    buffers=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
    pads=st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted),
    lids=st.tuples(st.integers(80, 240), st.integers(80, 240)).map(sorted),
    slip=st.integers(0, 50),
    overrun=st.integers(0, 50),
    moved=st.integers(0, 15),
    amended=st.booleans(),
)
def test_a_wider_declaration_never_leaves_more_gap(
    *,
    buffers: list[int],
    pads: list[int],
    lids: list[int],
    slip: int,
    overrun: int,
    moved: int,
    amended: bool,
) -> None:
    operation = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
        "altitude": ["SFC", "FL180"],
        "window": {"start": "+60 min", "duration": "40 min"},
        "slip": f"{slip} min",
        "overrun": f"{overrun} min",
        "moved": {"by": f"{moved} km", "bearing": "30 deg"},
    }
    amend = {
        "slip": {"by": "10 min", "delay": "3 min"},
        "overrun": {"extend": "10 min"},
        "move": {"delay": "20 min"},
    }

    def gap(which: int) -> float:
        zone = {
            "covers": "op",
            "area": {"buffer": f"{buffers[which]} km"},
            "altitude": ["SFC", f"FL{lids[which]:03}"],
            "window": {"pad": f"{pads[which]} min"},
            "amend": amend if amended else {},
            "notices": {"first": {"to": "south", "via": "line", "at": "+0 min"}},
        }
        return run(scenario(operations={"op": operation}, zones={"z": zone})).metrics["gap_km2_h"]

    narrow, wide = gap(0), gap(1)
    assert wide <= narrow * (1.0 + 1e-6) + 1e-6


def test_start_is_utc() -> None:
    assert scenario().start_unix == datetime(2026, 1, 1, tzinfo=UTC).timestamp()
