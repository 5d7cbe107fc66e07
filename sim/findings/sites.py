"""Site incursions: which operations really were over whose people on the ground, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.findings.entries import SiteEntry
from sim.findings.presence import meeting
from sim.findings.versions import declared
from sim.model.journal import Journal, OperationBegan

if TYPE_CHECKING:
    from sim.findings.causes import Judge
    from sim.findings.evidence import Evidence
    from sim.scenario.planned import Plan


@dataclass(frozen=True, slots=True)
class SiteIncursion:
    """An interval in which another party's operation really is over a site's people.

    It lasts while the operation is under way, reaches the surface over the site
    and people are there. Times are seconds since the scenario's start; ``end``
    is None and ``censored`` true where it goes on at the horizon. ``party`` is
    the site's; ``notice`` the one that the cause was judged by.
    """

    id: str
    site: str
    party: str
    operation: str
    start: float
    end: float | None
    censored: bool
    duration_s: float
    cause: str
    detail: str
    notice: str | None
    evidence: tuple[Evidence, ...]


def find_site_incursions(plan: Plan, journal: Journal, judge: Judge) -> tuple[SiteIncursion, ...]:
    """Find all incursions of operations upon sites, by start, with their causes.

    The cause is judged at the start, by the tree for flights: the site's people
    are a unit of their party, which hears of a notice through its desk.
    """
    zones = declared(journal)
    entries = sorted(_entries(plan, journal), key=lambda e: (e.at, e.who, e.inside))
    return tuple(
        _incursion(plan, judge, f"site-incursion-{n}", entry, judge.around(entry, zones))
        for n, entry in enumerate(entries, start=1)
    )


def _entries(plan: Plan, journal: Journal) -> list[SiteEntry]:
    return [
        SiteEntry(
            who=site.id,
            party=site.party,
            unit=site.id,
            inside=began.operation,
            at=met.start,
            site=site,
            true=began.volume,
        )
        for began in journal.of(OperationBegan)
        for site in plan.sites.values()
        if site.party != plan.operations[began.operation].party
        and (met := meeting(site, began.volume, plan.vertical, plan.horizon))
    ]


def _incursion(
    plan: Plan, judge: Judge, id_: str, entry: SiteEntry, around: tuple[str, ...]
) -> SiteIncursion:
    verdict = judge.best_told(entry, around)
    end = min(entry.true.window[1], entry.site.window[1])
    censored = end > plan.horizon
    return SiteIncursion(
        id=id_,
        site=entry.who,
        party=entry.party,
        operation=entry.inside,
        start=entry.at,
        end=None if censored else end,
        censored=censored,
        duration_s=min(end, plan.horizon) - entry.at,
        cause=verdict.cause,
        detail=verdict.detail,
        notice=verdict.notice,
        evidence=verdict.evidence,
    )
