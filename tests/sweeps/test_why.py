"""Why: a link made perfect prevents what it broke, by the same draws, and nothing else."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from sim.stats import difference_interval, mean_interval
from sim.sweeps.links import LINKS, perfected
from sim.sweeps.why import ask_why
from tests.findings.test_causes import LEAVES
from tests.stories import FLIGHT, LINE, ZONE, scenario

# By leaf, the links that alone would have prevented its violation. The flight is at the border
# at 98.632 min; a notice drafted at d is answered at d + 1 and delivered at d + 3.
MENDED: dict[str, set[str]] = {
    "nobody is told": {"addressing"},
    "told after it went in": {"sending"},
    "being passed": {"sending", "transfer"},  # 97 + 1 = 98 in time; answered at once 97 + 2 not
    "in the tray": {"sending", "desk"},  # 90 + 1 + 9 = 100 and 90 + 2 + 9 = 101 are too late
    # With lines for all the call of 97 is over at 100; if the call before it takes no time to
    # pass, at 97 + 1 = 98.
    "waiting for a line": {"sending", "transfer"},
    "ringing": {"sending"},  # 98 + 1 and 98 + 2 are too late
    "nobody answers": {"line"},
    "given up": {"line"},
    "broken off": {"line"},
    "broken off for good": {"line"},
    "told another place": {"transfer"},
    "told two places, and the wrong one won": {"transfer"},
    "told the version before again": {"transfer"},
    # Lifted at 120, when the operation is over; the desk thought at 90.
    "an estimated end taken for the end": {"desk"},
    "a clock that is fast": {"clocks"},
    "refused, as it came late": {"sending", "line"},
    "the named contact absent": {"line"},
    "nothing heard, and gone ahead": {"line"},
    # 93 + 6 = 99 is too late: a minute or two saved anywhere before is enough.
    "crew not yet told": {"sending", "line", "transfer", "dissemination"},
    "crew still reacting": {"sending", "line", "transfer", "reaction"},
    # 33 + 69 = 102, two minutes into the zone's time; it has to be out when that begins.
    "inside when it begins": {"sending", "reaction"},
    "no way allowed": {"actions"},
    "will not": {"compliance"},
}


def mended(**sections: Any) -> set[str]:
    """Give the links that prevent all violations; the others prevent none."""
    seed = sections.pop("seed", 0)
    why = ask_why(scenario(**sections), 1, seed)
    shares = {link: prevented.share for link, prevented in why.links.items()}
    assert set(shares.values()) <= {0.0, 1.0}
    return {link for link, share in shares.items() if share}


def test_every_leaf_is_asked_about() -> None:
    assert MENDED.keys() == LEAVES.keys()


@pytest.mark.parametrize("leaf", LEAVES)
def test_the_link_that_broke_prevents_it_and_others_do_not(leaf: str) -> None:
    _, sections = LEAVES[leaf]
    assert mended(**{"flights": {"f": FLIGHT}} | sections) == MENDED[leaf]


def test_an_intermediary_that_leaves_nothing_out_prevents_it() -> None:
    relayed = ZONE | {"notices": {"first": {"to": "south", "via": ["line", "hub", "on"], "at": 0}}}
    relayed["notices"]["first"]["at"] = "+30 min"
    sections: dict[str, Any] = {
        "zones": {"z": relayed},
        "channels": {
            "line": LINE | {"between": ["north", "hub"]},
            "on": LINE | {"between": ["hub", "south"]},
        },
    }
    for relay in ({"omits": 1}, {"omits_to": ["south"]}):
        parties = {"north": {}, "south": {}, "hub": {"desk": {"relay": relay}}}
        assert mended(flights={"f": FLIGHT}, parties=parties, **sections) == {"relays"}


def test_a_move_that_is_said_too_late_is_the_sender_s() -> None:
    # Planned 331.7 km to the north, and moved over the flight's way as decided at 30 min; south
    # is told of the first place, and of the second at 100, when the flight is in the middle.
    operation = {
        "party": "north",
        "area": {"circle": {"center": "3N 0E", "radius": "6 km"}},
        "altitude": ["SFC", "FL300"],
        "window": {"start": "+90 min", "duration": "1 h"},
        "moved": {"by": "331.7 km", "bearing": "180 deg", "decided": "1 h"},
    }
    zone = {
        "covers": "op",
        "area": {"buffer": "40 km"},
        "window": {"pad": "30 min"},
        "altitude": ["SFC", "UNL"],
        "notices": {"first": {"to": "south", "via": "line", "at": "+10 min"}},
        "amend": {"move": {"delay": "70 min"}},
    }
    sections: dict[str, Any] = {"operations": {"op": operation}, "zones": {"z": zone}}
    assert mended(flights={"f": FLIGHT}, **sections) == {"sending"}


def test_a_closed_desk_is_the_desk_s() -> None:
    hours = {"desk": {"hours": "02:00-03:00"}}  # the scenario starts at midnight
    parties = {"north": {}, "south": hours}
    zones = {"z": ZONE | {"notices": {"first": {"to": "south", "via": "line", "at": "+90 min"}}}}
    assert mended(flights={"f": FLIGHT}, parties=parties, zones=zones) == {"desk"}


def test_whom_nobody_told_is_told_when_the_others_are() -> None:
    # South is told at 90, which would be in time; the third party's flight goes in at 80.
    first = {"first": {"to": "south", "via": "line", "at": "+90 min"}}
    sections: dict[str, Any] = {
        "parties": {"north": {}, "south": {}, "east": {}},
        "zones": {"z": ZONE | {"notices": first, "issued": "+0 min"}},
    }
    late = FLIGHT | {"party": "east", "departs": "+90 min"}
    early = FLIGHT | {"party": "east", "departs": "+70 min"}
    assert mended(flights={"f": late}, **sections) == {"addressing"}
    assert mended(flights={"f": early}, **sections) == set()


def test_drafting_is_drawn_as_it_was_for_those_added() -> None:
    lead = {"uniform": {"min": "10 min", "max": "50 min"}}
    one = scenario(
        parties={"north": {}, "south": {}, "east": {}},
        zones={"z": ZONE | {"notices": {"first": {"to": "south", "via": "line", "lead": lead}}}},
        flights={"f": FLIGHT, "g": FLIGHT | {"party": "east"}},
    )
    plan = perfected(one, "addressing")
    assert plan is not None
    run, as_it_was = run_plan(plan, 3), run_plan(prepare(one), 3)
    drafted = {notice.recipient: notice.drafted for notice in run.notices}
    assert drafted["east"] == drafted["south"] == as_it_was.notices[0].drafted
    assert [n for n in run.notices if n.recipient == "south"] == list(as_it_was.notices)


@pytest.mark.parametrize("link", LINKS)
def test_a_chain_that_is_perfect_already_stays_as_it_is(link: str) -> None:
    line = LINE | {"answer": {"probability": 1, "wait": "0 s"}, "transfer": "0 s"}
    notice = {"first": {"to": "south", "via": "line", "at": "+0 min"}}
    perfect = scenario(
        channels={"line": line}, zones={"z": ZONE | {"notices": notice}}, flights={"f": FLIGHT}
    )
    plan = perfected(perfect, link)
    if plan is not None:  # lines or officers without end, further actions
        assert run_plan(plan).journal.dumps() == run_plan(prepare(perfect)).journal.dumps()


def test_differences_are_paired_by_their_draws() -> None:
    # Answered half the time, on one call: where it is, mending the line changes nothing.
    line = LINE | {
        "answer": {"probability": 0.5, "wait": "1 min", "patience": "2 min"},
        "retry": {"after": "1 min", "attempts": 1},
    }
    one = scenario(channels={"line": line}, zones={"z": ZONE}, flights={"f": FLIGHT})
    why = ask_why(one, 40, seed=1)
    before = [row["violations"] for row in why.replications.rows]
    assert 8 <= sum(before) <= 32
    assert why.links["line"].violations == mean_interval(before)
    assert why.links["line"].uninformed == mean_interval(before)
    assert why.links["line"].share == 1.0
    assert why.links["desk"].violations == difference_interval(before, before)
    assert why.causes["unanswered"].share == 1.0


def test_where_nobody_enters_there_is_no_share() -> None:
    why = ask_why(scenario(), 2)
    assert all(math.isnan(prevented.share) for prevented in why.links.values())
    assert {prevented.violations.mean for prevented in why.links.values()} == {0.0}


def test_incursions_count_too() -> None:
    operation = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
        "altitude": ["SFC", "UNL"],
        "window": {"start": "+60 min", "duration": "2 h"},
    }
    zone = {"covers": "op", "area": {"buffer": "40 km"}}
    one = scenario(operations={"op": operation}, zones={"z": zone}, flights={"f": FLIGHT})
    assert ask_why(one, 1).links["addressing"].incursions.mean == 1.0


def test_progress_is_told_of_every_replication_of_every_link() -> None:
    told: list[None] = []
    ask_why(scenario(), 2, done=lambda: told.append(None))
    assert len(told) == 2 * (1 + len(LINKS))


def test_a_table_has_a_row_for_each_link() -> None:
    why = ask_why(scenario(zones={"z": ZONE | {"notices": {}}}, flights={"f": FLIGHT}), 2)
    table = why.to_frame()
    assert list(table.index) == list(LINKS)
    first = table.iloc[0]
    assert (first["violations"], first["violations_low"], first["share"]) == (1, 1, 1)


def test_an_author_s_own_keys_are_left_alone() -> None:
    document = scenario(zones={"z": ZONE}, flights={"f": FLIGHT}).document
    own = scenario(**{**document, "parties": {"x-by": "me", "north": {}, "south": {}}})
    for link in LINKS:
        perfected(own, link)


def test_a_unit_s_own_response_is_made_perfect_too() -> None:
    own = {"f": {"response": {"comply": 0}}}
    parties: dict[str, Any] = {"north": {}, "south": {"units": own}}
    assert mended(flights={"f": FLIGHT}, parties=parties, zones={"z": ZONE}) == {"compliance"}
    parties["south"]["units"]["f"]["response"] = {"actions": ["divert"]}
    assert mended(flights={"f": FLIGHT}, parties=parties, zones={"z": ZONE}) == {"actions"}
    parties["south"]["units"]["f"]["response"] = {"max_delay": "1 min", "actions": ["delay"]}
    assert mended(flights={"f": FLIGHT}, parties=parties, zones={"z": ZONE}) == {"actions"}
