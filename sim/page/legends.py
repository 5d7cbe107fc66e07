"""The legend of a page's charts: small pictures of what is drawn, with what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.page.marks import outline_of
from sim.plots.canvas import ink
from sim.plots.glyphs import THIN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sim.plots.glyphs import Style

_BOX, _LINE = "M2 2.5H22V11.5H2Z", "M1 7H23"
_HATCH = "M2 11L7 3M7 11L12 3M12 11L17 3M17 11L22 3"
_CROSSED = f"{_HATCH}M2 3L7 11M7 3L12 11M12 3L17 11M17 3L22 11"
_HERE = "currentColor"


class Key(NamedTuple):
    """One entry of a legend: a path of SVG in a box of 24 by 14, its look, and a text.

    A ``mark`` is an outline about a point instead, to be put into the middle, and made
    as large as ``size``.
    """

    text: str
    path: str
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str = ""
    opacity: float = 1.0
    size: float = 0.0


def keys(styles: Iterable[Style]) -> tuple[Key, ...]:
    """Give the entries of styles, each text once; styles without a text have none."""
    found: dict[str, Style] = {}
    for style in styles:
        found.setdefault(style.about, style)
    return tuple(_key(style) for about, style in found.items() if about)


def _key(style: Style) -> Key:
    look = style.look
    if "marker" in look:
        return _mark(style.about, look)
    if "color" in look:
        dash, alpha = _dash(look.get("linestyle", "-")), look.get("alpha", 1.0)
        stroke = _colour(look["color"])
        return Key(style.about, _LINE, "none", stroke, look["linewidth"] * 1.4, dash, alpha)
    if 0.0 < style.height < THIN:
        return Key(style.about, _LINE, "none", _colour(look["facecolor"]), 2.0)
    if "hatch" in look:
        hatch = _CROSSED if look["hatch"].startswith("x") else _HATCH
        return Key(style.about, hatch, "none", _colour(look["edgecolor"]), 1.3)
    width = look.get("linewidth", 0.0)
    return Key(
        style.about,
        _BOX,
        _colour(look["facecolor"]),
        _colour(look.get("edgecolor", "none")) if width else "none",
        width * 1.3,
        _dash(look.get("linestyle", "-")),
        look.get("alpha", 1.0),
    )


def _mark(text: str, look: dict[str, Any]) -> Key:
    hollow = look.get("markerfacecolor") == "none"
    return Key(
        text,
        outline_of(look["marker"]),
        "none" if hollow else _HERE,
        _colour(look.get("markeredgecolor", ink())),
        1.3,
        size=look["markersize"] * 1.6,
    )


def _colour(name: str) -> str:
    """Give a colour's name in the page, whose text is light or dark."""
    return _HERE if name == ink() else name


def _dash(style: Any) -> str:
    if isinstance(style, tuple):
        return " ".join(f"{length * 1.3:g}" for length in style[1])
    return "2 2" if style == ":" else ""
