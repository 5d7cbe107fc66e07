"""Figures as the content of images: the same figure gives the same bytes."""

from __future__ import annotations

import io
import re
import warnings
from importlib import import_module
from typing import Any

from sim.plots.kinds import KINDS

IMAGES: dict[str, dict[str, Any]] = {
    "svg": {"metadata": {"Date": None}},
    "png": {"dpi": 160},
    "pdf": {"metadata": {"CreationDate": None}},
}
"""How each kind of image is saved."""
_PLACES = re.compile(rb'(?<= d=")[^"]+|(?<=translate\()[^)]+')  # in an SVG, in points


def image(
    kind: str, subject: Any, suffix: str, *, width: float | None = None, **asked: Any
) -> bytes:
    """Draw a figure of its own, and give it as the content of an image.

    Parameters
    ----------
    kind
        One of :data:`sim.plots.kinds.KINDS`.
    subject
        What it is drawn of.
    suffix
        One of :data:`IMAGES`.
    width
        Of the figure, in inches; without it, that of its kind.
    asked
        Keywords of the function that draws.

    Raises
    ------
    InputError
        If the subject has nothing of what the figure shows, or of what is asked for.
    """
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    from sim.plots.canvas import FACE, figure  # noqa: PLC0415 - likewise

    draw, what = getattr(import_module("sim.plots"), kind), KINDS[kind]
    height = what.height
    if what.height_of:
        height = import_module(what.height_of).height(subject, **asked)
    content = io.BytesIO()
    with mpl.rc_context(FACE), warnings.catch_warnings():
        # A name's letters that the face lacks are boxes, which tell as much.
        warnings.filterwarnings("ignore", r"Glyph .* missing from", UserWarning)
        made = figure(width or what.width, height)
        draw(subject, ax=made.subplots(), **asked)
        made.savefig(content, format=suffix, **IMAGES[suffix])
    return slim(content.getvalue()) if suffix == "svg" else content.getvalue()


def slim(svg: bytes) -> bytes:
    """Write an SVG's places in hundredths of a point, and leave out its indents.

    That is finer than any screen or printer, and it makes the same figure the same bytes
    where another processor's last digits differ.
    """

    def rounded(number: re.Match[bytes]) -> bytes:
        return b"%g" % round(float(number[0]), 2)

    def shorter(places: re.Match[bytes]) -> bytes:
        return re.sub(rb"-?\d+\.\d+", rounded, b" ".join(places[0].split()))

    return re.sub(rb"\n +", b"\n", _PLACES.sub(shorter, svg))
