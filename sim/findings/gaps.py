"""Gaps: the pieces of an operation that a declaration, or what a party holds, leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from sim.findings.versions import declared, held
from sim.geometry.altitude import band_above, shared_reference
from sim.geometry.footprint import uncovered_area_km2
from sim.model.journal import Journal, OperationBegan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.findings.versions import Versions
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan

_NEGLIGIBLE_KM2 = 1e-6  # a square metre: what rounding leaves over of equal shapes
_NEGLIGIBLE_M = 0.01


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of an operation that was not covered.

    ``holder`` is the party whose desk held what leaves the gap, None for the
    declaration itself. Times are seconds since the scenario's start; altitudes
    are metres on the axis that operation and zone share, None where unbounded.
    ``kind`` is ``time`` where nothing was in force, ``space`` where part of the
    footprint lay outside, ``altitude`` where only part of the band did. The area
    is that of all places over which something is left out.
    """

    operation: str
    zone: str
    holder: str | None
    start: float
    end: float
    area_km2: float
    lower_m: float | None
    upper_m: float | None
    kind: str
    km2_h: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is left out at an instant."""

    area_km2: float
    lower_m: float | None
    upper_m: float | None
    kind: str


def find_gaps(plan: Plan, journal: Journal) -> tuple[Gap, ...]:
    """Find the gaps of every operation, by start.

    A party leaves gaps from the instant on at which its desk first holds a
    version: that it was told nothing before is the cause of a violation, not a
    fault of what it was told. Nothing after the horizon counts.
    """
    zones = declared(journal)
    gaps: list[Gap] = []
    for began in journal.of(OperationBegan):
        start, end = began.volume.window
        end = min(end, plan.horizon)
        for zone in plan.zones.values():
            if zone.covers != began.operation:
                continue
            covers: list[tuple[str | None, float, Versions]] = [
                (None, start, zones.get(zone.id, [])),
                *((party, since, told) for party, (since, told) in held(journal, zone.id).items()),
            ]
            for holder, since, versions in covers:
                for begins, ends, piece in _pieces(
                    plan, began.volume, versions, (max(start, since), end)
                ):
                    gaps.append(_gap(began.operation, zone.id, holder, begins, ends, piece))
    return tuple(sorted(gaps, key=lambda g: (g.start, g.operation, g.zone, g.holder or "")))


def _gap(
    operation: str, zone: str, holder: str | None, start: float, end: float, piece: _Piece
) -> Gap:
    return Gap(
        operation=operation,
        zone=zone,
        holder=holder,
        start=start,
        end=end,
        area_km2=piece.area_km2,
        lower_m=piece.lower_m,
        upper_m=piece.upper_m,
        kind=piece.kind,
        km2_h=piece.area_km2 * (end - start) / 3600.0,
    )


def _pieces(
    plan: Plan, true: Volume, versions: Versions, window: tuple[float, float]
) -> Iterator[tuple[float, float, _Piece]]:
    """Give what is left out of a volume during a window, joined while it stays the same."""
    start, end = window
    edges = {t for _, volume in versions for t in volume.window if start < t < end}
    pending: tuple[float, float, _Piece] | None = None
    for begins, ends in pairwise(sorted({start, end, *edges} if start < end else ())):
        in_force = [v for _, v in versions if v.window[0] <= begins < v.window[1]]
        piece = _uncovered(plan, true, in_force[0] if in_force else None)
        if pending is not None and pending[2] == piece:
            pending = (pending[0], ends, piece)
            continue
        if pending is not None:
            yield pending
        pending = None if piece is None else (begins, ends, piece)
    if pending is not None:
        yield pending


def _uncovered(plan: Plan, true: Volume, cover: Volume | None) -> _Piece | None:
    """Give the part of a volume that another leaves out, if any."""
    footprint = true.footprint
    axis = shared_reference(true.band, (cover or true).band)
    lower, upper = band_above(axis, true.band, plan.vertical)
    if cover is None:
        return _Piece(footprint.area_km2, _finite(lower), _finite(upper), "time")
    floor, ceiling = band_above(axis, cover.band, plan.vertical)
    lateral = uncovered_area_km2(footprint, [cover.footprint])
    beside = lateral > _NEGLIGIBLE_KM2 and lower < ceiling and floor < upper
    below, above = floor > lower + _NEGLIGIBLE_M, ceiling < upper - _NEGLIGIBLE_M
    if not below and not above:
        return _Piece(lateral, _finite(lower), _finite(upper), "space") if beside else None
    if below and not above and not beside:
        upper = min(floor, upper)
    elif above and not below and not beside:
        lower = max(ceiling, lower)
    kind = "space" if beside else "altitude"
    return _Piece(footprint.area_km2, _finite(lower), _finite(upper), kind)


def _finite(metres: float) -> float | None:
    return metres if isfinite(metres) else None
