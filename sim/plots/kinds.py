"""The kinds of figures: what each is of, and what it is called in the command."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of figure.

    Parameters
    ----------
    of
        What it is drawn of: ``run``, ``replications``, ``why``, ``comparison`` or ``sweep``.
    about
        What it shows, for the command's help.
    width, height
        Of a figure of its own, in inches.
    also
        What else it may be drawn of.
    height_of
        The module whose ``height(subject, **options)`` gives the height instead, where it
        depends on what there is to show.
    options
        The keywords of its function that the command has options for.
    """

    of: str
    about: str
    width: float = 9.0
    height: float = 5.0
    also: tuple[str, ...] = ()
    height_of: str = ""
    options: tuple[str, ...] = ()


KINDS = {
    "causes": Kind(
        "replications",
        "how often each cause, with intervals",
        also=("run",),
        height_of="sim.plots.shares",
    ),
    "why": Kind(
        "why",
        "what each link would have prevented, beside the causes",
        height_of="sim.plots.mending",
    ),
    "differences": Kind(
        "comparison",
        "paired differences of two scenarios",
        height_of="sim.plots.changes",
        options=("metrics",),
    ),
    "responses": Kind(
        "sweep",
        "a metric along a factor, a line for each value of another",
        options=("metric", "factor"),
    ),
    "heatmap": Kind(
        "sweep", "a metric over two factors, written in cells", options=("metric", "factors")
    ),
    "pareto": Kind(
        "sweep",
        "all points by two metrics, their front and the recommended one",
        options=("metrics",),
    ),
    "sensitivity": Kind(
        "sweep", "what drives a metric: Sobol' indices or Morris' effects", options=("metric",)
    ),
    "convergence": Kind(
        "sweep",
        "how an interval narrows with replications",
        also=("replications",),
        options=("metric", "point"),
    ),
    "chain": Kind(
        "run",
        "how one violation or incursion came about, step by step",
        9.5,
        height_of="sim.plots.chains",
        options=("entry",),
    ),
    "latency": Kind("run", "how long each step of the notices took", 9.0, 4.6),
    "ledgers": Kind(
        "run",
        "which violations stand in whose books, and why not in others",
        height_of="sim.plots.books",
    ),
    "map": Kind(
        "run",
        "true, declared and told areas, tracks, sites and entries, at one time or all",
        height_of="sim.plots.maps",
        options=("parties", "flights", "zones", "at", "between"),
    ),
    "profile": Kind(
        "run",
        "how high a flight flew, through or by which zones",
        9.5,
        5.2,
        options=("flight",),
    ),
    "timeline": Kind(
        "run",
        "who was told when, what was active when, who was where",
        10.0,
        height_of="sim.plots.timelines",
        options=("parties", "flights", "zones", "between"),
    ),
}
"""By the names of the functions that draw them."""
