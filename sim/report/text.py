"""An outline as text: colour and bold in a terminal, plain where it is piped."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

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
    return "".join(f"{line.rstrip()}\n" for line in lines.getvalue().splitlines())


def _print(console: Console, outline: Outline) -> None:
    prose = min(console.width, _PROSE)
    console.print(Text(plain(outline.title), style="bold"), width=prose)
    console.print(Text(plain(outline.subtitle), style="dim"), width=prose)
    console.print()
    console.print(Text(plain(outline.headline)), width=prose)
    for section in outline.sections:
        console.print()
        console.print(Text(plain(section.title), style="bold underline"), width=prose)
        for block in section.blocks:
            console.print()
            for part in _parts(block, console.width - _INDENT):
                console.print(Padding(part, (0, 0, 0, _INDENT)), width=_width(console, block))


def _width(console: Console, block: Block) -> int:
    return console.width if isinstance(block, Table) else min(console.width, _PROSE)


def _parts(block: Block, width: int) -> list[RenderableType]:
    match block:
        case Paragraph(text):
            return [Text(plain(text))]
        case Table():
            return _table(block, width)
        case Terms(entries):
            return [_terms(entries)]
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
            parts.append(Text(plain(group.title), style="bold"))
        parts.extend(
            _row([Text(column.title, style="dim") for column in table.columns], table, fitted)
        )
        for row in group.rows:
            parts.extend(_row([_cell(cell) for cell in row], table, fitted))
    return parts


def _row(cells: list[Text], table: Table, fitted: Fit) -> list[RenderableType]:
    grid = Grid.grid(padding=(0, fitted.gutter, 0, 0))
    for place, width in zip(fitted.below, fitted.widths, strict=True):
        justify: JustifyMethod = "right" if table.columns[place].right else "left"
        grid.add_column(justify=justify, overflow="fold", width=width)
    grid.add_row(*(cells[place] for place in fitted.below))
    if not fitted.above:
        return [grid]
    above = Text(" " * GUTTER).join(cells[place] for place in fitted.above)
    return [above, Padding(grid, (0, 0, 0, GUTTER))]


def _terms(entries: tuple[tuple[Cell, str], ...]) -> Grid:
    grid = Grid(box=None, padding=(0, GUTTER, 0, 0), pad_edge=False, show_header=False)
    grid.add_column(no_wrap=True, overflow="fold")
    grid.add_column(overflow="fold")
    for term, meaning in entries:
        grid.add_row(_cell(term), Text(plain(meaning)))
    return grid


def _chain(chain: Chain) -> list[RenderableType]:
    cause = _cell(chain.cause)
    cause.append(f": {plain(chain.detail)}" if chain.detail else "", style="not bold default")
    links = Grid(box=None, padding=(0, GUTTER, 0, 0), pad_edge=False, show_header=False)
    links.add_column(no_wrap=True, justify="right", style="dim")
    links.add_column(overflow="fold")
    for clock, what in chain.links:
        links.add_row(Text(clock), Text(plain(what)))
    return [
        Text(plain(chain.title), style="bold"),
        Text(plain(chain.facts)),
        cause,
        Padding(links, (0, 0, 0, _INDENT)),
    ]


def _cell(cell: Cell) -> Text:
    return Text(plain(cell.text), style=_STYLES[cell.tone])
