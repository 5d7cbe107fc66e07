"""What all figures share: where they are drawn, their titles and their legends."""

from __future__ import annotations

from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.findings.causes import CAUSES
from sim.plots.palette import CAUSE_COLOURS, CAUSE_MARKERS
from sim.report.wording import BRIEFLY, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

WIDE, HIGH = 9.0, 5.0  # inches, of a figure of its own
_LETTER_IN = 0.085  # how wide a letter of a title is, about
_COLUMN_IN = 2.4  # of a legend
_MARGIN = 0.15  # of a figure's width, that the layout takes away
_NARROWEST = 30  # letters of a title's line
FACE: Any = {
    "text.parse_math": False,  # a name with dollar signs is a name
    "font.family": ["DejaVu Sans"],  # comes with matplotlib
    "font.size": 9.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.fonttype": "path",  # the same letters wherever it is opened
    "svg.hashsalt": "keepout",  # the same run gives the same bytes
    "pdf.fonttype": 42,
}


def figure(width: float = WIDE, height: float = HIGH) -> Figure:
    """Make a figure that no window shows, to be saved; size in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415 - likewise

    made = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(made)
    return made


@contextmanager
def drawing(ax: Axes | None, width: float = WIDE, height: float = HIGH) -> Iterator[Axes]:
    """Draw on given axes, or on those of a new figure of pyplot's, which notebooks show.

    What is drawn within has our letters and lines, whatever the user has set
    elsewhere; colours of text, axes and ground stay the user's.
    """
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    with mpl.rc_context(FACE):
        if ax is None:
            from matplotlib import pyplot as plt  # noqa: PLC0415 - slow to import

            _, ax = plt.subplots(figsize=(width, height), layout="constrained")
        yield ax


def headline(ax: Axes, finding: str, beside: str = "") -> None:
    """Set the title: what the figure shows, as a sentence; and smaller, what it is of."""
    lines = wrap(plain(finding), max(_NARROWEST, int(_width_in(ax) / _LETTER_IN)))
    ax.set_title("\n".join(lines), loc="left", pad=18.0 if beside else 6.0)
    if beside:
        ax.annotate(
            plain(beside),
            (0.0, 1.0),
            (0.0, 4.0),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=8.5,
            alpha=0.75,
            annotation_clip=False,
        )


def legend_below(ax: Axes, handles: Sequence[Artist]) -> None:
    """Say what is what, under the axes, where nothing is covered."""
    if not handles:
        return
    columns = max(1, min(len(handles), int(_width_in(ax) / _COLUMN_IN)))
    ax.get_figure(root=True).legend(  # type: ignore[union-attr]  # axes have a figure
        handles=list(handles), loc="outside lower left", ncols=columns
    )


def cause_handles(causes: Iterable[str]) -> list[Line2D]:
    """Give the legend's entries of the causes that occur, in the order of the tree."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - slow to import

    occurring = set(causes)
    return [
        Line2D([], [], linestyle="", label=f"{cause}: {BRIEFLY[cause]}", **cause_mark(cause))
        for cause in CAUSES
        if cause in occurring
    ]


def cause_mark(cause: str) -> dict[str, Any]:
    """Give the colour and the marker of a cause as keywords of ``Axes.plot``."""
    return {
        "marker": CAUSE_MARKERS[cause],
        "markerfacecolor": CAUSE_COLOURS[cause],
        "markeredgecolor": ink(),
        "markeredgewidth": 0.6,
        "markersize": 7.0,
    }


def ink() -> str:
    """Give the colour of text, by which thin lines are seen on the user's ground."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    return str(mpl.rcParams["text.color"])


def _width_in(ax: Axes) -> float:
    """Give about how wide axes are, in inches, before they are laid out."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    return float(figure.get_figwidth()) * min(1.0, ax.get_position().width + _MARGIN)
