"""Entries: who comes to be inside what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.geometry.volume import Volume
    from sim.scenario.planned import PlannedSite
    from sim.units import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody (``who``, one of a party's ``unit``) is inside something from now on."""

    who: str
    party: str
    unit: str
    inside: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightEntry(Entry):
    """A flight enters a zone or an operation, here."""

    where: Position
    altitude_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEntry(Entry):
    """An operation is under way over a site's people: they come to be inside, and cannot leave."""

    site: PlannedSite
    true: Volume
