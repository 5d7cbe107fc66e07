"""How notebooks show what keepout holds: small tables of HTML, in which every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, TypeVar

from sim.units import show_duration, show_instant, show_length

Item = TypeVar("Item")

ROWS = 10  # shown of a table; more would flood the page
_LEFT = ' style="text-align:left"'
_LONGEST, _LONGEST_FACT = 80, 240  # letters of a cell, and of what stands beside a fact's name
_WHOLE = 100.0  # from here on numbers are shown without a fraction
_INSTANTS = frozenset(
    {
        *("entry", "exit", "start", "end", "at", "nearest"),
        *("drafted", "delivered", "handled", "acknowledged"),
    }
)


class Records(tuple[Item, ...]):  # noqa: SLOT001 - a tuple's subclass can have no slots of its own
    """Findings of one kind; a tuple, which notebooks show as a table of its first rows.

    Parameters
    ----------
    items
        Frozen records, whose instants are seconds since ``start_unix``.
    start_unix
        A scenario's start, Unix time.
    columns
        The fields that are shown.
    """

    _start: float
    _columns: tuple[str, ...]

    def __new__(
        cls, items: Iterable[Item], start_unix: float, columns: Sequence[str]
    ) -> Records[Item]:
        """Make them of the items."""
        made = super().__new__(cls, items)
        made._start = start_unix
        made._columns = tuple(columns)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (tuple(self), self._start, self._columns))

    def _repr_html_(self) -> str:
        """Show the first rows."""
        rows = [
            [cell(name, getattr(one, name), self._start) for name in self._columns]
            for one in self[:ROWS]
        ]
        return table([name.removesuffix("_s") for name in self._columns], rows, len(self))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], count: int | None = None) -> str:
    """Set rows of texts as a table; ``count`` says how many there are, were all shown."""
    rest = (len(rows) if count is None else count) - len(rows)
    if not rows:
        return "<p>None.</p>"
    head = "".join(f"<th{_LEFT}>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td{_LEFT}>{escape(_cut(text))}</td>" for text in row) + "</tr>"
        for row in rows
    )
    note = f"<p>... and {rest:,} more</p>" if rest > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def card(title: str, facts: Iterable[tuple[str, str]], below: str = "") -> str:
    """Set a title with facts about it, empty ones left out; ``below`` is HTML that follows."""
    rows = "".join(
        f"<tr><th{_LEFT}>{escape(name)}</th><td{_LEFT}>{escape(value)}</td></tr>"
        for name, value in ((name, _cut(value, _LONGEST_FACT)) for name, value in facts)
        if value
    )
    return f"<div><strong>{escape(title)}</strong><table><tbody>{rows}</tbody></table>{below}</div>"


def cell(name: str, value: object, start_unix: float = 0.0) -> str:
    """Give a field's value as people read it, by the unit in its name."""
    if value is None:
        return "-"
    if isinstance(value, bool | int):
        return str(value).lower() if isinstance(value, bool) else f"{value:,}"
    if isinstance(value, float):
        return _number(name, value, start_unix)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(cell("", one, start_unix) for one in value)
    return str(value)


def interval_text(mean: float, low: float, high: float) -> str:
    """Give an estimate with its interval, if it has one: ``0.25 (0.2 to 0.31)``."""
    said, ends = _short(mean), (_short(low), _short(high))
    return said if {*ends} <= {said, "-"} else f"{said} ({ends[0]} to {ends[1]})"


def instant_text(unix: float) -> str:
    """Give an instant to the second: ``2022-02-02 22:30:00Z``."""
    return show_instant(float(round(unix))).replace("T", " ")


def _number(name: str, value: float, start_unix: float) -> str:
    if not math.isfinite(value):
        return "-"
    if name in _INSTANTS:
        return instant_text(start_unix + value)
    if name.endswith("_s"):
        return show_duration(value)
    if name.endswith("_m"):
        return show_length(value)
    return _short(value)


def _short(value: float) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.3g}"


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 3] + "..."
