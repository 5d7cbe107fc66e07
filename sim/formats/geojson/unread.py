"""Properties of features that look like altitudes or times, where none that is read is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import quoted, some_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.formats.documents import Node
    from sim.formats.harvest import Harvest

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BEFORE, _AFTER = r"(?:\b|_|min|max)", r"(?:\b|_|date|time)"
_MOST_SHOWN = 4


class _Pair(NamedTuple):
    """Two properties by what they are called when they have their default names."""

    first: str
    last: str
    likeness: re.Pattern[str]
    without: str


_PAIRS = (
    _Pair(
        "lower",
        "upper",
        re.compile(
            rf"{_BEFORE}(?:alt|altitudes?|ceiling|floor|upper|lower|heights?|limits?|top){_AFTER}"
        ),
        "is not limited there: SFC to UNL",
    ),
    _Pair(
        "start",
        "end",
        re.compile(
            rf"{_BEFORE}(?:starts?|ends?|begins?|from|until|valid|effective|expires?|expiry"
            rf"|activation|schedule){_AFTER}"
        ),
        "is always active",
    ),
)


def tell_unread(harvest: Harvest, zones: Sequence[Node], names: dict[str, str]) -> None:
    """Add a problem where zones have no altitudes or times and something that looks like them.

    ``zones`` are the properties of those that were read, ``names`` which property says what.
    """
    for pair in _PAIRS:
        wanted = names[pair.first], names[pair.last]
        known = set(names.values())
        found = [
            (node, like)
            for node in zones
            if not set(wanted) <= set(node.value)
            and (like := [name for name in node.value if _is_like(name, pair, known)])
        ]
        if found:
            shown = [
                quoted(name) for name in dict.fromkeys(name for _, like in found for name in like)
            ]
            count = "1 zone" if len(found) == 1 else f"{len(found)} zones"
            harvest.note(
                found[0][0],
                f"{some_of(shown, _MOST_SHOWN)} not read, in {count}: what has no"
                f" {wanted[0]} and {wanted[1]} {pair.without}",
                f"call them {wanted[0]} and {wanted[1]}",
            )


def _is_like(name: str, pair: _Pair, known: set[str]) -> bool:
    return name not in known and bool(pair.likeness.search(_CAMEL.sub(" ", name).lower()))
