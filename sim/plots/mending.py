"""Why: beside what broke, what one link would have prevented if it alone were perfect."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.plots.asked import has_interval
from sim.plots.barred import BAR, ROW_IN, Row, draw_bar, from_zero, lay_rows, no_rows
from sim.plots.canvas import drawing, headline
from sim.plots.palette import CAUSE_COLOURS
from sim.plots.scales import STEEL, inches_for
from sim.report.estimates import BY_CAUSE, BY_LINK
from sim.report.headline import why_headline
from sim.report.wording import counted, listed, named
from sim.sweeps.links import LINKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.stats import Interval
    from sim.sweeps.why import Prevented, Why


def why(subject: Why, ax: Axes | None = None) -> Axes:
    """Draw the causes, and under them what each link would have prevented, on one scale.

    The bars of the causes are how many violations each explains in a replication; those of
    the links how many fewer there are in one, with paired intervals, if the link alone is
    perfect. They do not add up: what two links broke may need both, or either.

    Parameters
    ----------
    subject
        What :func:`sim.ask_why` found.
    ax
        Where to draw; without it, on axes of a new figure.
    """
    broke = _broke(subject)
    rows = _rows(subject)
    with drawing(ax, height=inches_for(len(rows), ROW_IN)) as axes:
        for place, (_, colour, found, key) in enumerate(rows):
            if found is not None:
                kind = "cause" if key in broke else "link"
                draw_bar(axes, place + BAR, found, colour, f"{kind}:{key}")
        from_zero(axes, [place for place, row in enumerate(rows) if row[2] is not None])
        lay_rows(axes, [row for row, *_ in rows])
        outside = ", or incursions outside every zone" if "undeclared" in broke else ""
        axes.set_xlabel(f"violations{outside}, a replication")
        if not rows:
            no_rows(axes, "Nobody entered anything.")
        headline(axes, why_headline(subject), _about(subject, full=bool(rows)))
    return axes


def height(subject: Why) -> float:
    """Give the height of a figure of its own, in inches."""
    return inches_for(len(_rows(subject)), ROW_IN)


def _broke(subject: Why) -> list[str]:
    """Give the causes that occur."""
    return [cause for cause, share in subject.replications.causes.items() if share.violations]


def _rows(subject: Why) -> list[tuple[Row, str, Interval | None, str]]:
    """Give what stands over each bar, its colour, its length and what it is of."""
    many, broke = subject.replications, _broke(subject)
    helpful = [one for one in subject.links.values() if prevents(one)]
    return [
        *([(Row(BY_CAUSE, heading=True), "", None, "")] if broke else []),
        *(
            (_cause_row(subject, cause), CAUSE_COLOURS[cause], many.metrics[cause], cause)
            for cause in broke
        ),
        *([(Row(BY_LINK, heading=True), "", None, "")] if helpful else []),
        *((_link_row(one), STEEL, one.violations, one.link) for one in helpful),
    ]


def prevents(link: Prevented) -> bool:
    """Tell whether a perfect link would have changed the violations of any replication."""
    found = link.violations
    return found.mean != 0.0 or found.low != found.high


def _about(subject: Why, *, full: bool) -> str:
    """Say what the figure is of; the rest only where there is something to prevent."""
    many = subject.replications
    size = f"{counted(len(many), 'replication')}, seed {many.seed}"
    if not full:
        return f"{many.scenario.name}; {size}"
    idle = listed([one.link for one in subject.links.values() if not prevents(one)])
    nothing = f"would have changed nothing: {idle}" if idle else ""
    return "; ".join(filter(None, (many.scenario.name, size, "95% intervals", nothing)))


def _cause_row(subject: Why, cause: str) -> Row:
    share = subject.causes[cause].share
    return Row(named(cause), _numbers(subject.replications.metrics[cause], share))


def _link_row(link: Prevented) -> Row:
    return Row(f"{link.link} ({LINKS[link.link]})", _numbers(link.violations, link.share))


def _numbers(found: Interval, share: float) -> str:
    """Give a mean with its interval, and what part of all that is."""
    varies = has_interval(found) and found.high > found.low
    ends = f" ({found.low:.3g} to {found.high:.3g})" if varies else ""
    return f"{found.mean:.3g}{ends}" + ("" if isnan(share) else f", {share:.0%} of all")
