"""Gaps, told to people: what of an operation no declaration, or no notice held, covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.geometry.altitude import shared_reference
from sim.report.outline import Cell, Column, Group, Paragraph, Table
from sim.report.wording import ROWS, Clock, altitudes_text, area_text, cut, number_text

if TYPE_CHECKING:
    from sim.findings.gaps import Gap
    from sim.findings.run import Run
    from sim.report.outline import Block
    from sim.scenario.planned import Plan

GAP_COLUMNS = (
    Column("operation"),
    Column("not covered by"),
    Column("kind"),
    Column("when"),
    Column("altitude", right=True),
    Column("area", right=True),
    Column("km2 h", right=True),
)
ABOUT_GAPS = (
    "Pieces of an operation, as it really was, that the declaration, or what a party"
    " holds of it, does not cover. The figure at the end counts declarations only."
)


def gap_blocks(run: Run) -> tuple[Block, ...]:
    """Tabulate the gaps of a run."""
    if not run.gaps:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.gaps, ROWS)
    rows = tuple(gap_row(run.plan, gap, clock) for gap in shown)
    return (Paragraph(ABOUT_GAPS), Table(GAP_COLUMNS, (Group("", rows),)), *rest)


def gap_row(plan: Plan, gap: Gap, clock: Clock) -> tuple[Cell, ...]:
    """Set one gap under :data:`GAP_COLUMNS`."""
    holder = "as declared" if gap.holder is None else f"{gap.holder}'s copy"
    return (
        Cell(gap.operation),
        Cell(f"{gap.zone}, {holder}"),
        Cell(str(gap.kind)),
        Cell(clock.span(gap.start, gap.end), order=gap.start),
        Cell(altitudes_text(_reference(plan, gap), gap.lower_m, gap.upper_m), order=gap.lower_m),
        Cell(area_text(gap.area_km2), order=gap.area_km2),
        Cell(number_text(gap.km2_h), order=gap.km2_h),
    )


def _reference(plan: Plan, gap: Gap) -> str:
    """Tell what a gap's altitudes are measured from: what operation and cover share."""
    operation = plan.operations[gap.operation].volume.band
    cover = operation if gap.kind == "time" else plan.zones[gap.zone].volume.band
    return shared_reference(operation, cover)
