"""What is understood of a notice: as it was said, or wrong in one way or another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.volume import Volume
from sim.model.journal import CONTRADICTORY

if TYPE_CHECKING:
    from sim.distributions import Distribution
    from sim.model.channel import Channel
    from sim.model.copies import Copy


@dataclass(frozen=True, slots=True)
class Understood:
    """What a taker makes of a notice; ``wrong`` where that is not what was said.

    ``stated_end`` is the end as it was said, where that is an estimate. ``why``
    says in a few words what happened, nothing where all went well.
    """

    content: Volume
    stated_end: float | None
    wrong: bool = False
    why: str = ""


def understood(channel: Channel, copy: Copy, attempt: int) -> Understood:
    """Draw what the taker of a copy understands, at this attempt.

    An amendment may be passed with what the version before said. What is passed
    wrongly may stand beside what is right; its taker then goes by either, as a
    coin falls.
    """
    law = channel.spec.garble
    if copy.previous is not None and channel.happens("outdated", law.outdated, copy, attempt):
        why = f"as in version {copy.version - 1}"
        return Understood(*copy.previous, wrong=True, why=why)
    if not channel.happens("garble", law.probability, copy, attempt):
        return as_said(copy)
    if not channel.happens("contradictory", law.contradictory, copy, attempt):
        return _garbled(channel, copy, attempt)
    if channel.streams.uniform(copy.leg_key, "which of two", attempt) < 0.5:  # noqa: PLR2004 - even
        return as_said(copy, f"{CONTRADICTORY}, taken rightly")
    return _garbled(channel, copy, attempt, CONTRADICTORY)


def as_said(copy: Copy, why: str = "") -> Understood:
    """Understand a copy as it was said."""
    return Understood(copy.content, copy.stated_end, why=why)


def by_own_lights(volume: Volume, ahead_s: float, end: float | None = None) -> Volume:
    """Give what a party goes by: a volume as its own clock tells the time.

    Parameters
    ----------
    volume
        What it was told.
    ahead_s
        By how many seconds its clock is ahead of UTC: the window comes so much sooner.
    end
        Where the party takes an estimated end for the end, that end.
    """
    begins, ends = volume.window
    ends = ends if end is None else end
    return replace(volume, window=(begins - ahead_s, ends - ahead_s))


def _garbled(channel: Channel, copy: Copy, attempt: int, why: str = "") -> Understood:
    """Give a notice passed wrongly: its shape and size, elsewhere, at another time or height."""
    law = channel.spec.garble

    def draw(what: Distribution, decision: str) -> float:
        return channel.streams.value(what, copy.leg_key, decision, attempt)

    told = copy.content
    bearing, offset = draw(law.bearing, "garble bearing"), draw(law.offset, "garble offset")
    later, higher = draw(law.time, "garble time"), draw(law.altitude, "garble altitude")
    volume = Volume(
        footprint=told.footprint.moved(bearing, offset) if offset else told.footprint,
        band=Band(_lifted(told.band.lower, higher), _lifted(told.band.upper, higher)),
        window=(told.window[0] + later, told.window[1] + later),
    )
    end = None if copy.stated_end is None else copy.stated_end + later
    return Understood(volume, end, wrong=True, why=why)


def _lifted(limit: Limit, metres: float) -> Limit:
    """Raise a limit, unless it is none."""
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return limit
    return Limit(limit.reference, limit.metres + metres)
