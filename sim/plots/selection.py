"""What of a run a figure shows: some parties, flights or zones, and a stretch of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sim import units
from sim.errors import InputError, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sim.findings.run import Run

    Instant = float | str | datetime
    """Seconds since the scenario's start, text as in a scenario, or a date with its zone."""


class Selection(NamedTuple):
    """What is shown; None stands for everything.

    ``flights`` are ids of flights and of streams, ``start`` and ``end`` seconds since the
    scenario's start.
    """

    parties: frozenset[str] | None
    flights: frozenset[str] | None
    zones: frozenset[str] | None
    start: float
    end: float

    def has_party(self, party: str) -> bool:
        """Tell whether a party is shown."""
        return self.parties is None or party in self.parties

    def has_flight(self, flight: str) -> bool:
        """Tell whether a flight is shown, by its own name or by its stream's."""
        names = {flight, flight.partition("#")[0]}
        return self.flights is None or not names.isdisjoint(self.flights)

    def has_zone(self, zone: str) -> bool:
        """Tell whether a zone is shown."""
        return self.zones is None or zone in self.zones

    def is_seen(self, start: float, end: float) -> bool:
        """Tell whether what lasts from a start to an end is seen, part of it at least.

        What is over as the time shown begins, or begins as it is over, is not; an instant is
        at both ends.
        """
        if start == end:
            return self.start <= start <= self.end
        return start < self.end and end > self.start


def select(
    run: Run,
    parties: Iterable[str] | None = None,
    flights: Iterable[str] | None = None,
    zones: Iterable[str] | None = None,
    between: tuple[Instant, Instant] | None = None,
) -> Selection:
    """Select what of a run is shown.

    Parameters
    ----------
    run
        The run.
    parties, flights, zones
        Their ids; a stream's, or a repeated flight's, stands for all of its flights.
    between
        From when to when: seconds since the scenario's start, texts as in a scenario
        (``2022-02-02T22:00Z``, ``+4 h``), or dates with a zone.

    Raises
    ------
    InputError
        If the run has no such party, flight or zone, or the time ends before it begins.
    """
    streams = {flight.partition("#")[0] for flight in run.flights}
    start, end = (0.0, run.plan.horizon) if between is None else _stretch(run, between)
    return Selection(
        _known("party", parties, run.scenario.parties),
        _known("flight", flights, {*run.flights, *streams, *run.plan.streams}),
        _known("zone", zones, run.plan.zones),
        start,
        end,
    )


def instant_in(run: Run, at: Instant) -> float:
    """Give an instant within a run, in seconds since its start.

    Raises
    ------
    InputError
        If the run does not last until then, or begins later.
    """
    found = _seconds(run, at)
    if not 0.0 <= found < run.plan.horizon:
        raise InputError(
            f"{_shown(run, found)} is not in the run, which lasts from {_shown(run, 0.0)}"
            f" to {_shown(run, run.plan.horizon)}",
            hint="give an instant within the run",
        )
    return found


def _known(what: str, names: Iterable[str] | None, known: Collection[str]) -> frozenset[str] | None:
    if names is None:
        return None
    asked = (names,) if isinstance(names, str) else tuple(names)
    for name in asked:
        if name not in known:
            raise InputError(f"there is no {what} {quoted(name)}", hint=did_you_mean(name, known))
    return frozenset(asked)


def _stretch(run: Run, between: tuple[Instant, Instant]) -> tuple[float, float]:
    start, end = (_seconds(run, one) for one in between)
    if not start < end:
        raise InputError(
            f"between ends at {_shown(run, end)}, not after its start {_shown(run, start)}",
            hint="give the earlier instant first",
        )
    if end <= 0.0 or start >= run.plan.horizon:
        raise InputError(
            f"nothing happens from {_shown(run, start)} to {_shown(run, end)}:"
            f" the run lasts from {_shown(run, 0.0)} to {_shown(run, run.plan.horizon)}",
            hint="give instants within the run",
        )
    return start, end


def _seconds(run: Run, one: Instant) -> float:
    if isinstance(one, str):
        return units.instant(one).since(run.scenario.start_unix)
    if isinstance(one, datetime):
        if one.tzinfo is None:
            raise InputError(
                f"{one.isoformat()} has no time zone",
                hint=f"make it {one.replace(tzinfo=UTC).isoformat()} if it is UTC",
            )
        return one.timestamp() - run.scenario.start_unix
    return float(one)


def _shown(run: Run, seconds: float) -> str:
    return units.show_instant(run.scenario.start_unix + seconds)
