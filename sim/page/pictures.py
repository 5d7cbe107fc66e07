"""Figures that do not move, for print and for sweeps, as images within the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.page.assembling import data_address
from sim.plots.kinds import KINDS
from sim.plots.saving import image

if TYPE_CHECKING:
    from collections.abc import Sequence


class Picture(NamedTuple):
    """An image: its address, which holds it, and what it shows."""

    address: str
    about: str


def pictures(kinds: Sequence[str], subject: Any) -> tuple[Picture, ...]:
    """Draw figures of a subject, but for those that it has nothing of."""
    found = (_picture(kind, subject) for kind in kinds)
    return tuple(picture for picture in found if picture is not None)


def _picture(kind: str, subject: Any) -> Picture | None:
    try:
        content = image(kind, subject, "svg")
    except InputError:
        return None
    about = KINDS[kind].about
    return Picture(data_address("image/svg+xml", content), f"{about[:1].upper()}{about[1:]}.")
