"""JSON lists of which each item has a line of its own: quick to write, and small to hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_HALF = re.compile(r"[\ud800-\udfff]")  # of a surrogate pair


def by_line(items: Iterable[Any], *, ascii_only: bool = False) -> str:
    """Write a list, item by item as they come, so that only their text is held.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    lines = [_line(one, ascii_only=ascii_only) for one in items]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def _line(item: Any, *, ascii_only: bool) -> str:
    text = json.dumps(item, ensure_ascii=ascii_only, allow_nan=False)
    if _HALF.search(text):  # which UTF-8 does not have, and JSON's escapes do
        return json.dumps(item, allow_nan=False)
    return text


def collection(features: Iterable[Any]) -> str:
    """Write a FeatureCollection (RFC 7946, 3.3), a feature a line."""
    return f'{{"type": "FeatureCollection", "features": {by_line(features)}}}\n'
