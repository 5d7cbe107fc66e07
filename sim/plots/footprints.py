"""Footprints to draw: of operations as planned and as they were, of zones as declared and told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.findings.versions import declared, held
from sim.formats.outlines import drawn_outlines
from sim.model.journal import OperationBegan, ZoneIssued
from sim.plots.drawn import DrawnFootprint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sim.findings.run import Run
    from sim.formats.outlines import Outline
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan

_KEPT = 1024  # footprints whose outlines are kept


@lru_cache(maxsize=_KEPT)
def lines_of(footprint: Footprint) -> tuple[Outline, ...]:
    """Give the outlines of a footprint; of equal footprints they are the same."""
    return tuple(drawn_outlines(footprint))


def planned_footprints(plan: Plan, operations: Collection[str]) -> Iterator[DrawnFootprint]:
    """Give those of operations, as their parties plan them."""
    for operation in plan.operations.values():
        if operation.id in operations:
            yield _drawn("planned", operation.id, operation.party, operation.volume)


def true_footprints(run: Run, operations: Collection[str]) -> Iterator[DrawnFootprint]:
    """Give those of operations, as they really were."""
    for began in run.journal.of(OperationBegan):
        operation = run.plan.operations[began.operation]
        if operation.id in operations:
            drawn = _drawn("true", operation.id, operation.party, began.volume)
            yield replace(drawn, differs=began.volume.footprint != operation.volume.footprint)


def declared_footprints(run: Run, zones: Collection[str]) -> Iterator[DrawnFootprint]:
    """Give those of all versions of zones that were ever active."""
    for name, versions in declared(run.journal).items():
        for version, volume in versions:
            if name in zones:
                yield _drawn("declared", name, run.plan.zones[name].party, volume, version)


def told_footprints(run: Run, zones: Collection[str]) -> Iterator[DrawnFootprint]:
    """Give what each desk held of zones, as it was told."""
    issued = {(one.zone, one.version): one.volume for one in run.journal.of(ZoneIssued)}
    for name in sorted(zones):
        for party, (_, versions) in held(run.journal, name).items():
            before: Counter[int] = Counter()
            for version, volume in versions:
                before[version] += 1
                again = f"/{before[version]}" if before[version] > 1 else ""
                drawn = _drawn("told", name, party, volume, version)
                yield replace(
                    drawn,
                    id=f"{drawn.id}/{party}{again}",
                    differs=volume.footprint != issued[name, version].footprint,
                )


def _drawn(kind: str, name: str, party: str, volume: Volume, version: int = 0) -> DrawnFootprint:
    """Draw a volume for as long as its window lasts."""
    start, end = volume.window
    return DrawnFootprint(
        id=f"{kind}:{name}/v{version}" if version else f"{kind}:{name}",
        kind=kind,
        name=name,
        party=party,
        version=version,
        start=start,
        end=end,
        volume=volume,
        outlines=lines_of(volume.footprint),
    )
