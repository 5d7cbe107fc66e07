"""A run: one journal, and everything that is found in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

from sim.display import Records, card
from sim.errors import InputError, did_you_mean
from sim.findings.causes import CAUSES, Judge
from sim.findings.close import Close, plan_close
from sim.findings.decisions import Decision, find_decisions
from sim.findings.fleet import fleet
from sim.findings.gaps import Gap, find_gaps
from sim.findings.ledgers import Claim, Disagreement, find_claims, find_disagreements
from sim.findings.metrics import measure
from sim.findings.notices import NoticeSummary, summaries
from sim.findings.overlaps import Overlap, plan_overlaps
from sim.findings.service import notice_statistics
from sim.findings.sites import SiteIncursion, find_site_incursions
from sim.findings.violations import Incursion, Violation, find_entries, find_violations
from sim.model.engine import simulate
from sim.model.streams import Streams
from sim.scenario.plan import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from sim.display import Item
    from sim.findings.service import NoticeStatistics
    from sim.findings.violations import Judged
    from sim.model.journal import Journal
    from sim.scenario.planned import Plan, PlannedFlight
    from sim.scenario.schema import Scenario

RECORDS = {
    "overlaps": Overlap,
    "close": Close,
    "violations": Violation,
    "incursions": Incursion,
    "site_incursions": SiteIncursion,
    "gaps": Gap,
    "notices": NoticeSummary,
    "decisions": Decision,
    "ledgers": Claim,
    "disagreements": Disagreement,
}
"""What the records of each table are."""
TABLES = tuple(RECORDS)
_SHOWN = {
    "overlaps": ("first", "second", "parties", "kind", "start", "end", "area_km2"),
    "close": ("first", "second", "parties", "kind", "nearest", "lateral_m", "vertical_m"),
    "violations": ("id", "flight", "party", "zone", "entry", "exit", "duration_s", "cause"),
    "incursions": ("id", "flight", "party", "operation", "entry", "exit", "duration_s", "cause"),
    "site_incursions": ("id", "site", "party", "operation", "start", "end", "cause"),
    "gaps": ("operation", "zone", "holder", "kind", "start", "end", "area_km2", "km2_h"),
    "notices": (
        *("zone", "notice", "version", "sender", "recipient"),
        *("drafted", "attempts", "handled", "outcome", "lead_left_s"),
    ),
    "decisions": ("at", "party", "zone", "version", "recipient", "about", "decision"),
    "ledgers": ("book", "flight", "party", "zone", "entry", "exit", "duration_s"),
    "disagreements": ("claimed_by", "missing_in", "flight", "zone", "entry", "reason"),
}
"""What notebooks show of each table."""
_FIRST = {
    "violations": ("id", "flight", "party", "zone", "version"),
    "incursions": ("id", "flight", "party", "operation", "zones"),
}
"""The columns that stand first in a frame, where its records have what was entered further on."""


@dataclass(frozen=True)
class Run:
    """One seeded simulation: its plan, its journal, and the findings, computed when asked for.

    All findings are pure functions of plan and journal; times in them are
    seconds since the scenario's start.
    """

    plan: Plan = field(repr=False)
    journal: Journal = field(repr=False)

    def __repr__(self) -> str:
        name, journal = self.plan.scenario.name, self.journal
        return f"<Run of {name!r}, seed {journal.seed}, replication {journal.replication}>"

    def _repr_html_(self) -> str:
        """Show in a notebook how much of what was found, and the violations."""
        counts = {name.replace("_", " "): len(getattr(self, name)) for name in TABLES}
        causes = {f"of cause {name}": int(self.metrics[name]) for name in CAUSES}
        shown = {"flights": len(self.flights)} | counts | causes
        facts = [(name, f"{count:,}") for name, count in shown.items() if count]
        title = f"{self.scenario.name}, seed {self.seed}"
        title += f", replication {self.replication}" if self.replication else ""
        return card(title, facts, self._shown("violations", self.violations)._repr_html_())

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.plan.scenario

    @property
    def seed(self) -> int:
        """The root seed."""
        return self.journal.seed

    @property
    def replication(self) -> int:
        """Which replication of the seed."""
        return self.journal.replication

    @cached_property
    def flights(self) -> Mapping[str, PlannedFlight]:
        """All flights by their ids: those of the plan, and the movements that the run drew."""
        return fleet(self.plan, self.journal)

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """Plans of different parties that meet."""
        return self._shown("overlaps", plan_overlaps(self.plan))

    @property
    def close(self) -> tuple[Close, ...]:
        """Plans of different parties nearer than the scenario's minima."""
        return self._shown("close", plan_close(self.plan))

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.plan, self.journal)

    @cached_property
    def _judged(self) -> tuple[tuple[Judged, ...], tuple[Judged, ...]]:
        return find_entries(self.plan, self.journal, self._judge)

    @cached_property
    def _entries(self) -> tuple[tuple[Violation, ...], tuple[Incursion, ...]]:
        return find_violations(self.plan, self.journal, *self._judged)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Stays of flights in active zones that bind them, with their causes."""
        return self._shown("violations", self._entries[0])

    @property
    def incursions(self) -> tuple[Incursion, ...]:
        """Stays of flights in operations of others, with their causes."""
        return self._shown("incursions", self._entries[1])

    @cached_property
    def site_incursions(self) -> tuple[SiteIncursion, ...]:
        """Operations over the people of others on the ground, with their causes."""
        return self._shown(
            "site_incursions", find_site_incursions(self.plan, self.journal, self._judge)
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Pieces of operations that no declaration, or no notice held, covered."""
        return self._shown("gaps", find_gaps(self.plan, self.journal))

    @cached_property
    def notices(self) -> tuple[NoticeSummary, ...]:
        """What became of every copy of every notice."""
        return self._shown("notices", summaries(self.journal))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """What declarers did about silence, and about objections."""
        return self._shown("decisions", find_decisions(self.journal))

    @cached_property
    def notice_statistics(self) -> NoticeStatistics:
        """How notices fared: latency by step, lead left, retries, the load of channels."""
        return notice_statistics(self.plan, self.journal, self.notices)

    @cached_property
    def ledgers(self) -> tuple[Claim, ...]:
        """What each book has of violations: the truth's, then each party's own."""
        return self._shown(
            "ledgers", find_claims(self.plan, self.journal, self.violations, self._sees)
        )

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Claims of one book that another lacks, and the difference in knowledge that explains it.

        See :func:`sim.findings.ledgers.find_disagreements`.
        """
        return self._shown(
            "disagreements", find_disagreements(self.plan, self.journal, self.ledgers)
        )

    def _shown(self, table: str, found: Iterable[Item]) -> Records[Item]:
        """Make findings of one table such that a notebook shows them well."""
        return Records(found, self.scenario.start_unix, _SHOWN[table])

    def _sees(self, zone: str, flight: str, stay: int) -> bool:
        """Tell whether a zone's declarer saw a stay in it: a draw like any other of the run."""
        party = self.plan.zones[zone].party
        return Streams(self.seed, self.replication).chance(
            self.scenario.parties[party].observes,
            ("party", party),
            ("zone", zone, "flight", flight),
            "observe",
            stay,
        )

    @cached_property
    def metrics(self) -> dict[str, float]:
        """One number each for what runs are compared by; nan where there is nothing to measure."""
        violations, incursions = self._judged
        return measure(
            self.plan,
            self.journal,
            overlaps=self.overlaps,
            violations=violations,
            incursions=incursions,
            gaps=self.gaps,
            notices=self.notices,
            site_incursions=self.site_incursions,
        )

    def to_frame(self, table: str) -> pd.DataFrame:
        """Give one of the tables of findings as a pandas frame, a row a record.

        A table without any has its columns all the same.

        Parameters
        ----------
        table
            ``overlaps``, ``violations``, ``incursions``, ``site_incursions``, ``gaps``,
            ``close``, ``notices``, ``decisions``, ``ledgers`` or ``disagreements``.

        Raises
        ------
        InputError
            If there is no table of that name.
        """
        import pandas as pd  # noqa: PLC0415 - heavy, and seldom asked for

        if table not in TABLES:
            known = ", ".join(TABLES)
            raise InputError(
                f"there is no table {table!r}; the tables are {known}",
                hint=did_you_mean(table, TABLES),
            )
        names = dict.fromkeys([*_FIRST.get(table, ()), *(f.name for f in fields(RECORDS[table]))])
        return pd.DataFrame([asdict(record) for record in getattr(self, table)], columns=[*names])


def run(scenario: Scenario, seed: int = 0, replication: int = 0) -> Run:
    """Simulate a scenario once.

    Parameters
    ----------
    scenario
        As read by :func:`sim.load`.
    seed
        The root seed of all draws; the same seed gives the same run.
    replication
        Which replication of that seed.
    """
    return run_plan(prepare(scenario), seed, replication)


def run_plan(plan: Plan, seed: int = 0, replication: int = 0) -> Run:
    """Simulate a plan once; for many runs of one scenario, which share its preparation."""
    return Run(plan, simulate(plan, seed, replication))
