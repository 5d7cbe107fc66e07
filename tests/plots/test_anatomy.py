"""The anatomy of an entry: who takes which step, and which link broke, for every cause."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.findings.run import run
from sim.plots.anatomy import anatomy
from sim.scenario.reader import load
from tests.stories import FLIGHT, MINUTE, ZONE, run_of

if TYPE_CHECKING:
    from sim.plots.moments import Anatomy

GALLERY = Path(__file__).parents[2] / "scenarios" / "causes"

# From where to where the chain broke, and since when (minutes after the scenario's start).
BREAKS = {
    "never_addressed": ("desk:range", "desk:survey", 45),
    "not_yet_sent": ("desk:range", "desk:survey", 105),
    "relay_gap": ("desk:traffic", "desk:survey", 51),
    "in_transit": ("desk:survey", "desk:survey", 49),
    "unanswered": ("desk:range", "desk:survey", 100),
    "lost": ("desk:range", "desk:survey", 49),
    "misinformed": ("desk:range", "desk:survey", 46),
    "not_disseminated": ("desk:survey", "flight:mapper", 51),
    "no_time": ("flight:mapper", "flight:mapper", 158.5),
    "unable": ("flight:mapper", "flight:mapper", 57),
    "disregarded": ("flight:mapper", "flight:mapper", 57),
}


def dissect(leaf: str, entry: str | None = None) -> Anatomy:
    found = anatomy(run(load(GALLERY / f"{leaf}.yaml")), entry)
    assert found is not None
    return found


def told(found: Anatomy) -> list[tuple[float, str, str]]:
    return [(round(m.at / MINUTE, 1), m.actor, m.step) for m in found.moments]


def stretches(found: Anatomy) -> list[tuple[str, str, float, float]]:
    return [
        (one.actor, one.kind, round(one.start / MINUTE, 1), round(one.end / MINUTE, 1))
        for one in found.stretches
    ]


@pytest.mark.parametrize("leaf", BREAKS)
def test_the_broken_link_stands_where_the_gallery_broke_it(leaf: str) -> None:
    found = dissect(leaf)
    broken = found.broken
    assert found.cause == leaf
    assert (broken.source, broken.target, broken.start / MINUTE) == pytest.approx(BREAKS[leaf])
    assert broken.end <= found.entry


def test_what_was_declared_nowhere_breaks_between_the_zone_and_the_flight() -> None:
    found = dissect("undeclared")
    assert [actor.id for actor in found.actors] == [
        "zone:danger-area",
        "operation:firing",
        "flight:mapper",
    ]
    assert (found.broken.source, found.broken.target) == ("zone:danger-area", "flight:mapper")
    assert (found.broken.start, found.broken.end) == (found.entry, found.entry)


def test_a_garbled_notice_broke_on_its_way() -> None:
    assert dissect("misinformed").broken.end == 49 * MINUTE


@pytest.mark.parametrize("leaf", CAUSES)
def test_every_moment_is_one_of_an_actor_and_within_the_time_shown(leaf: str) -> None:
    found = dissect(leaf)
    actors = {actor.id for actor in found.actors}
    assert {moment.actor for moment in found.moments} <= actors
    assert {found.broken.source, found.broken.target} <= actors
    assert {end for one in found.passings for end in (one.source, one.target)} <= actors
    assert [moment.number for moment in found.moments] == list(range(1, len(found.moments) + 1))
    assert found.start < found.entry < found.end
    assert all(found.start <= moment.at <= found.end for moment in found.moments)


def test_steps_are_told_by_who_takes_them() -> None:
    assert told(dissect("disregarded")) == [
        (45.0, "desk:range", "drafted"),
        (45.0, "desk:range", "attempted"),
        (46.0, "desk:range", "connected"),
        (49.0, "desk:survey", "delivered"),
        (51.0, "desk:survey", "handled"),
        (51.0, "desk:range", "acknowledged"),
        (56.0, "flight:mapper", "disseminated"),
        (57.0, "flight:mapper", "reacted"),
        (160.7, "flight:mapper", "entered"),
    ]


def test_a_relay_takes_steps_of_its_own() -> None:
    assert told(dissect("relay_gap"))[3:6] == [
        (49.0, "desk:traffic", "delivered"),
        (51.0, "desk:traffic", "handled"),
        (51.0, "desk:traffic", "omitted"),
    ]


def test_lead_and_reaction_are_stretches_and_words() -> None:
    found = dissect("disregarded")
    waits = [one for one in stretches(found) if one[1] in {"lead", "reaction"}]
    assert waits == [
        ("zone:danger-area", "lead", 45.0, 105.0),
        ("flight:mapper", "reaction", 56.0, 57.0),
    ]
    assert found.timing == "lead 1 h; 54 min left when handled; reaction 1 min"


def test_a_notice_drafted_too_late_has_no_lead() -> None:
    found = dissect("no_time")
    assert "lead" not in {one.kind for one in found.stretches}
    assert found.timing.startswith("drafted 42 min 30 s after the zone began; handled 48 min 30 s")


def test_the_zone_the_operation_and_the_way_through_them_last() -> None:
    lasting = {(actor, kind) for actor, kind, _, _ in stretches(dissect("never_addressed"))}
    assert lasting == {
        ("zone:danger-area", "declared"),
        ("operation:firing", "real"),
        ("flight:mapper", "flown"),
        ("flight:mapper", "inside"),
        ("flight:mapper", "incursion"),
    }


def test_a_unit_of_several_flights_stands_apart_from_them() -> None:
    found = anatomy(
        run_of(zones={"area": ZONE}, flights={"mapper": FLIGHT | {"unit": "crew"}}, **deaf_crew())
    )
    assert found is not None
    assert [actor.id for actor in found.actors][-2:] == ["unit:crew", "flight:mapper"]
    assert (found.broken.source, found.broken.target) == ("unit:crew", "flight:mapper")


def deaf_crew() -> dict[str, Any]:
    return {"parties": {"north": {}, "south": {"response": {"comply": 0}}}}


def test_an_incursion_is_told_by_its_operation() -> None:
    found = dissect("never_addressed", "incursion-1")
    assert found.finding.startswith("mapper of Survey company (survey) entered firing at ")


def test_people_on_the_ground_are_told_likewise() -> None:
    day = run(load(GALLERY.parent / "deconfliction_day.yaml"))
    found = anatomy(day, "site-incursion-2")
    assert found is not None
    assert found.finding.startswith("north-night was over camp of Aid flights (aid) from ")
    assert [actor.id for actor in found.actors] == [
        *("zone:night-area", "operation:north-night"),
        *("desk:north", "desk:liaison", "desk:aid", "site:camp"),
    ]


def test_a_run_without_entries_has_none_to_dissect() -> None:
    assert anatomy(run_of()) is None


def test_an_unknown_entry_is_an_error_with_a_way_out() -> None:
    entered = run(load(GALLERY / "lost.yaml"))
    with pytest.raises(InputError, match=r'no entry "violation-9".*mean "violation-1"'):
        anatomy(entered, "violation-9")
    with pytest.raises(InputError, match="the run has violation-1 to incursion-1"):
        anatomy(entered, "raid")
    with pytest.raises(InputError, match="the run has none"):
        anatomy(run_of(), "violation-1")


def test_an_operation_not_under_way_in_the_time_shown_has_no_row() -> None:
    day = run(load(GALLERY.parent / "deconfliction_day.yaml"))
    found = anatomy(day, "violation-1")  # over at 05:46; the operation begins at 06:00
    assert found is not None
    assert [actor.id for actor in found.actors] == [
        *("zone:morning-area", "desk:north", "desk:aid", "flight:aid-lifts#1")
    ]
    assert {one.actor for one in found.stretches} <= {actor.id for actor in found.actors}
