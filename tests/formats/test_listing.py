"""Lists of JSON: an item a line, and the same JSON as ever."""

from __future__ import annotations

import json
from math import inf
from typing import TYPE_CHECKING, Any

import pytest

from sim.formats.listing import by_line, collection

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("items", [[], [1], [{"a": [1, 2]}, "ü", None]])
def test_an_item_has_a_line(items: list[Any]) -> None:
    for ascii_only in (False, True):
        text = by_line(iter(items), ascii_only=ascii_only)
        assert json.loads(text) == items
        assert text.count("\n") == (len(items) + 1 if items else 0)
    assert by_line(["ü"], ascii_only=True).isascii()
    assert json.loads(collection(items)) == {"type": "FeatureCollection", "features": items}


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        by_line([inf])


def test_items_are_written_as_they_come() -> None:
    def endless() -> Iterator[float]:
        yield 1.0
        yield inf
        raise AssertionError("no more is asked for")

    with pytest.raises(ValueError, match="not JSON compliant"):
        by_line(endless())
