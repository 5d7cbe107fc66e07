"""The heap while many replications run: what is there already is left alone."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_YOUNG = 20_000  # objects made before they are looked at; a run of a day makes more


@contextmanager
def settled_heap() -> Iterator[None]:
    """Let the garbage collector pass over everything that is there when this begins.

    The libraries and the plan are half a million objects, which stay; each run's
    own are few, and the collector would walk through all to find those that are
    over. It takes up to a third of a run without this. It looks less often, too:
    what a run leaves is found when it is over as well as meanwhile.
    """
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(max(often[0], _YOUNG), *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
