"""JSON lists of which each item has a line of its own: quick to write, and small to hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def listed(items: Iterable[Any], *, ascii_only: bool = False) -> str:
    """Write a list, item by item as they come, so that only their text is held.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    lines = [json.dumps(one, ensure_ascii=ascii_only, allow_nan=False) for one in items]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def collection(features: Iterable[Any]) -> str:
    """Write a FeatureCollection (RFC 7946, 3.3), a feature a line."""
    return f'{{"type": "FeatureCollection", "features": {listed(features)}}}\n'
