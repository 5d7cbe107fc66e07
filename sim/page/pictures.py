"""Figures that do not move, for print and for sweeps, as images within the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.page.assembling import data_address
from sim.plots.kinds import KINDS
from sim.plots.saving import image

if TYPE_CHECKING:
    from collections.abc import Sequence


_LARGEST = 500_000  # bytes of lines; of more, dots are fewer


class Picture(NamedTuple):
    """An image: its address, which holds it, and what it shows."""

    address: str
    about: str


def pictures(kinds: Sequence[str], subject: Any, width: float | None = None) -> tuple[Picture, ...]:
    """Draw figures of a subject, but for those that it has nothing of; width in inches."""
    found = (_picture(kind, subject, width) for kind in kinds)
    return tuple(picture for picture in found if picture is not None)


def _picture(kind: str, subject: Any, width: float | None) -> Picture | None:
    try:
        content, what = image(kind, subject, "svg", width=width), "image/svg+xml"
    except InputError:
        return None
    if len(content) > _LARGEST:
        content, what = image(kind, subject, "png", width=width), "image/png"
    about = KINDS[kind].about
    return Picture(data_address(what, content), f"{about[:1].upper()}{about[1:]}.")
