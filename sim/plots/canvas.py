"""What all figures share: where they are drawn, their titles and their legends."""

from __future__ import annotations

import re
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
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

WIDE, HIGH = 9.0, 5.0  # inches, of a figure of its own
_LETTER_IN = 0.089  # how wide a letter of a title is, about
_EM, _BOLD_EM = 0.0082, 0.0093  # inches, of a letter of one point, about
_SMALL_LETTER_IN = 0.068  # likewise, of what stands beneath
_MARK_PT = 7.0
_LIGHT, _DIM = 0.5, 0.1  # luminances: 0.1 has a contrast of 3 to black, the least by WCAG 2.2
_EDGE_PT = 1.0
_LARGER = {"*": 1.45}  # markers that cover little of the circle round them
_COLUMN_IN = 2.4  # of a legend
_MARGIN = 0.15  # of a figure's width, that the layout takes away
_PADDING_IN = 0.15  # around axes and their names
_FEW_LETTERS_IN = 0.5  # of labels, that the margin holds
_BESIDE_LINES, _RAGGED = 2, 12  # of what is beside a title; letters lost where lines break
_NARROWEST = 30  # letters of a title's line
_AMOUNT = re.compile(r"(?<=\d) (?=(?:s|min|h|m|km|km2|ft|NM|kt)\b)")  # between number and unit
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

    made = None if ax is not None else _shown_figure(width, height)
    with mpl.rc_context(FACE):
        if made is not None:
            ax = made.subplots()
        assert ax is not None, "given, or made"
        _take_literally(ax)
        yield ax
        _take_literally(ax)


def _shown_figure(width: float, height: float) -> Figure:
    """Make a figure of pyplot's.

    The first one loads a backend, and a notebook's switches on that figures are shown: what
    would be switched off again at the end of a context of settings.
    """
    from matplotlib import pyplot as plt  # noqa: PLC0415 - slow to import

    return plt.figure(figsize=(width, height), layout="constrained")


def _take_literally(ax: Axes) -> None:
    """Show dollar signs as they are also in those texts of given axes that were there before."""
    from matplotlib.text import Text  # noqa: PLC0415 - slow to import

    for text in ax.findobj(Text):
        text.set_parse_math(False)


def headline(ax: Axes, finding: str, beside: str = "") -> None:
    """Set the title: what the figure shows, as a sentence; and smaller, what it is of.

    Where the y-axis has names, set them first: the title keeps clear of the right border.
    """
    width = _width_in(ax) - max(0.0, labels_in(ax) - _FEW_LETTERS_IN)
    together = _AMOUNT.sub("\N{NO-BREAK SPACE}", plain(finding))
    letters = max(_NARROWEST, int(width / _LETTER_IN))
    lines = wrap(together, letters, break_on_hyphens=False)  # names stay whole
    letters = max(_NARROWEST, int(width / _SMALL_LETTER_IN))
    below = wrap(shortened(beside, _BESIDE_LINES * letters - _RAGGED), letters)
    ax.set_title(
        "\n".join(lines).replace("\N{NO-BREAK SPACE}", " "), loc="left", pad=6.0 + 12.0 * len(below)
    )
    if below:
        ax.annotate(
            "\n".join(below),
            (0.0, 1.0),
            (0.0, 4.0),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=8.5,
            alpha=0.75,
            annotation_clip=False,
        )


def labels_in(ax: Axes) -> float:
    """Give about how wide the names along the y-axis are, in inches."""
    widths = [
        len(line) * float(label.get_fontsize()) * _em(label)
        for label in ax.get_yticklabels()
        for line in label.get_text().split("\n")
    ]
    return max(widths, default=0.0)


def _em(label: Text) -> float:
    return _BOLD_EM if label.get_fontweight() == "bold" else _EM


def inner_width_in(ax: Axes) -> float:
    """Give about how wide axes will be between their names and the border, in inches."""
    return max(1.0, _width_in(ax) - labels_in(ax) - _PADDING_IN)


def shortened(text: str, letters: int, tail: int = 0) -> str:
    """Give a text as it is shown, cut before so many last letters if it is longer than that."""
    shown = plain(text)
    if len(shown) <= letters:
        return shown
    return f"{shown[: letters - 1 - tail]}\N{HORIZONTAL ELLIPSIS}{shown[len(shown) - tail :]}"


def legend_below(ax: Axes, handles: Sequence[Artist], below_pt: float = 46.0) -> None:
    """Say what is what, under the axes, where nothing is covered.

    ``below_pt`` is how far below the axes there is room, in points, where the figure has others.
    """
    if not handles:
        return
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    if len(figure.axes) == 1:
        columns = max(1, min(len(handles), int(figure.get_figwidth() / _COLUMN_IN)))
        figure.legend(handles=list(handles), loc="outside lower left", ncols=columns)
        return
    columns = max(1, min(len(handles), int(inner_width_in(ax) / _COLUMN_IN)))
    ax.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=ax.transAxes + moved(ax, up_pt=-below_pt),
        borderaxespad=0.0,
        ncols=columns,
    )


def moved(ax: Axes, right_pt: float = 0.0, up_pt: float = 0.0) -> Transform:
    """Give what is added to a transform to move what is drawn by so many points."""
    from matplotlib.transforms import ScaledTranslation  # noqa: PLC0415 - slow to import

    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    return ScaledTranslation(right_pt / 72.0, up_pt / 72.0, figure.dpi_scale_trans)


def nothing(ax: Axes, why: str) -> None:
    """Say in the middle of axes why nothing is drawn on them."""
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes, gid="nothing")


def cause_handles(causes: Iterable[str]) -> list[Line2D]:
    """Give the legend's entries of the causes that occur, in the order of the tree."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - slow to import

    occurring = set(causes)
    return [
        Line2D([], [], linestyle="", label=f"{cause}: {BRIEFLY[cause]}", **cause_mark(cause))
        for cause in CAUSES
        if cause in occurring
    ]


def cause_mark(cause: str, size: float = _MARK_PT) -> dict[str, Any]:
    """Give the colour and the marker of a cause as keywords of ``Axes.plot``, as large as others.

    ``size`` is that of a circle, in points.
    """
    return {
        "marker": CAUSE_MARKERS[cause],
        "markerfacecolor": CAUSE_COLOURS[cause],
        "markeredgecolor": ink(),
        "markeredgewidth": 0.6,
        "markersize": size * _LARGER.get(CAUSE_MARKERS[cause], 1.0),
    }


def edge_on_dark(line: Line2D) -> None:
    """Give a line an edge of ink where it would hardly be seen on the user's dark ground."""
    from matplotlib.patheffects import Normal, Stroke  # noqa: PLC0415 - slow to import

    is_dark = _luminance(ink()) > _LIGHT
    if is_dark and _luminance(line.get_color()) < _DIM:
        edge = Stroke(linewidth=line.get_linewidth() + _EDGE_PT, foreground=ink())
        line.set_path_effects([edge, Normal()])


def _luminance(colour: Any) -> float:
    """Give the relative luminance of a colour, from 0 to 1, by WCAG 2.2."""
    from matplotlib.colors import to_rgb  # noqa: PLC0415 - slow to import

    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for share in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink() -> str:
    """Give the colour of text, by which thin lines are seen on the user's ground."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    return str(mpl.rcParams["text.color"])


def _width_in(ax: Axes) -> float:
    """Give about how wide axes are, in inches, before they are laid out."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    return float(figure.get_figwidth()) * min(1.0, ax.get_position().width + _MARGIN)
