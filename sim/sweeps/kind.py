"""By what a sweep file is told from a scenario, before anything heavy is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "keepout-sweep"
_OPENS = re.compile(rf"^\ufeff?{HEAD}\s*:", re.MULTILINE)


def is_sweep(text_or_document: str | Mapping[str, object]) -> bool:
    """Tell whether a text, or a tree read from one, is meant as a sweep file."""
    if isinstance(text_or_document, str):
        return _OPENS.search(text_or_document) is not None
    return HEAD in text_or_document
