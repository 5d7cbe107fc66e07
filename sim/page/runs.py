"""The page of a run: what was found, the run to be played, how it came about, and its tables."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from sim.findings.causes import CAUSES, MEANINGS
from sim.page.assembling import assemble, asset
from sim.page.embedding import bokeh_script, check_extra
from sim.page.legends import keys
from sim.page.marks import mark_of
from sim.page.pictures import pictures
from sim.page.playing import player
from sim.page.tables import entry_grid, entry_key, grids
from sim.report.account import figures_of, subtitle
from sim.report.chains import chains
from sim.report.dealings import action_blocks, decision_blocks, unaddressed
from sim.report.headline import run_headline
from sim.report.outline import Section
from sim.report.places import cancelled
from sim.report.plans import close_blocks
from sim.report.stays import site_blocks

if TYPE_CHECKING:
    from sim.findings.run import Run
    from sim.findings.violations import Incursion, Violation
    from sim.report.outline import Chain

PRINTED = ("map", "timeline")
"""The figures that stand for those that move where nothing does."""


class _Told(NamedTuple):
    id: str
    key: str
    chain: Chain


def run_page(run: Run) -> str:
    """Compose the page of a run.

    Parameters
    ----------
    run
        The run, made or opened.

    Returns
    -------
    str
        One file of HTML, with all that it needs in it.

    Raises
    ------
    InputError
        If Bokeh is not installed; the message says how to install it.
    """
    check_extra()
    played = player(run)
    told = chains(run)
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    occurring = {one.cause for one in entries} | {one.cause for one in run.site_incursions}
    return assemble(
        "run.html",
        (asset("tables.js"), *((bokeh_script(), asset("player.js")) if played else ())),
        {"run": played.data} if played else {},
        title=run.scenario.name,
        subtitle=subtitle(run),
        headline=run_headline(run),
        version=version("keepout"),
        marks=[mark_of(cause) for cause in CAUSES if cause in occurring],
        causes=occurring,
        meanings=MEANINGS,
        played=played,
        legend=keys(played.styles) if played else (),
        entries=entry_grid(run),
        chains=[_Told(entry.id, entry_key(entry), told[entry.id]) for entry in entries],
        pictures=pictures(PRINTED, run) if played else (),
        grids=grids(run),
        sections=_sections(run),
    )


def _sections(run: Run) -> tuple[Section, ...]:
    """Give what stands in no table that filters."""
    sections = (
        Section("Whom no notice names", unaddressed(run)),
        Section("Operations over people on the ground", site_blocks(run, None)),
        Section("Operations that did not take place", cancelled(run)),
        Section("What declarers decided", decision_blocks(run, None)),
        Section("What those did who heeded", action_blocks(run, None)),
        Section("Nearer than the minima", close_blocks(run.plan, run.close)),
        Section("In figures", (figures_of(run),)),
    )
    return tuple(section for section in sections if section.blocks)
