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
    height_of
        The module whose ``height(subject, **options)`` gives the height instead, where it
        depends on what there is to show.
    """

    of: str
    about: str
    width: float = 9.0
    height: float = 5.0
    height_of: str = ""


KINDS = {
    "chain": Kind(
        "run",
        "how one violation or incursion came about, step by step",
        9.5,
        height_of="sim.plots.chains",
    ),
    "latency": Kind("run", "how long each step of the notices took", 9.0, 4.6),
    "ledgers": Kind(
        "run",
        "which violations stand in whose books, and why not in others",
        height_of="sim.plots.books",
    ),
    "timeline": Kind(
        "run",
        "who was told when, what was active when, who was where",
        10.0,
        height_of="sim.plots.timelines",
    ),
}
"""By the names of the functions that draw them."""
