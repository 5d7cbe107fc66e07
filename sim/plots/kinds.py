"""The kinds of figures: what each is of, and what it is called in the command."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of figure.

    Parameters
    ----------
    of
        What it is drawn of: ``run``, ``replications``, ``why``, ``comparison`` or ``sweep``.
    about
        What it shows, for the command's help.
    width, height
        Of a figure of its own, in inches.
    """

    of: str
    about: str
    width: float = 9.0
    height: float = 5.0


KINDS: dict[str, Kind] = {}
"""By the names of the functions that draw them."""
