"""What the scripts of a page read to play a run: its charts, its times, its entries."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.page.embedding import item
from sim.page.mapchart import KINDS, MapChart, drawn_key
from sim.page.timechart import TimeChart
from sim.plots.lanes import lanes
from sim.plots.palette import CAUSE_COLOURS, FLIGHT
from sim.plots.places import find_places
from sim.report.wording import BRIEFLY, DAY_S, counted, plain
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.findings.run import Run
    from sim.plots.drawn import DrawnEntry
    from sim.plots.glyphs import Style
    from sim.plots.places import Places

_LADDER_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600)
_TICKS = 240  # of the slider, about
_LASTS_S = 40.0  # playing the whole run, about
_SPEEDS = 2  # slower than that, and so many faster
_TRAIL = 1.0 / 40.0  # of the run, up to
_TRAIL_S = 900.0
_NAMED = 6  # flights in the air that are all named on the map
_FEW = 4  # zones and operations likewise


class Player(NamedTuple):
    """A run to be played.

    Parameters
    ----------
    data
        What scripts read.
    styles
        What the timeline's legend explains.
    high_px
        How high the timeline is.
    horizon, step, start
        Of the slider, in seconds.
    speeds
        Simulated seconds a second, and how that is said.
    speed
        The usual one of these.
    map_about, time_about
        What the charts show, for those who do not see them.
    """

    data: dict[str, Any]
    styles: list[Style]
    high_px: int
    horizon: float
    step: int
    start: float
    speeds: tuple[tuple[int, str], ...]
    speed: int
    map_about: str
    time_about: str


def player(run: Run) -> Player | None:
    """Make all that plays a run; None where there is nothing to be seen."""
    places, laid = find_places(run), lanes(run)
    if places.bounds is None and not laid.rows:
        return None
    horizon = run.plan.horizon
    ground, times = MapChart(places), TimeChart(laid, run.scenario.start_unix)
    key, start = _first(places, horizon)
    usual = _rung(horizon / _LASTS_S)
    data = {
        "map": item(ground.draw()),
        "timeline": item(times.draw()),
        "timeline_index": times.index(),
        "bounds": ground.bounds,
        "footprints": KINDS,
        "entries": [_entry(one) for one in places.entries],
        "windows": _windows(places),
        "first": {"key": key, "at": start},
        "start": run.scenario.start_unix,
        "horizon": horizon,
        "dated": horizon > DAY_S,
        "trail": min(_TRAIL_S, horizon * _TRAIL),
        "grey": FLIGHT,
        "named": _NAMED,
        "fewNames": _FEW,
    }
    return Player(
        data,
        times.styles,
        times.height_px,
        horizon,
        _LADDER_S[_rung(horizon / _TICKS)],
        start,
        tuple(
            (speed, f"{show_duration(speed)} a second")
            for speed in _LADDER_S[max(0, usual - _SPEEDS) : usual + _SPEEDS + 1]
        ),
        _LADDER_S[usual],
        _map_about(places),
        f"Timeline of {counted(len(laid.lanes), 'party', 'parties')},"
        " which the tables tell in words",
    )


def _rung(seconds: float) -> int:
    """Give the place on the ladder of the first that is not below a time; else the last."""
    return next((n for n, rung in enumerate(_LADDER_S) if rung >= seconds), len(_LADDER_S) - 1)


def _first(places: Places, horizon: float) -> tuple[str, float]:
    """Give what is chosen at first, and the time that is shown: an entry, else a zone's start."""
    flown = [entry for entry in places.entries if entry.kind != "site_incursion"]
    for entry in (flown or places.entries)[:1]:
        return drawn_key(entry), entry.start
    begins = [one.start for one in places.footprints if 0.0 <= one.start < horizon]
    return "", min(begins, default=0.0)


def _entry(entry: DrawnEntry) -> dict[str, Any]:
    return {
        "key": drawn_key(entry),
        "flight": plain(entry.who),
        "where": f"{'under' if entry.kind == 'site_incursion' else 'in'} {plain(entry.inside)}",
        "start": entry.start,
        "end": entry.end,
        "cause": BRIEFLY[entry.cause],
        "colour": CAUSE_COLOURS[entry.cause],
    }


def _windows(places: Places) -> list[dict[str, Any]]:
    """Give when what zones and operations are in force."""
    words = {"declared": "zone", "true": "operation"}
    return [
        {
            "what": words[one.kind],
            "name": plain(one.name),
            "start": one.start if isfinite(one.start) else -1.0,
            "end": one.end if isfinite(one.end) else 1e12,
        }
        for one in places.footprints
        if one.kind in words
    ]


def _map_about(places: Places) -> str:
    flown = _count(one.flight for one in places.tracks if one.kind == "flown")
    zones = _count(one.name for one in places.footprints if one.kind == "declared")
    return (
        f"Map of {counted(flown, 'flight')} and {counted(zones, 'zone')}"
        " at the time that the slider chooses"
    )


def _count(names: Iterable[str]) -> int:
    return len(set(names))
