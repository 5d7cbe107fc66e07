"""Records of what a map shows: footprints, tracks, sites and entries, each with its times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.units import Position

if TYPE_CHECKING:
    from sim.formats.outlines import Outline
    from sim.geometry.earth import Floats
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume


@dataclass(frozen=True, slots=True)
class DrawnFootprint:
    """Where something is from ``start`` to ``end``, in seconds since the scenario's start.

    Parameters
    ----------
    id
        ``planned:raid`` and ``true:raid`` of operations, ``declared:raid-area/v1`` and
        ``told:raid-area/v1/russia`` of zones; the last with ``/2`` where a desk was told the
        same version again.
    kind
        ``planned``, ``true``, ``declared`` or ``told``.
    name
        Of the operation or the zone.
    party
        Whose it is; of what was told, who holds it.
    version
        Of the zone; 0 of operations.
    start, end
        When it is planned, really under way, the newest declared and active, or held and
        in force. Infinite where it has no bound.
    volume
        The volume itself, its window as it was planned, declared or told.
    outlines
        Its footprint as rings of longitude and latitude, joined by short geodesics.
    differs
        Whether it covers another area than what it stands for: the true one than the
        planned, what was told than what was declared.
    """

    id: str
    kind: str
    name: str
    party: str
    version: int
    start: float
    end: float
    volume: Volume
    outlines: tuple[Outline, ...]
    differs: bool = False


@dataclass(frozen=True, slots=True)
class DrawnTrack:
    """The way of a flight, planned or flown.

    ``id`` is ``planned:patrol#1`` or ``flown:patrol#1``. ``samples`` are times (s),
    longitudes, latitudes and heights (m above mean sea level, or ground), shape (n, 4), so
    close to each other that straight lines between them do not show. ``differs`` tells
    whether it goes elsewhere than was planned.
    """

    id: str
    kind: str
    flight: str
    party: str
    track: Track
    samples: Floats
    differs: bool = False

    @property
    def start(self) -> float:
        """When it begins (s)."""
        return self.track.start

    @property
    def end(self) -> float:
        """When it ends (s)."""
        return self.track.end

    def at(self, instant: float) -> Position:
        """Give where the flight is at an instant between start and end."""
        state = self.track.at(instant)
        return Position(state.lon, state.lat)


@dataclass(frozen=True, slots=True)
class DrawnSite:
    """A party's people on the ground: a place, or outlines about one; and when they are there."""

    id: str
    party: str
    place: Position
    outlines: tuple[Outline, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """A stay of a flight where it ought not to be, or of an operation over a site.

    Parameters
    ----------
    id
        Of the finding: ``violation-1``.
    kind
        ``violation``, ``incursion`` or ``site_incursion``.
    who
        The flight or the site.
    inside
        The zone or the operation.
    cause
        Why.
    start, end
        The stay, up to the horizon.
    place
        Where the flight entered; where the site is.
    samples
        The way of the flight inside, as of :class:`DrawnTrack`; none of a site.
    """

    id: str
    kind: str
    who: str
    inside: str
    cause: str
    start: float
    end: float
    place: Position
    samples: Floats
