"""The page of a sweep: what is recommended, its figures, and all points to filter and sort."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from sim.page.assembling import assemble, asset
from sim.page.embedding import check_extra
from sim.page.pictures import pictures
from sim.page.tables import Grid, Row
from sim.report.responses import POINTS, point_columns, point_row, points_legend, responses

if TYPE_CHECKING:
    from sim.sweeps.answers import Answers
    from sim.sweeps.results import SweepResult

SHOWN = ("pareto", "responses", "heatmap", "sensitivity", "convergence")
_WIDE_IN = 7.4  # so that two stand beside each other, and can be read


def sweep_page(result: SweepResult) -> str:
    """Compose the page of a sweep; figures that its design does not tell of are left out.

    Parameters
    ----------
    result
        The finished sweep, made or opened.

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
    found = result.answers
    told = responses(found)
    return assemble(
        "sweep.html",
        (asset("tables.js"),),
        {},
        title=told.title,
        subtitle=told.subtitle,
        headline=told.headline,
        version=version("keepout"),
        marks=(),
        causes=(),
        pictures=pictures(SHOWN, result, _WIDE_IN),
        points=_points(found),
        notes=points_legend(found),
        sections=[section for section in told.sections if section.title != POINTS],
    )


def _points(found: Answers) -> Grid:
    rows = tuple(Row(point_row(found, estimate)) for estimate in found.estimates)
    return Grid("points", POINTS, point_columns(found), rows, "There are no points.")
