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
    """

    of: str
    about: str
    width: float = 9.0
    height: float = 5.0
    also: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "causes": Kind(
        "replications", "how often each cause, with intervals", height=4.5, also=("run",)
    ),
    "why": Kind("why", "what each link would have prevented, beside the causes", height=7.0),
    "differences": Kind("comparison", "paired differences of two scenarios", height=8.0),
    "responses": Kind("sweep", "a metric along a factor, a line for each value of another"),
    "heatmap": Kind("sweep", "a metric over two factors, written in cells"),
    "pareto": Kind("sweep", "all points by two metrics, their front and the recommended one"),
    "sensitivity": Kind("sweep", "what drives a metric: Sobol' indices or Morris' effects"),
    "convergence": Kind(
        "sweep", "how an interval narrows with replications", also=("replications",)
    ),
}
"""By the names of the functions that draw them."""
