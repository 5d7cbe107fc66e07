"""An outline as text: colour and bold in a terminal, plain where it is piped."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from sim.report.columns import GUTTER, fit
from sim.report.outline import Chain, Paragraph, Table, Terms, Tone
from sim.report.wording import plain

if TYPE_CHECKING:
    from typing import TextIO

    from rich.console import JustifyMethod, RenderableType

    from sim.report.columns import Fit
    from sim.report.outline import Block, Cell, Outline

_STYLES = {
    Tone.PLAIN: "",
    Tone.BAD: "bold red",
    Tone.DOUBTFUL: "yellow",
}
_PROSE = 100  # columns: a longer line of prose is hard to read
_INDENT = 2
_BOUND = "\U000f0020"  # stands for a blank not to break a line at; rich breaks at a no-break space
_TOGETHER = re.compile(
    r"(?<![^\s(-])(-?\d(?:[\d,.]*\d)?) (?=[A-Za-z%])"  # a number and what it counts
    r"|(?<=\d )(km2) (?=h\b)"
    r"|(\b(?:ft|m)) (?=(?:MSL|AGL|W84)\b)"
    r"|(?<=\d )(\b(?:d|h|min)) (?=\d\d? (?:h|min|s)\b)"
)
_LINE_END = re.compile(r"(?: |\x1b\[[\d;]*m)+$")


def render(outline: Outline, file: TextIO | None = None, width: int | None = None) -> str:
    """Set an outline as text for the terminal, file or pipe that will receive it.

    Parameters
    ----------
    outline
        What to set.
    file
        Decides on colour: a terminal gets it, unless ``NO_COLOR`` is set. None is
        standard output. Nothing is written to it.
    width
        Columns; by default those of the terminal, else of ``COLUMNS``, else 80.

    Returns
    -------
    str
        Lines without trailing blanks. Control characters that user text may hold
        are shown, not obeyed.
    """
    goal = Console(file=file, width=width)
    lines = StringIO()
    console = Console(
        file=lines,
        width=goal.width,
        force_terminal=goal.is_terminal,
        no_color=goal.no_color,
        color_system="auto" if goal.is_terminal else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    _print(console, outline)
    return "".join(f"{_ended(line)}\n" for line in lines.getvalue().split("\n")[:-1])


def _ended(line: str) -> str:
    """End a line where its text does: no blanks, not even inside a colour."""
    bare = _LINE_END.sub(lambda end: end.group().replace(" ", ""), line)
    return bare.replace(_BOUND, " ")


def _said(text: str, style: str = "") -> Text:
    """Make a text of which a line break parts no number from its unit."""
    return Text(_TOGETHER.sub(_bind, plain(text)), style=style)


def _bind(found: re.Match[str]) -> str:
    return f"{found.group()[:-1]}{_BOUND}"


def _print(console: Console, outline: Outline) -> None:
    prose = min(console.width, _PROSE)
    console.print(_said(outline.title, style="bold"), width=prose)
    console.print(_said(outline.subtitle, style="dim"), width=prose)
    console.print()
    console.print(_said(outline.headline), width=prose)
    for section in outline.sections:
        console.print()
        console.print(_said(section.title, style="bold underline"), width=prose)
        for block in section.blocks:
            console.print()
            width = _width(console, block)
            for part in _parts(block, width - _INDENT):
                console.print(Padding(part, (0, 0, 0, _INDENT)), width=width)


def _width(console: Console, block: Block) -> int:
    return console.width if isinstance(block, Table) else min(console.width, _PROSE)


def _parts(block: Block, width: int) -> list[RenderableType]:
    match block:
        case Paragraph(text):
            return [_said(text)]
        case Table():
            return _table(block, width)
        case Terms(entries):
            return _terms(entries, width)
        case Chain():
            return _chain(block)


def _table(table: Table, width: int) -> list[RenderableType]:
    """Set each group under its title, all in the same columns."""
    fitted = fit(table, width)
    parts: list[RenderableType] = []
    for number, group in enumerate(table.groups):
        if number:
            parts.append(Text(""))
        if group.title:
            parts.append(_said(group.title, style="bold"))
        parts.extend(
            _row([Text(column.title, style="dim") for column in table.columns], table, fitted)
        )
        for row in group.rows:
            parts.extend(_row([_cell(cell) for cell in row], table, fitted))
    return parts


def _row(cells: list[Text], table: Table, fitted: Fit) -> list[RenderableType]:
    below = _in_columns(cells, table, fitted, fitted.below)
    if not fitted.above:
        return [below]
    indented = Padding(below, (0, 0, 0, GUTTER))
    if fitted.ragged:
        return [Text(" " * GUTTER).join(cells[place] for place in fitted.above), indented]
    return [_in_columns(cells, table, fitted, fitted.above), indented]


def _in_columns(cells: list[Text], table: Table, fitted: Fit, places: tuple[int, ...]) -> Grid:
    grid = Grid.grid(padding=(0, GUTTER, 0, 0))
    for place in places:
        justify: JustifyMethod = "right" if table.columns[place].right else "left"
        grid.add_column(justify=justify, overflow="fold", width=fitted.widths[place])
    grid.add_row(*(cells[place] for place in places))
    return grid


def _terms(entries: tuple[tuple[Cell, str], ...], width: int) -> list[RenderableType]:
    """Set terms beside their meanings, or above them where one would break the other."""
    terms = [_cell(term) for term, _ in entries]
    meanings = [_said(meaning) for _, meaning in entries]
    longest = max((cell_len(word) for text in meanings for word in text.plain.split()), default=0)
    if max((term.cell_len for term in terms), default=0) + GUTTER + longest > width:
        indented = [Padding(meaning, (0, 0, 0, GUTTER)) for meaning in meanings]
        return [part for pair in zip(terms, indented, strict=True) for part in pair]
    grid = Grid(box=None, padding=(0, GUTTER, 0, 0), pad_edge=False, show_header=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for term, meaning in zip(terms, meanings, strict=True):
        grid.add_row(term, meaning)
    return [grid]


def _chain(chain: Chain) -> list[RenderableType]:
    cause = _cell(chain.cause)
    if chain.detail:
        cause.append_text(_said(f": {chain.detail}"))
    links = Grid(box=None, padding=(0, GUTTER, 0, 0), pad_edge=False, show_header=False)
    links.add_column(no_wrap=True, justify="right", style="dim")
    links.add_column(overflow="fold")
    for link in chain.links:
        links.add_row(Text(link.clock), _said(link.what))
    return [
        _said(chain.title, style="bold"),
        _said(chain.facts),
        cause,
        Padding(links, (0, 0, 0, _INDENT)),
    ]


def _cell(cell: Cell) -> Text:
    return _said(cell.text, style=_STYLES[cell.tone])
