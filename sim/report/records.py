"""The report for programs: ``keepout-report/1``, in SI, with times in ISO 8601 UTC."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.findings.close import Close
    from sim.findings.decisions import Decision
    from sim.findings.evidence import Evidence
    from sim.findings.gaps import Gap
    from sim.findings.ledgers import Claim, Disagreement
    from sim.findings.notices import NoticeSummary
    from sim.findings.overlaps import Overlap
    from sim.findings.run import Run
    from sim.findings.service import Load, NoticeStatistics, Spread
    from sim.findings.sites import SiteIncursion
    from sim.findings.violations import Incursion, Stay, Violation
    from sim.scenario.planned import Plan
    from sim.scenario.schema import Scenario
    from sim.stats import Interval, Paired, Share
    from sim.sweeps.comparing import Comparison
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

SCHEMA = "keepout-report/1"
COMPARISON_SCHEMA = "keepout-comparison/1"

Tree = dict[str, Any]

# Digits that mean something: milliseconds, centimetres, square metres, and six for metrics.
_SECONDS = 3
_METRES = 2
_KM2 = 6
_DEGREES = 7
_METRIC = 6


def overlaps_record(plan: Plan, overlaps: Sequence[Overlap], close: Sequence[Close]) -> Tree:
    """Give a plan check as a plain tree; nothing is drawn, so there is no seed."""
    when = _clock(plan.scenario)
    return {
        **_head(plan.scenario),
        "overlaps": [_overlap(overlap, when) for overlap in overlaps],
        "close": [_close(pair, when) for pair in close],
    }


def run_record(run: Run) -> Tree:
    """Give everything found in one run as a plain tree."""
    when = _clock(run.plan.scenario)
    return {
        **_head(run.plan.scenario),
        "seed": run.seed,
        "replication": run.replication,
        "overlaps": [_overlap(overlap, when) for overlap in run.overlaps],
        "close": [_close(pair, when) for pair in run.close],
        "violations": [_violation(violation, when) for violation in run.violations],
        "incursions": [_incursion(incursion, when) for incursion in run.incursions],
        "gaps": [_gap(gap, when) for gap in run.gaps],
        "site_incursions": [_site_incursion(met, when) for met in run.site_incursions],
        "notices": [_notice(notice, when) for notice in run.notices],
        "decisions": [_decision(decision, when) for decision in run.decisions],
        "notice_statistics": _statistics(run.notice_statistics),
        "ledgers": [_claim(claim, when) for claim in run.ledgers],
        "disagreements": [_disagreement(found, when) for found in run.disagreements],
        "metrics": {name: number(value, _METRIC) for name, value in run.metrics.items()},
    }


def replications_record(many: Replications, overlaps: Sequence[Overlap]) -> Tree:
    """Give what many replications showed, and the overlaps of the plans they share."""
    when = _clock(many.scenario)
    return {
        **_head(many.scenario),
        "seed": many.seed,
        "replications": len(many),
        "overlaps": [_overlap(overlap, when) for overlap in overlaps],
        "metrics": {name: interval_record(found) for name, found in many.metrics.items()},
        "causes": {cause: _share(found) for cause, found in many.causes.items()},
    }


def why_record(why: Why, overlaps: Sequence[Overlap]) -> Tree:
    """Give what many replications showed, and what each link, if perfect, would have prevented."""
    return {
        **replications_record(why.replications, overlaps),
        "links": {
            link: {
                "violations": interval_record(prevented.violations),
                "uninformed": interval_record(prevented.uninformed),
                "incursions": interval_record(prevented.incursions),
                "share": number(prevented.share, _METRIC),
            }
            for link, prevented in why.links.items()
        },
    }


def comparison_record(comparison: Comparison) -> Tree:
    """Give what changed between two scenarios: values of theirs, and each metric."""
    return {
        "schema": COMPARISON_SCHEMA,
        "before": _scenario(comparison.before.scenario),
        "after": _scenario(comparison.after.scenario),
        "seed": comparison.seed,
        "replications": len(comparison),
        "changes": [change._asdict() for change in comparison.changes],
        "metrics": {
            name: {**_paired(found), "differing": comparison.differing[name]}
            for name, found in comparison.metrics.items()
        },
    }


def dumps(tree: Tree) -> str:
    """Write a tree as JSON text; the same tree gives the same text."""
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _head(scenario: Scenario) -> Tree:
    return {"schema": SCHEMA, "scenario": _scenario(scenario)}


def _scenario(scenario: Scenario) -> Tree:
    start = scenario.start_unix
    return {
        "name": scenario.name,
        "start": show_instant(start),
        "end": show_instant(start + scenario.end.since(start)),
    }


def _close(pair: Close, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "first": pair.first,
        "second": pair.second,
        "parties": list(pair.parties),
        "kind": pair.kind,
        "start": when(pair.start),
        "end": when(pair.end),
        "nearest": when(pair.nearest),
        "lateral_m": number(pair.lateral_m, _METRES),
        "vertical_m": number(pair.vertical_m, _METRES),
        "time_s": number(pair.time_s, _SECONDS),
    }


def _overlap(overlap: Overlap, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "first": overlap.first,
        "second": overlap.second,
        "parties": list(overlap.parties),
        "kind": str(overlap.kind),
        "start": when(overlap.start),
        "end": when(overlap.end),
        "lower_m": number(overlap.lower_m, _METRES),
        "upper_m": number(overlap.upper_m, _METRES),
        "altitude_reference": overlap.reference,
        "area_km2": number(overlap.area_km2, _KM2),
        "exempt": overlap.exempt,
    }


def _violation(violation: Violation, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "id": violation.id,
        "flight": violation.flight,
        "party": violation.party,
        "zone": violation.zone,
        "version": violation.version,
        **_stay(violation, when),
        "incursions": list(violation.incursions),
        "evidence": [_evidence(evidence, when) for evidence in violation.evidence],
    }


def _incursion(incursion: Incursion, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "id": incursion.id,
        "flight": incursion.flight,
        "party": incursion.party,
        "operation": incursion.operation,
        "zones": list(incursion.zones),
        **_stay(incursion, when),
        "evidence": [_evidence(evidence, when) for evidence in incursion.evidence],
    }


def _stay(stay: Stay, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "entry": when(stay.entry),
        "exit": when(stay.exit),
        "censored": stay.censored,
        "duration_s": number(stay.duration_s, _SECONDS),
        "entry_lat": number(stay.entry_position.lat, _DEGREES),
        "entry_lon": number(stay.entry_position.lon, _DEGREES),
        "entry_altitude_m": number(stay.entry_altitude_m, _METRES),
        "depth_m": number(stay.depth_m, _METRES),
        "deepest": when(stay.deepest),
        "cause": stay.cause,
        "detail": stay.detail,
        "notice": stay.notice,
    }


def _site_incursion(met: SiteIncursion, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "id": met.id,
        "site": met.site,
        "party": met.party,
        "operation": met.operation,
        "start": when(met.start),
        "end": when(met.end),
        "censored": met.censored,
        "duration_s": number(met.duration_s, _SECONDS),
        "cause": met.cause,
        "detail": met.detail,
        "notice": met.notice,
        "evidence": [_evidence(evidence, when) for evidence in met.evidence],
    }


def _evidence(evidence: Evidence, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "at": when(evidence.at),
        "record": evidence.record,
        "step": str(evidence.step),
        "text": evidence.text,
    }


def _gap(gap: Gap, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "operation": gap.operation,
        "zone": gap.zone,
        "holder": gap.holder,
        "kind": str(gap.kind),
        "start": when(gap.start),
        "end": when(gap.end),
        "area_km2": number(gap.area_km2, _KM2),
        "lower_m": number(gap.lower_m, _METRES),
        "upper_m": number(gap.upper_m, _METRES),
        "km2_h": number(gap.km2_h, _KM2),
    }


def _notice(notice: NoticeSummary, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "zone": notice.zone,
        "notice": notice.notice,
        "version": notice.version,
        "sender": notice.sender,
        "recipient": notice.recipient,
        "route": list(notice.route),
        "drafted": when(notice.drafted),
        "attempts": notice.attempts,
        "delivered": when(notice.delivered),
        "handled": when(notice.handled),
        "acknowledged": when(notice.acknowledged),
        "disseminated": [{"unit": unit, "at": when(at)} for unit, at in notice.disseminated],
        "garbled": notice.garbled,
        "outcome": str(notice.outcome),
        "lead_left_s": number(notice.lead_left_s, _SECONDS),
    }


def _statistics(found: NoticeStatistics) -> Tree:
    return {
        "drafted": found.drafted,
        "sent": found.sent,
        "handled": found.handled,
        "in_time": found.in_time,
        "retries": found.retries,
        "latencies": {name: _spread(spread) for name, spread in found.latencies.items()},
        "lead_left": _spread(found.lead_left),
        "channels": [_load(load) for load in found.loads],
    }


def _spread(spread: Spread) -> Tree:
    return {
        "n": spread.n,
        "mean_s": number(spread.mean_s, _SECONDS),
        "p50_s": number(spread.p50_s, _SECONDS),
        "p95_s": number(spread.p95_s, _SECONDS),
        "least_s": number(spread.least_s, _SECONDS),
        "most_s": number(spread.most_s, _SECONDS),
    }


def _load(load: Load) -> Tree:
    return {
        "channel": load.channel,
        "attempts": load.attempts,
        "unanswered": load.unanswered,
        "lost": load.lost,
        "delivered": load.delivered,
        "busy_s": number(load.busy_s, _SECONDS),
        "utilisation": number(load.utilisation, _METRIC),
    }


def _decision(decision: Decision, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "at": when(decision.at),
        "party": decision.party,
        "zone": decision.zone,
        "version": decision.version,
        "recipient": decision.recipient,
        "about": decision.about,
        "decision": decision.decision,
        "route": list(decision.route),
    }


def _claim(claim: Claim, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "book": claim.book,
        "flight": claim.flight,
        "party": claim.party,
        "zone": claim.zone,
        "entry": when(claim.entry),
        "exit": when(claim.exit),
        "duration_s": number(claim.duration_s, _SECONDS),
    }


def _disagreement(found: Disagreement, when: Callable[[float | None], str | None]) -> Tree:
    return {
        "claimed_by": found.claimed_by,
        "missing_in": found.missing_in,
        "flight": found.flight,
        "party": found.party,
        "zone": found.zone,
        "entry": when(found.entry),
        "exit": when(found.exit),
        "reason": found.reason,
        "detail": found.detail,
    }


def interval_record(interval: Interval) -> Tree:
    """Give an interval as a plain tree."""
    return {
        "mean": number(interval.mean, _METRIC),
        "low": number(interval.low, _METRIC),
        "high": number(interval.high, _METRIC),
        "confidence": interval.confidence,
        "n": interval.n,
    }


def _paired(found: Paired) -> Tree:
    return {
        "before": interval_record(found.before),
        "after": interval_record(found.after),
        "difference": interval_record(found.difference),
        "variance_ratio": number(found.variance_ratio, _METRIC),
        "independent_n": number(found.independent_n, _METRIC),
        "n": found.n,
    }


def _share(share: Share) -> Tree:
    return {
        "violations": share.violations,
        "share": number(share.share, _METRIC),
        "low": number(share.low, _METRIC),
        "high": number(share.high, _METRIC),
    }


def number(value: float | None, digits: int) -> float | None:
    """Round a number; what is absent, undefined or unbounded is null in JSON."""
    if value is None or not math.isfinite(value):
        return None
    return round(value, digits) + 0.0  # the sum turns -0.0 into 0.0


def _clock(scenario: Scenario) -> Callable[[float | None], str | None]:
    """Make the function that turns seconds since the scenario's start into ISO 8601."""
    start = scenario.start_unix

    def when(seconds: float | None) -> str | None:
        if seconds is None or not math.isfinite(seconds):
            return None
        return show_instant(start + seconds)

    return when
