"""Causes, by how often each was the one broken link, in their own colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.findings.causes import CAUSES
from sim.plots.barred import BAR, ROW_IN, Row, draw_bar, from_zero, lay_rows, no_rows
from sim.plots.canvas import drawing, headline
from sim.plots.palette import CAUSE_COLOURS
from sim.plots.scales import inches_for
from sim.report.headline import cause_headline, run_cause_headline
from sim.report.wording import counted, named
from sim.stats import CONFIDENCE, Interval
from sim.sweeps.runner import Replications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.findings.run import Run


class Cause(NamedTuple):
    """How much of all one cause explains, and in numbers."""

    cause: str
    found: Interval
    numbers: str


def causes(subject: Replications | Run, ax: Axes | None = None) -> Axes:
    """Draw the causes that occur, in the order of the tree.

    Of many replications each has its share of all with its interval, of one run its count.
    Counted are violations, and incursions outside every declared zone.

    Parameters
    ----------
    subject
        Many replications, or a run.
    ax
        Where to draw; without it, on axes of a new figure.
    """
    is_many = isinstance(subject, Replications)
    found = shares_of(subject) if isinstance(subject, Replications) else counts_of(subject)
    with drawing(ax, height=inches_for(len(found), ROW_IN)) as axes:
        for place, one in enumerate(found):
            colour, factor = CAUSE_COLOURS[one.cause], 100.0 if is_many else 1.0
            draw_bar(axes, place + BAR, one.found, colour, f"cause:{one.cause}", factor=factor)
        from_zero(axes, range(len(found)))
        lay_rows(axes, [Row(named(one.cause), one.numbers) for one in found])
        axes.set_xlabel(_heading([one.cause for one in found], is_many=is_many))
        axes.locator_params(axis="x", integer=not is_many)
        if not found:
            no_rows(axes, "Nobody entered anything.")
        headline(axes, *_said(subject))
    return axes


def height(subject: Replications | Run) -> float:
    """Give the height of a figure of its own, in inches."""
    found = shares_of(subject) if isinstance(subject, Replications) else counts_of(subject)
    return inches_for(len(found), ROW_IN)


def _heading(found: Sequence[str], *, is_many: bool) -> str:
    """Say what is counted."""
    outside = " and incursions outside every zone" if "undeclared" in found else ""
    return f"share of all violations{outside}, %" if is_many else f"violations{outside}"


def shares_of(many: Replications) -> list[Cause]:
    """Give the share of each cause that occurs in many replications."""
    total = sum(share.violations for share in many.causes.values())
    return [
        Cause(
            cause,
            Interval(share.share, share.low, share.high, CONFIDENCE, len(many)),
            f"{share.violations:,} of {total:,}, {share.share:.1%}"
            f" ({share.low:.1%} to {share.high:.1%})",
        )
        for cause, share in many.causes.items()
        if share.violations
    ]


def counts_of(run: Run) -> list[Cause]:
    """Give the count of each cause that occurs in a run."""
    counts = {cause: run.metrics[cause] for cause in CAUSES if run.metrics[cause]}
    total = sum(counts.values())
    return [
        Cause(
            cause,
            Interval(count, np.nan, np.nan, CONFIDENCE, 1),
            f"{count:,.0f} of {total:,.0f}",
        )
        for cause, count in counts.items()
    ]


def _said(subject: Replications | Run) -> tuple[str, str]:
    """Give the finding, and what it is of."""
    name, seed = subject.scenario.name, f"seed {subject.seed}"
    if not isinstance(subject, Replications):
        return run_cause_headline(subject), f"{name}; one run, {seed}"
    size = counted(len(subject), "replication")
    return cause_headline(subject), f"{name}; {size}, {seed}; 95% intervals"
