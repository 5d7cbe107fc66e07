"""How what stands on a map is drawn, and what its legend says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.plots.canvas import cause_mark, edge_on_dark, ink, moved
from sim.plots.palette import CAUSE_COLOURS, FLIGHT, OPERATION, SITE, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.path import Path

    from sim.formats.outlines import Outline
    from sim.geometry.earth import Floats
    from sim.plots.drawn import DrawnEntry, DrawnFootprint, DrawnSite, DrawnTrack
    from sim.plots.places import Places

_FEW, _MANY = 12, 60  # tracks
_LOOKS = ((1.2, 0.95), (0.9, 0.6), (0.7, 0.3))  # width and strength of few, more, many tracks
_ARROW_PT = 6.0
_ENTRY_PT, _SMALL_ENTRY_PT = 8.0, 6.0
_HOUSE_PT = 11.5  # to be seen beneath an entry
_SAME = 0.005  # of a map: entries so near stand side by side
_THINNED = 0.45  # of the width of stays, where many are drawn
_LEAST = 0.6  # of the strength of a line in the legend
_AHEAD = 0.35  # of the strength of a track, of what a flight has still to fly


class Style(NamedTuple):
    """How a kind of footprint is drawn, and what the legend calls it."""

    about: str
    look: dict[str, Any]
    zorder: float


def footprint_styles() -> dict[str, Style]:
    """Give the styles of footprints by their kinds, from the lowest to the highest."""
    border = (ink(), 0.6)
    return {
        "declared": Style(
            "zone as declared",
            {"facecolor": (ZONE, 0.3), "edgecolor": (ZONE, 0.9), "linewidth": 0.6},
            1.2,
        ),
        "true": Style(
            "operation as it really was",
            {"facecolor": (OPERATION, 0.45), "edgecolor": border, "linewidth": 1.0},
            1.4,
        ),
        "told": Style(
            "zone as told",
            {"facecolor": "none", "edgecolor": ZONE, "linewidth": 1.8, "linestyle": (0, (3, 2))},
            1.5,
        ),
        "planned": Style(
            "operation as planned",
            {"facecolor": "none", "edgecolor": border, "linewidth": 1.1, "linestyle": (0, (1, 1))},
            1.6,
        ),
    }


class MapPen:
    """Draws what there is in places on axes, in metres of their projection.

    Parameters
    ----------
    ax
        Where.
    places
        What, and on which plane.
    """

    def __init__(self, ax: Axes, places: Places) -> None:
        self._ax = ax
        self._places = places
        self._plane = places.projection
        self._flown = {one.flight: one for one in places.tracks if one.kind == "flown"}
        self._seen: dict[str, Artist] = {}
        self._marks: list[Floats] = []
        left, low, right, high = places.bounds or (0.0, 0.0, 0.0, 0.0)
        self._near = _SAME * max(right - left, high - low)

    def handles(self) -> list[Artist]:
        """Give the legend's entries of what was drawn."""
        for about, artist in self._seen.items():
            artist.set_label(about)
        return [*self._seen.values()]

    def draw(self) -> None:
        """Draw everything, footprints first, then sites, tracks and entries."""
        for kind, style in footprint_styles().items():
            for one in distinct(self._places.footprints, kind):
                self._footprint(one, style)
        for site in self._places.sites:
            self._site(site)
        self._tracks()
        for entry in self._places.entries:
            self._entry(entry)

    def _footprint(self, one: DrawnFootprint, style: Style) -> None:
        patch = self._patch(one.outlines, style.look | {"zorder": style.zorder})
        patch.set_gid(one.id)
        self._note(style.about, patch)

    def _patch(self, outlines: Iterable[Outline], look: dict[str, Any]) -> Artist:
        from matplotlib.patches import PathPatch  # noqa: PLC0415 - slow to import

        rings = [
            ring
            for outline in outlines
            for polygon in self._plane.polygons(outline)
            for ring in polygon
        ]
        return self._ax.add_patch(PathPatch(_compound(rings), **look))

    def _site(self, site: DrawnSite) -> None:
        if site.outlines:
            self._patch(site.outlines, {"facecolor": (SITE, 0.5), "linewidth": 0.0, "zorder": 1.7})
        (mark,) = self._ax.plot(
            *self._plane.project(*site.place).T,
            linestyle="",
            marker=_house(),
            markersize=_HOUSE_PT,
            markerfacecolor=SITE,
            markeredgecolor=ink(),
            markeredgewidth=0.6,
            zorder=2.6,
            gid=f"site:{site.id}",
        )
        self._note("people on the ground", mark)

    def _tracks(self) -> None:
        flown = [*self._flown.values()]
        kept = {one.flight for one in flown if not one.differs}
        planned = [
            one for one in self._places.tracks if one.kind == "planned" and one.flight not in kept
        ]
        width, strength = _LOOKS[(len(flown) > _FEW) + (len(flown) > _MANY)]
        instant = self._places.instant
        look: dict[str, Any] = {"linewidth": width, "alpha": strength}
        dashes = {"linestyle": (0, (2, 2)), "linewidth": width * 0.8}
        self._lines("planned", "flight as planned", planned, look | dashes)
        if instant is None:
            self._lines("flown", "flight as flown", flown, look)
            if len(flown) <= _FEW:
                self._arrows(flown)
            return
        ahead = look | {"alpha": strength * _AHEAD}
        self._lines("ahead", "flight as flown later", flown, ahead)
        self._lines(
            "flown",
            "flight as flown so far",
            [_until(one.samples, one, instant) for one in flown],
            look,
        )
        self._aircraft(flown, instant)

    def _lines(
        self, gid: str, about: str, tracks: Iterable[DrawnTrack | Floats], look: dict[str, Any]
    ) -> None:
        """Draw tracks, or their samples, of one kind."""
        from matplotlib.collections import LineCollection  # noqa: PLC0415 - slow to import

        lines = [self._line(one if isinstance(one, np.ndarray) else one.samples) for one in tracks]
        if lines:
            drawn = LineCollection(lines, color=FLIGHT, zorder=2.0, gid=gid, **look)
            self._ax.add_collection(drawn, autolim=False)
            self._note_line(about, **look | {"alpha": max(look["alpha"], _LEAST)})

    def _line(self, samples: Floats) -> Floats:
        return self._plane.line(samples[:, 1], samples[:, 2])

    def _arrows(self, flown: Iterable[DrawnTrack]) -> None:
        """Show which way flights go, at their ends."""
        for one in flown:
            before, last = self._plane.project(*one.samples[-2:, 1:3].T)
            look: dict[str, Any] = {"color": FLIGHT, "markersize": _ARROW_PT, "zorder": 2.1}
            self._arrow(last, last - before, gid=f"end:{one.flight}", **look)

    def _aircraft(self, flown: Iterable[DrawnTrack], instant: float) -> None:
        """Show where flights are at an instant; those inside something in its cause's colour."""
        causes = {one.who: one.cause for one in reversed(self._places.entries)}
        mark = None
        for one in flown:
            ahead = min(instant + 1.0, one.end)
            here, there = (self._plane.project(*one.at(at))[0] for at in (instant, ahead))
            cause = causes.get(one.flight)
            look: dict[str, Any] = {"markersize": 1.5 * _ARROW_PT, "zorder": 3.0}
            look |= {"markeredgecolor": ink(), "markeredgewidth": 0.7}
            look["markerfacecolor"] = CAUSE_COLOURS[cause] if cause else FLIGHT
            drawn = self._arrow(here, there - here, gid=f"flight:{one.flight}", **look)
            mark = mark if cause else drawn
        if mark is not None:
            self._note("flight", mark)

    def _arrow(self, at: Floats, towards: Floats, **look: Any) -> Line2D:
        """Draw a triangle that points somewhere."""
        turn = float(np.degrees(np.arctan2(-towards[0], towards[1])))
        (drawn,) = self._ax.plot(*at, linestyle="", marker=(3, 0, turn), **look)
        return drawn

    def _entry(self, entry: DrawnEntry) -> None:
        """Draw a stay where nobody ought to be, in its cause's colour, and where it began."""
        from matplotlib.patheffects import Normal, Stroke  # noqa: PLC0415 - slow to import

        few = len(self._places.entries) <= _FEW
        instant = self._places.instant
        samples = entry.samples
        if len(samples) and instant is not None:
            samples = _until(samples, self._flown[entry.who], instant)
        if len(samples):
            is_incursion = entry.kind == "incursion"
            (line,) = self._ax.plot(
                *self._line(samples).T,
                color=CAUSE_COLOURS[entry.cause],
                linewidth=(5.0 if is_incursion else 2.6) * (1.0 if few else _THINNED),
                solid_capstyle="butt",
                zorder=2.4 if is_incursion else 2.5,
                gid=f"{entry.kind}:{entry.id}",
            )
            edge_on_dark(line)
            if is_incursion:
                casing = Stroke(linewidth=line.get_linewidth() + 1.4, foreground=ink())
                line.set_path_effects([casing, Normal()])
                width = line.get_linewidth()
                self._note_line(
                    "inside an operation", linewidth=width, path_effects=[casing, Normal()]
                )
        if entry.kind == "incursion" and entry.cause != "undeclared":
            return  # the violation that it lies in has the mark
        size = _ENTRY_PT if few else _SMALL_ENTRY_PT
        look = cause_mark(entry.cause, size) | {"linestyle": "", "zorder": 2.9}
        place = self._plane.project(*entry.place)[0]
        beside = size * self._marked(place) if few else 0.0
        gid = f"{entry.kind}:{entry.id}/entry"
        beside_it = self._ax.transData + moved(self._ax, beside)
        self._ax.plot(*place, gid=gid, transform=beside_it, **look)

    def _marked(self, place: Floats) -> int:
        """Note that an entry is marked at a place; give how many are already, about there."""
        found = sum(bool(np.hypot(*(place - other)) <= self._near) for other in self._marks)
        self._marks.append(place)
        return found

    def _note_line(self, about: str, **look: Any) -> None:
        """Let the legend show a line of no cause, however faint what was drawn is."""
        from matplotlib.lines import Line2D  # noqa: PLC0415 - slow to import

        self._note(about, Line2D([], [], color=FLIGHT, **look))

    def _note(self, about: str, artist: Artist) -> None:
        self._seen.setdefault(about, artist)


def distinct(footprints: Iterable[DrawnFootprint], kind: str) -> Iterator[DrawnFootprint]:
    """Give those of one kind, each area once; a plan only where it did not come true."""
    drawn = [one for one in footprints if one.kind in {kind, "true"}]
    came_true = {one.name for one in drawn if one.kind == "true" and not one.differs}
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for one in drawn:
        which = one.name, tuple(map(id, one.outlines))
        if one.kind != kind or which in seen or (kind == "planned" and one.name in came_true):
            continue
        seen.add(which)
        yield one


def _until(samples: Floats, track: DrawnTrack, instant: float) -> Floats:
    """Give the samples of a track, or of a part of it, up to an instant."""
    there = track.at(instant)
    past = samples[samples[:, 0] < instant]
    return np.concatenate([past, [(instant, there.lon, there.lat, np.nan)]])


def _compound(rings: Sequence[Floats]) -> Path:
    """Make one path of closed rings."""
    from matplotlib.path import Path  # noqa: PLC0415 - slow to import

    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _house() -> Path:
    """Give the outline of a house, as a marker."""
    from matplotlib.path import Path  # noqa: PLC0415 - slow to import

    walls = [(-0.8, -0.9), (0.8, -0.9), (0.8, 0.2), (0.0, 1.0), (-0.8, 0.2), (-0.8, -0.9)]
    return Path(walls, closed=True)
