"""How entries came about, told to people: link by link, up to the entry and inside."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from sim.findings.violations import Violation
from sim.report.outline import Chain, Link
from sim.report.wording import Clock, cause_cell, cut, minutes_text
from sim.units import show_length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.findings.run import Run
    from sim.findings.violations import Incursion
    from sim.report.outline import Block

CHAINS = 8  # told whole; more would bury the rest of the report


def chain_blocks(run: Run) -> tuple[Block, ...]:
    """Tell each violation with the incursions inside it, then the incursions left over."""
    linked = {id_ for violation in run.violations for id_ in violation.incursions}
    left_over = [incursion for incursion in run.incursions if incursion.id not in linked]
    told = chains(run)
    shown, rest = cut([*run.violations, *left_over], CHAINS)
    return (*(told[entry.id] for entry in shown), *rest)


def chains(run: Run) -> dict[str, Chain]:
    """Tell every violation and every incursion of a run, by its id."""
    clock = Clock.of(run.scenario)
    inside = {incursion.id: incursion for incursion in run.incursions}
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    return {entry.id: _chain(entry, inside, clock) for entry in entries}


def _chain(entry: Violation | Incursion, inside: Mapping[str, Incursion], clock: Clock) -> Chain:
    """Tell one entry: what led to it, and what happened inside."""
    if isinstance(entry, Violation):
        place, within = entry.zone, [inside[id_] for id_ in entry.incursions]
    else:
        place, within = f"operation {entry.operation}", []
    links = [_link(evidence.at, evidence.text, clock) for evidence in entry.evidence]
    links.append(_link(entry.deepest, f"deepest inside: {show_length(entry.depth_m)}", clock))
    links.extend(_link(incursion.entry, _inside(incursion, clock), clock) for incursion in within)
    if entry.exit is not None:
        links.append(_link(entry.exit, "left", clock))
    links.sort(key=attrgetter("at"))  # stable: what happens at one instant keeps its order
    end = "the end of the run" if entry.exit is None else clock.second(entry.exit)
    return Chain(
        title=f"{entry.id}: {entry.flight} ({entry.party}) in {place}",
        facts=f"{clock.second(entry.entry)} to {end}, {minutes_text(entry.duration_s)}",
        cause=cause_cell(entry.cause),
        detail=entry.detail,
        links=tuple(links),
    )


def _link(at: float, what: str, clock: Clock) -> Link:
    return Link(at, clock.second(at), what)


def _inside(incursion: Incursion, clock: Clock) -> str:
    until = "" if incursion.exit is None else f" until {clock.second(incursion.exit)}"
    return f"inside {incursion.operation} itself{until} ({incursion.id})"
