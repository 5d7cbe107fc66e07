"""The heap while many replications run: what is there already is left alone."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def settled_heap() -> Iterator[None]:
    """Let the garbage collector pass over everything that is there when this begins.

    The libraries and the plan are half a million objects, which stay; each run's
    own are few, and the collector would walk through all to find those that are
    over. It takes up to a third of a run without this.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
