"""What the charts of a page share: how Bokeh is found, embedded and given the page's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.page.assembling import missing_extra

if TYPE_CHECKING:
    from bokeh.model import Model
    from bokeh.models import ColumnDataSource
    from bokeh.plotting import figure


def check_extra() -> None:
    """Make sure that Bokeh is installed.

    Raises
    ------
    InputError
        If it is not, which says how to install it.
    """
    try:
        import bokeh.plotting  # noqa: F401, PLC0415 - of an extra
    except ImportError as error:
        raise missing_extra() from error


def bokeh_script() -> str:
    """Give Bokeh's own script, from inside its package."""
    from bokeh.resources import Resources  # noqa: PLC0415 - of an extra

    found: list[str] = Resources(mode="inline", components=["bokeh"]).js_raw
    return found[0]


NAME: dict[str, Any] = {"background_fill_alpha": 0.65, "padding": 1, "border_radius": 3}
"""How names are set off from what they stand on."""


def chart(**options: Any) -> figure:
    """Make an empty chart that fills its element and shows its ground through."""
    from bokeh.plotting import figure  # noqa: PLC0415 - of an extra

    return figure(
        sizing_mode="stretch_both",
        toolbar_location=None,
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        **options,
    )


def source(**columns: Any) -> ColumnDataSource:
    """Hold columns as a chart reads them."""
    from bokeh.models import ColumnDataSource  # noqa: PLC0415 - of an extra

    return ColumnDataSource(columns)


def item(plot: figure) -> dict[str, Any]:
    """Give a chart as plain data, from which the page's scripts make it."""
    from bokeh.embed import json_item  # noqa: PLC0415 - of an extra

    return dict(json_item(plot))


def inked(model: Model, **colours: str) -> None:
    """Give colours of a model the names that the page's style gives them, light or dark.

    Names are ``ink``, ``soft``, ``line``, ``accent`` and ``ground``.
    """
    model.tags = [*model.tags, *(f"{name}={colour}" for name, colour in colours.items())]
