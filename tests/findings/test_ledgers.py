"""Ledgers: what each party would claim, and by which difference in knowledge the books differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.findings.ledgers import REASONS, Claim
from sim.scenario.checks import TRUTH
from tests.stories import FLIGHT, LINE, ZONE, run_of, scenario

if TYPE_CHECKING:
    from sim.findings.run import Run

# The flight is inside from 98.632 to 103.632 min: 100 km at 20 km a minute.
ENTRY, EXIT = 98.632, 103.632
UNMOVED: dict[str, Any] = {"north": {}, "south": {"response": {"comply": 0}}}
PERFECT = LINE | {"answer": {"probability": 1, "wait": "0 s"}, "transfer": "0 s"}


def books(run: Run) -> dict[str, list[tuple[float, float]]]:
    """Give the stays of each book, in minutes."""
    found: dict[str, list[tuple[float, float]]] = {}
    for claim in run.ledgers:
        stay = (round(claim.entry / 60, 3), round(claim.end / 60, 3))
        found.setdefault(claim.book, []).append(stay)
    return found


def differences(run: Run) -> list[tuple[str, str, str]]:
    return [(d.claimed_by, d.missing_in, d.reason) for d in run.disagreements]


def test_told_perfectly_and_observed_always_all_books_agree() -> None:
    run = run_of(
        zones={"z": ZONE},
        flights={"f": FLIGHT},
        parties=UNMOVED,
        channels={"line": PERFECT},
    )
    assert books(run) == {name: [(ENTRY, EXIT)] for name in (TRUTH, "north", "south")}
    assert run.disagreements == ()


def test_a_receiver_never_told_claims_nothing() -> None:
    run = run_of(zones={"z": ZONE | {"notices": {}}}, flights={"f": FLIGHT})
    assert set(books(run)) == {TRUTH, "north"}
    assert differences(run) == [
        (TRUTH, "south", "not_told"),
        ("north", "south", "not_told"),
    ]


def test_what_is_told_during_a_stay_is_claimed_from_then_on() -> None:
    late = {"first": {"to": "south", "via": "line", "at": "+97 min"}}
    run = run_of(
        zones={"z": ZONE | {"notices": late, "issued": "+0 min"}},
        flights={"f": FLIGHT},
        parties=UNMOVED,
    )
    assert books(run)["south"] == [(100.0, EXIT)]
    assert run.disagreements == ()


def test_what_is_told_after_a_stay_is_no_claim() -> None:
    late = {"first": {"to": "south", "via": "line", "at": "+110 min"}}
    run = run_of(zones={"z": ZONE | {"notices": late, "issued": "+0 min"}}, flights={"f": FLIGHT})
    assert differences(run)[0] == (TRUTH, "south", "told_later")


def test_a_declarer_counts_what_it_had_exempted() -> None:
    run = run_of(zones={"z": ZONE | {"exempt": ["f"]}}, flights={"f": FLIGHT}, parties=UNMOVED)
    assert set(books(run)) == {"north"}
    assert differences(run) == [("north", TRUTH, "exempt"), ("north", "south", "exempt")]


def test_a_declarer_that_does_not_look_claims_nothing() -> None:
    run = run_of(
        zones={"z": ZONE}, flights={"f": FLIGHT}, parties=UNMOVED | {"north": {"observes": 0}}
    )
    assert set(books(run)) == {TRUTH, "south"}
    assert differences(run) == [
        (TRUTH, "north", "not_observed"),
        ("south", "north", "not_observed"),
    ]


def test_told_another_place_the_receiver_claims_what_never_was() -> None:
    # Told 120 km further east, and so entered 6 min later.
    garble = {"probability": 1, "offset": "120 km", "bearing": "90 deg"}
    run = run_of(
        zones={"z": ZONE},
        flights={"f": FLIGHT},
        parties=UNMOVED,
        channels={"line": LINE | {"garble": garble}},
    )
    assert books(run)["north"] == books(run)[TRUTH] == [(ENTRY, EXIT)]
    ((entry, exit_),) = books(run)["south"]
    assert entry == pytest.approx(ENTRY + 6)
    assert exit_ == pytest.approx(EXIT + 6)
    assert differences(run) == [
        (TRUTH, "south", "told_otherwise"),
        ("north", "south", "told_otherwise"),
        ("south", TRUTH, "told_otherwise"),
        ("south", "north", "told_otherwise"),
    ]
    assert {d.detail for d in run.disagreements} == {"south was told version 1 wrongly"}


def test_an_old_version_that_had_ended_leaves_the_receiver_without_a_claim() -> None:
    operation = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
        "altitude": ["SFC", "UNL"],
        "window": {"start": "+60 min", "end": "+80 min"},
        "overrun": "1 h",
    }
    zone = {
        "covers": "op",
        "area": {"buffer": "40 km"},
        "window": {"pad": "5 min"},
        "notices": {"first": {"to": "south", "via": "line", "at": "+10 min"}},
        "amend": {"overrun": {"delay": "10 min", "extend": "1 h"}},
    }
    # Version 2 is issued at 90, when version 1 has ended; the calls about it are not answered.
    run = run_of(
        operations={"op": operation},
        zones={"z": zone},
        flights={"f": FLIGHT},
        channels={"line": LINE | {"outages": [{"start": "+85 min", "duration": "4 h"}]}},
    )
    assert set(books(run)) == {TRUTH, "north"}
    assert differences(run) == [
        (TRUTH, "south", "outside_told_window"),
        ("north", "south", "outside_told_window"),
    ]


def test_who_observes_half_claims_half_and_always_the_same_half() -> None:
    flights = {"f": FLIGHT | {"repeat": {"every": "10 s", "count": 200}}}
    parties = UNMOVED | {"north": {"observes": 0.5}}
    run = run_of(zones={"z": ZONE}, flights=flights, parties=parties)
    seen = [claim for claim in run.ledgers if claim.book == "north"]
    assert 70 <= len(seen) <= 130  # four standard deviations of a fair coin
    again = run_of(zones={"z": ZONE, "zz": ZONE}, flights=flights, parties=parties)
    assert [c for c in again.ledgers if c.book == "north" and c.zone == "z"] == seen


def test_seeing_is_no_part_of_what_happens() -> None:
    seen, unseen = (
        run_of(
            zones={"z": ZONE},
            flights={"f": FLIGHT},
            parties=UNMOVED | {"north": {"observes": sees}},
        )
        for sees in (1, 0)
    )
    assert seen.journal.dumps() == unseen.journal.dumps()
    assert seen.violations == unseen.violations


def test_the_truth_s_book_is_the_violations() -> None:
    run = run_of(
        zones={"z": ZONE},
        flights={"f": FLIGHT | {"departs": "+351 min"}, "g": FLIGHT},
        parties=UNMOVED,
    )
    assert run.violations
    assert [c for c in run.ledgers if c.book == TRUTH] == [
        Claim(TRUTH, v.flight, v.party, v.zone, v.entry, v.exit, v.duration_s)
        for v in run.violations
    ]


def test_ledgers_and_disagreements_are_tables() -> None:
    run = run_of(zones={"z": ZONE | {"notices": {}}}, flights={"f": FLIGHT})
    assert list(run.to_frame("ledgers")["book"]) == ["truth", "north"]
    assert set(run.to_frame("disagreements")["reason"]) <= set(REASONS)


def test_no_party_may_be_called_truth() -> None:
    with pytest.raises(ScenarioError, match=r'"truth" is what really happened'):
        scenario(parties={"north": {}, "south": {}, "truth": {}})
