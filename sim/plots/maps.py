"""The map of a run: true, declared and told areas, tracks, sites, and who came in where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.plots.canvas import cause_handles, drawing, headline, legend_below, nothing
from sim.plots.graticule import View, view_of
from sim.plots.ground import Ground
from sim.plots.labels import Label, place_labels
from sim.plots.mapping import MapPen, distinct
from sim.plots.places import find_places
from sim.plots.scales import axes_inches
from sim.plots.selection import instant_in, select
from sim.plots.sightings import sighting
from sim.report.headline import opening, which_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axes import Axes

    from sim.findings.run import Run
    from sim.geometry.earth import Floats
    from sim.plots.places import Places
    from sim.plots.selection import Instant

WIDE = 9.0  # inches
_HIGHEST, _LOWEST = 10.0, 4.5
_AROUND_IN = 1.85  # of title, degrees, scale and legend, about, above and below a map
_BELOW_PT = 52.0  # points, from a map to its legend
_TURNS, _CLOSE_IN = 4, 0.01  # of laying out, until the room is known so well
_BESIDE_IN = 0.75  # of degrees to its left, and margins
_FLATTEST, _STEEPEST = 0.45, 0.85  # height of a map by its width
_TITLE = 250  # letters
_FEW = 12  # flights that are named
_OBSTACLES = 4000  # places that names keep off
_STEPS, _HEAVY = 120, 5  # those from side to side of a map; and how many a mark counts for


def map(  # noqa: A001 - that is what it is called, within sim.plots
    run: Run,
    ax: Axes | None = None,
    *,
    parties: Iterable[str] | None = None,
    flights: Iterable[str] | None = None,
    zones: Iterable[str] | None = None,
    at: Instant | None = None,
    between: tuple[Instant, Instant] | None = None,
) -> Axes:
    """Draw where everything was: areas, tracks, sites, and entries in their causes' colours.

    Distances and bearings from the middle of the map are true (see
    :class:`sim.plots.projection.Projection`). The axes are in metres from there.

    Parameters
    ----------
    run
        The run.
    ax
        Where to draw; without it, on a figure of its own.
    parties
        Those whose flights, sites, operations and zones are shown, with the zones that
        they hold, as they hold them, and what their flights entered.
    flights
        The ids of those to show; a stream's, or a repeated flight's, stands for all of its
        flights. The map is about them.
    zones
        The ids of those to show, with their operations. The map is about them.
    at
        An instant: what is in force then, who is where, and who inside; seconds since the
        scenario's start, text as in a scenario (``2022-02-02T22:30Z``, ``+4 h``), or a date
        with a zone.
    between
        From when to when, likewise; without it and ``at``, the whole run.

    Raises
    ------
    InputError
        If there is nothing of that name, or at that time, or both times are given.
    """
    places = _chosen(run, parties, flights, zones, at, between)
    is_whole = all(one is None for one in (parties, flights, zones, at, between))
    with drawing(ax, WIDE, _height(places)) as on:
        finding = opening(run, _TITLE) if is_whole else sighting(run, places)
        if places.bounds is None:
            on.set_xticks([])
            on.spines["bottom"].set_visible(False)
            nothing(on, "There is nothing to show.")
            headline(on, finding, _beside(run, places))
        else:
            _draw(places, view_of(places.bounds), on, finding, _beside(run, places))
    return on


def height(run: Run, **chosen: Any) -> float:
    """Give how high a figure of its own is that shows what is chosen, in inches."""
    return _height(
        find_places(run, **{k: v for k, v in chosen.items() if k not in {"at", "between"}})
    )


def _chosen(
    run: Run,
    parties: Iterable[str] | None,
    flights: Iterable[str] | None,
    zones: Iterable[str] | None,
    at: Instant | None,
    between: tuple[Instant, Instant] | None,
) -> Places:
    """Find what is to be shown."""
    if at is not None and between is not None:
        raise InputError("at and between: an instant is shown, or a span", hint="leave one out")
    whole = find_places(run, parties=parties, flights=flights, zones=zones)
    if at is not None:
        return whole.at(instant_in(run, at))
    if between is not None:
        span = select(run, between=between)
        return whole.between(span.start, span.end)
    return whole


def _height(places: Places) -> float:
    if places.bounds is None:
        return _LOWEST
    view = view_of(places.bounds)
    shape = min(max(_FLATTEST, view.height / view.width), _STEEPEST)
    return min(max(_LOWEST, (WIDE - _BESIDE_IN) * shape + _AROUND_IN), _HIGHEST)


def _draw(places: Places, view: View, ax: Axes, finding: str, beside: str) -> None:
    """Draw everything; then it is known how much room is left for the map, which fills it."""
    pen = MapPen(ax, places)
    pen.draw()
    ground = Ground(ax, places.projection, _marks(places))
    headline(ax, finding, beside)
    causes = cause_handles(entry.cause for entry in places.entries)
    legend_below(ax, [*pen.handles(), *causes], _BELOW_PT)
    view = _filling(ax, view, ground)
    covered = np.concatenate([_obstacles(places, view), *[ground.degrees] * _HEAVY])
    place_labels(ax, [*_labels(places, view)], covered)
    _light_up(ax)


def _filling(ax: Axes, view: View, ground: Ground) -> View:
    """Let a view fill the room that titles, degrees and legends leave, and give it.

    What it shows changes its degrees, and those the room; it takes a turn or two.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    shown = view
    for _ in range(_TURNS):
        wide, high = axes_inches(ax)
        shown = view.shaped(high / wide)
        ground.show(shown)
        figure.draw_without_rendering()
        room = axes_inches(ax)
        if max(abs(room[0] - wide), abs(room[1] - high)) < _CLOSE_IN:
            break
    ax.set_aspect("equal", adjustable="box")
    return shown


def _labels(places: Places, view: View) -> Iterator[Label]:
    """Name what is shown: areas and sites always, flights where they are few or inside."""
    for text, corners in _named_areas(places):
        seen = corners[view.holds(corners)]
        if len(seen):
            x, y = seen[int(np.argmax(seen[:, 1]))]
            yield Label(x, y, text, needed=True)
    for site in places.sites:
        x, y = places.projection.project(*site.place)[0]
        yield Label(x, y, site.id, needed=True)
    for text, place, needed in _named_flights(places, view):
        yield Label(float(place[0]), float(place[1]), text, needed)


def _named_areas(places: Places) -> Iterator[tuple[str, Floats]]:
    """Give the names of areas, each once, with the corners of their largest part in the plane."""
    named: set[str] = set()
    for kind in ("declared", "true", "planned", "told"):
        for one in distinct(places.footprints, kind):
            text = f"{one.name} as {one.party} holds it" if kind == "told" else one.name
            if text not in named and (kind != "told" or one.differs):
                named.add(text)
                parts = [p for o in one.outlines for p in places.projection.polygons(o)]
                yield text, max((part[0] for part in parts), key=len)


def _named_flights(places: Places, view: View) -> Iterator[tuple[str, Floats, bool]]:
    """Give the names of flights, or of the streams that they belong to, where they stand."""
    flown = [one for one in places.tracks if one.kind == "flown"]
    plane = places.projection
    inside = {one.who for one in places.entries}
    if places.instant is not None:
        for one in flown:
            here = plane.project(*one.at(places.instant))
            is_inside = one.flight in inside
            if (is_inside or len(flown) <= _FEW) and view.holds(here).all():
                yield one.flight, here[0], is_inside and len(inside) <= _FEW
        return
    named: set[str] = set()
    if len(flown) > _FEW:  # those alone that came in, there
        for entry in places.entries if len(inside) <= _FEW else ():
            here = plane.project(*entry.place)
            if entry.who not in named and entry.kind != "site_incursion" and view.holds(here).all():
                named.add(entry.who)
                yield entry.who, here[0], False
        return
    for one in flown:
        text = one.flight.partition("#")[0]
        line = plane.project(one.samples[:, 1], one.samples[:, 2])
        seen = line[view.holds(line)]
        if text not in named and len(seen):
            named.add(text)
            yield text, seen[0], True


def _obstacles(places: Places, view: View) -> Floats:
    """Give places that names are to keep off: along tracks and borders, and at marks."""
    plane = places.projection
    flown = [one for one in places.tracks if one.kind == "flown"]
    tracks = flown if len(flown) <= _FEW else places.entries  # many cover everything
    lines = [plane.project(one.samples[:, 1], one.samples[:, 2]) for one in tracks]
    for kind in ("declared", "told", "true"):
        for one in distinct(places.footprints, kind):
            lines += [plane.project(*outline.exterior.T) for outline in one.outlines]
    marks = _marks(places)
    corners = [_evenly(line, view.width / _STEPS) for line in lines if len(line)]
    corners += [marks] * _HEAVY if len(marks) else []
    if not corners:
        return np.empty((0, 2))
    found: Floats = np.concatenate(corners)
    found = found[view.holds(found)]
    thinned: Floats = found[:: max(1, len(found) // _OBSTACLES)]
    return thinned


def _marks(places: Places) -> Floats:
    """Give where entries and sites are marked, shape (n, 2)."""
    marked = [entry.place for entry in places.entries] + [site.place for site in places.sites]
    return places.projection.project(*np.array(marked).T) if marked else np.empty((0, 2))


def _evenly(line: Floats, step: float) -> Floats:
    """Give places along a line, shape (n, 2), a step apart."""
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    at = np.linspace(0.0, along[-1], min(int(along[-1] / step) + 2, _OBSTACLES))
    return np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=-1)


def _light_up(ax: Axes) -> None:
    """Set names off from what they stand on."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415 - slow to import

    for text in ax.texts:
        if str(text.get_gid()).startswith(("label:", "degrees")):
            text.set_path_effects([withStroke(linewidth=2.5, foreground=ax.get_facecolor())])


def _beside(run: Run, places: Places) -> str:
    """Say which run it is, and how the map is drawn."""
    which = which_run(run)
    if places.bounds is None:
        return which
    lon, lat = places.projection.centre
    where = f"{abs(lat):.1f}{'NS'[lat < 0]} {abs(lon):.1f}{'EW'[lon < 0]}"
    return f"{which}; azimuthal equidistant about {where}"
