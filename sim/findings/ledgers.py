"""Ledgers: which violations each party would claim by what it saw and was told, and which were."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.findings.fleet import fleet
from sim.findings.versions import declared, held
from sim.findings.violations import Space, passages
from sim.model.journal import ClockSet, Journal, ZoneIssued
from sim.scenario.checks import TRUTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.findings.versions import Versions
    from sim.findings.violations import Passage, Violation
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan

    Sees = Callable[[str, str, int], bool]

REASONS = {
    "exempt": "the flight is exempt from the zone, and its declarer counts it all the same",
    "not_observed": "the zone's declarer did not see the flight in it",
    "not_told": "the flight's party had not been told of the zone",
    "told_later": "the flight's party was told only when the flight was out again",
    "outside_told_window": "by what the flight's party held, the zone was not in force then",
    "told_otherwise": "the flight's party held another zone than the one declared",
}
"""The differences in knowledge by which one book has what another has not."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A stay of a flight in a zone, as one book has it: a party's own, or the truth's.

    ``party`` is the flight's. Times are seconds since the scenario's start;
    ``exit`` is None where the flight is still inside at the horizon.
    """

    book: str
    flight: str
    party: str
    zone: str
    entry: float
    exit: float | None
    duration_s: float

    @property
    def end(self) -> float:
        """The exit, or the horizon."""
        return self.entry + self.duration_s


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A claim of one book that has no counterpart in another, and why it has none.

    A counterpart is a claim of the same flight and zone that overlaps it in
    time. ``reason`` is one of :data:`REASONS`, ``detail`` says it of this case.
    """

    claimed_by: str
    missing_in: str
    flight: str
    party: str
    zone: str
    entry: float
    exit: float | None
    reason: str
    detail: str


def find_claims(
    plan: Plan, journal: Journal, violations: Sequence[Violation], sees: Sees
) -> tuple[Claim, ...]:
    """Write all books of a run: the truth's first, then each party's, each by entry.

    A declarer claims every stay of another party's flight in its zone as it
    was declared, if it saw it: it knows nothing of reasons, and does not ask
    whether the flight is exempt. A receiver claims the stays of its own
    flights, those not exempt, in what its desk held of the zone at the time.

    Parameters
    ----------
    plan, journal
        The run.
    violations
        Those of the run.
    sees
        Tells by zone, flight and number of the stay (from 0) whether the
        zone's declarer saw it.
    """
    true = [
        Claim(TRUTH, v.flight, v.party, v.zone, v.entry, v.exit, v.duration_s) for v in violations
    ]
    own = [*_of_declarers(plan, journal, sees), *_of_receivers(plan, journal)]
    own.sort(key=lambda claim: (claim.book, claim.entry, claim.flight, claim.zone))
    return (*true, *own)


def _of_declarers(plan: Plan, journal: Journal, sees: Sees) -> Iterator[Claim]:
    spaces = [
        Space(zone, version, volume)
        for zone, versions in declared(journal).items()
        for version, volume in versions
    ]
    flights = fleet(plan, journal)
    stays: Counter[tuple[str, str]] = Counter()
    for passage in passages(
        plan,
        journal,
        spaces,
        lambda flight, zone: flights[flight].party != plan.zones[zone].party,
    ):
        number = stays[passage.flight, passage.inside]
        stays[passage.flight, passage.inside] += 1
        if sees(passage.inside, passage.flight, number):
            party = flights[passage.flight].party
            yield _claim(party, plan.zones[passage.inside].party, passage)


def _of_receivers(plan: Plan, journal: Journal) -> Iterator[Claim]:
    flights = fleet(plan, journal)
    spaces: defaultdict[str, list[Space]] = defaultdict(list)
    for zone in plan.zones:
        for party, (_, versions) in held(journal, zone).items():
            spaces[party] += [Space(zone, version, volume) for version, volume in versions]
    for party, told in sorted(spaces.items()):
        for passage in passages(
            plan,
            journal,
            told,
            lambda flight, zone, party=party: (  # type: ignore[misc]  # bound, not passed
                flights[flight].party == party and plan.binds(plan.zones[zone], flights[flight])
            ),
        ):
            yield _claim(party, party, passage)


def _claim(party: str, book: str, passage: Passage) -> Claim:
    return Claim(
        book=book,
        flight=passage.flight,
        party=party,
        zone=passage.inside,
        entry=passage.entry,
        exit=None if passage.is_open else passage.exit,
        duration_s=passage.exit - passage.entry,
    )


def find_disagreements(
    plan: Plan, journal: Journal, claims: Sequence[Claim]
) -> tuple[Disagreement, ...]:
    """Compare the books: the truth's, the declarer's and the flight's party's for each claim.

    In the order of the claims; one that two books lack is two disagreements.
    """
    by_stay: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        by_stay[claim.flight, claim.zone].append(claim)
    holdings = _Holdings(plan, journal)
    found = []
    for claim in claims:
        same = by_stay[claim.flight, claim.zone]
        books = {c.book for c in same if c.entry < claim.end and claim.entry < c.end}
        concerned = (TRUTH, plan.zones[claim.zone].party, claim.party)
        for other in concerned:
            if other not in books:
                reason, detail = holdings.explain(claim, other, in_truth=TRUTH in books)
                found.append(_disagreement(claim, other, reason, detail))
    return tuple(found)


def _disagreement(claim: Claim, missing_in: str, reason: str, detail: str) -> Disagreement:
    return Disagreement(
        claimed_by=claim.book,
        missing_in=missing_in,
        flight=claim.flight,
        party=claim.party,
        zone=claim.zone,
        entry=claim.entry,
        exit=claim.exit,
        reason=reason,
        detail=detail,
    )


class _Holdings:
    """What was declared and what the desks held, by which books come to differ."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self._plan = plan
        self._held = {zone: held(journal, zone) for zone in plan.zones}
        self._clocks = {record.party for record in journal.of(ClockSet)}
        self._issued = {(r.zone, r.version): (r.at, r.volume) for r in journal.of(ZoneIssued)}

    def explain(self, claim: Claim, missing_in: str, *, in_truth: bool) -> tuple[str, str]:
        """Give the reason why a book lacks a claim, and say it of this case."""
        zone = self._plan.zones[claim.zone]
        if self._plan.exempts(zone, claim.flight):
            return "exempt", f"{claim.flight} is exempt, and {zone.party} saw it inside"
        if missing_in == claim.party:
            return self._of_a_receiver(claim)
        if in_truth:
            return "not_observed", f"{zone.party} did not see {claim.flight}"
        version, volume = self._at(claim)[-1]
        return "told_otherwise", self._how_otherwise(claim, version, volume)

    def _of_a_receiver(self, claim: Claim) -> tuple[str, str]:
        """Tell why the flight's own party does not know that it was inside."""
        first, _ = self._held[claim.zone].get(claim.party, (None, []))
        if first is None:
            return "not_told", f"the desk of {claim.party} never held a notice of {claim.zone}"
        if first >= claim.end:
            return "told_later", f"the desk of {claim.party} held none until {claim.flight} was out"
        in_force = self._at(claim)
        if not in_force:
            detail = f"by what {claim.party} held, {claim.zone} was not in force"
            return "outside_told_window", detail
        version, volume = in_force[-1]
        return "told_otherwise", self._how_otherwise(claim, version, volume)

    def _at(self, claim: Claim) -> Versions:
        """Give the versions that the flight's party held in force during a claim."""
        _, versions = self._held[claim.zone].get(claim.party, (None, []))
        return [
            (version, volume)
            for version, volume in versions
            if volume.window[0] < claim.end and claim.entry < volume.window[1]
        ]

    def _how_otherwise(self, claim: Claim, version: int, told: Volume) -> str:
        _, issued = self._issued[claim.zone, version]
        begins, ends = told.window
        if claim.party in self._clocks and replace(told, window=issued.window) == issued:
            return f"{claim.party} went by a clock that is wrong"
        within = issued.window[0] <= begins and ends <= issued.window[1]
        if not within or replace(told, window=issued.window) != issued:
            return f"{claim.party} was told version {version} wrongly"
        newest = max(
            number
            for (zone, number), (at, _) in self._issued.items()
            if zone == claim.zone and at < claim.end
        )
        return f"{claim.party} held version {version}, version {newest} was declared"
