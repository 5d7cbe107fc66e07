"""What a NOTAM says, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sim.formats.notam.schedule import Schedule
    from sim.geometry.altitude import Limit
    from sim.geometry.footprint import Footprint
    from sim.units import Position


@dataclass(frozen=True, slots=True)
class Notam:
    """One NOTAM by ICAO Annex 15 and Doc 8126, chapter 6; what it does not say is None.

    Parameters
    ----------
    series, number, year
        Of ``A0135/20``: ``"A"``, 135 and 2020.
    kind
        ``N`` new, ``R`` replaces another, ``C`` cancels another.
    refers_to
        The one that is replaced or cancelled: ``"A0135/20"``.
    fir, code, traffic, purpose, scope
        The first five fields of the Q-line, without padding: ``"EGTT"``,
        ``"QMRLC"``, ``"IV"``, ``"NBO"``, ``"AE"``.
    lower, upper
        Items F) and G), or else the limits of the Q-line, of which 000 and 999
        are unbounded and the others flight levels.
    center, radius_nm
        The circle of the Q-line. It serves to sort notices and is no safe
        envelope of what the text describes.
    locations
        Item A).
    effective, expires
        Items B) and C), UTC.
    estimated
        Item C) is an estimate (``EST``): another NOTAM is to come before then.
    permanent
        Item C) is ``PERM``.
    schedule
        Item D), in UTC.
    text
        Item E), as it stands.
    areas
        The areas that item E) gives coordinates of. Sides are geodesics.
    cancelled_by, replaced_by
        The NOTAM of the same text that ends this one: ``"A0137/20"``.
    ended
        When it does, from which on this one counts no longer.
    """

    series: str | None = None
    number: int | None = None
    year: int | None = None
    kind: str | None = None
    refers_to: str | None = None
    fir: str | None = None
    code: str | None = None
    traffic: str | None = None
    purpose: str | None = None
    scope: str | None = None
    lower: Limit | None = None
    upper: Limit | None = None
    center: Position | None = None
    radius_nm: int | None = None
    locations: tuple[str, ...] = ()
    effective: datetime | None = None
    expires: datetime | None = None
    estimated: bool = False
    permanent: bool = False
    schedule: Schedule | None = None
    text: str = ""
    areas: tuple[Footprint, ...] = ()
    cancelled_by: str | None = None
    replaced_by: str | None = None
    ended: datetime | None = None

    @property
    def identity(self) -> str:
        """The series, number and year as it writes them: ``A0135/20``; without them ``NOTAM``."""
        if self.series is None or self.number is None or self.year is None:
            return "NOTAM"
        return f"{self.series}{self.number:04d}/{self.year % 100:02d}"
