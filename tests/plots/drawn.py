"""What tests ask of a figure that has been drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.text import Text

from sim.plots.canvas import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALLEST_PT = 7.5


def axes() -> Axes:
    """Make axes of a figure that no window shows."""
    return figure().subplots()


def by_gid(ax: Axes, gid: str) -> list[Any]:
    """Give the artists of a name, or of one that begins with ``gid:``."""
    found = [*ax.get_children(), *(child for c in ax.containers for child in c.get_children())]
    named = {id(one): one for one in found if one.get_gid()}
    return [
        one
        for one in named.values()
        if one.get_gid() == gid or str(one.get_gid()).startswith(f"{gid}:")
    ]


def names(ax: Axes, gid: str) -> list[str]:
    """Give what stands after ``gid:`` in the names of artists, in order of drawing."""
    return [str(one.get_gid()).partition(":")[2] for one in by_gid(ax, gid)]


def title(ax: Axes) -> str:
    """Give the title on one line."""
    return ax.get_title(loc="left").replace("\n", " ")


def beside(ax: Axes) -> str:
    """Give the line under the title on one line."""
    small = [text for text in ax.texts if text.get_alpha() == 0.75]
    return " ".join(text.get_text() for text in small).replace("\n", " ")


def legend(ax: Axes) -> list[str]:
    """Give the entries of the legends of a figure."""
    whole: Any = ax.get_figure(root=True)
    found = [*whole.legends, *([ax.get_legend()] if ax.get_legend() else [])]
    return [text.get_text() for one in found for text in one.get_texts()]


def check(ax: Axes) -> None:
    """Draw the figure; nothing warns, is too small to read, or read as mathematics."""
    whole: Any = ax.get_figure(root=True)
    whole.canvas.draw()
    for text in whole.findobj(Text):
        if text.get_text().strip():
            assert text.get_fontsize() >= _SMALLEST_PT, text
            assert "$" not in text.get_text() or not text.get_parse_math(), text
