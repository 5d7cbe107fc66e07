"""One run, told to people: who entered what and why, who told whom, where plans overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.chains import chain_blocks
from sim.report.dealings import action_blocks, decision_blocks, notice_blocks
from sim.report.figures import figures
from sim.report.headline import run_headline
from sim.report.outline import Outline, Section, Terms
from sim.report.plans import close_blocks, overlap_blocks, period
from sim.report.stays import entry_blocks, site_blocks
from sim.report.uncovered import gap_blocks

if TYPE_CHECKING:
    from sim.findings.run import Run


def account(run: Run) -> Outline:
    """Compose the report of one run."""
    sections = (
        Section("Who entered what", entry_blocks(run)),
        Section("Operations over people on the ground", site_blocks(run)),
        Section("How it came about", chain_blocks(run)),
        Section("Who told whom", notice_blocks(run)),
        Section("What declarers decided", decision_blocks(run)),
        Section("What those did who heeded", action_blocks(run)),
        Section("Where plans overlap", overlap_blocks(run.plan, run.overlaps)),
        Section("Nearer than the minima", close_blocks(run.plan, run.close)),
        Section("Gaps", gap_blocks(run)),
        Section("In figures", (figures_of(run),)),
    )
    return Outline(
        title=run.scenario.name,
        subtitle=subtitle(run),
        headline=run_headline(run),
        sections=tuple(section for section in sections if section.blocks),
    )


def subtitle(run: Run) -> str:
    """Say from when to when a run lasts, and which it is."""
    which = f", replication {run.replication}" if run.replication else ""
    return f"{period(run.plan)}, seed {run.seed}{which}"


def figures_of(run: Run) -> Terms:
    """Give the metrics of a run, in words and with units."""
    handled = sum(notice.handled is not None for notice in run.notices)
    return Terms(figures(run.metrics, handled))
