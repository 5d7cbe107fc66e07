"""The map of a page: all that a run shows on the ground, on which scripts then move time."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from sim.page.embedding import NAME, chart, inked, source
from sim.page.marks import mark_of
from sim.plots.palette import CAUSE_COLOURS, FLIGHT, OPERATION, SITE, ZONE
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bokeh.models.renderers import GlyphRenderer
    from bokeh.plotting import figure

    from sim.geometry.earth import Floats
    from sim.plots.drawn import DrawnEntry, DrawnFootprint, DrawnTrack
    from sim.plots.places import Places

KINDS = ("planned", "declared", "told", "true")  # of footprints, from below to above
_FINENESS = 8_000  # of a map from side to side: what is finer is not drawn
_WIDE_M = 1_000.0  # a map of one place
_LOOKS: dict[str, dict[str, Any]] = {
    "planned": {"line_color": OPERATION, "line_dash": "6 4", "line_width": 1.2},
    "declared": {"line_color": ZONE, "line_width": 1.6, "fill_color": ZONE},
    "told": {"line_color": ZONE, "line_width": 1.6, "line_dash": "2 3"},
    "true": {"line_color": OPERATION, "line_width": 1.6, "fill_color": OPERATION},
}
_FILLED = {"declared": 0.3, "true": 0.45}
_FAINT = {"planned": 0.35, "declared": 0.35}  # of what is not in force; others are not seen then
_MANY, _STRONG, _PALE = 40, 0.3, 0.14  # tracks, and how strong they are, fewer and as many
_FEWEST = 4  # corners of a closed ring
_LABEL: dict[str, Any] = {"text_font_size": "12px", "text_font_style": "bold", **NAME}


class MapChart:
    """Draws what a map shows, in metres of its projection.

    Parameters
    ----------
    places
        Of a whole run.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._plane = places.projection
        self.bounds = _bounds(places)
        west, east, south, north = self.bounds
        self._finest = max(east - west, north - south) / _FINENESS
        self._chart = chart(
            x_range=(west, east),
            y_range=(south, north),
            tools="pan",
            active_scroll=None,
            name="map",
        )
        self._hovered: list[GlyphRenderer[Any]] = []

    def draw(self) -> figure:
        """Draw everything, the ground first."""
        self._ground()
        for kind in KINDS:
            self._footprints(kind, [one for one in self._places.footprints if one.kind == kind])
        self._tracks()
        self._ways_inside()
        self._sites()
        self._entries()
        self._names()
        self._moving()
        self._scale()
        self._hover()
        return self._chart

    def _ground(self) -> None:
        """Give the map nearly all room: it has no axes."""
        self._chart.axis.visible = False
        self._chart.grid.visible = False
        self._chart.min_border = 2  # Bokeh does not clear a canvas's first half pixel

    def _footprints(self, kind: str, found: Sequence[DrawnFootprint]) -> None:
        xs, ys = [], []
        for one in found:
            polygons = [
                self._thinned(polygon)
                for outline in one.outlines
                for polygon in self._plane.polygons(outline)
            ]
            xs.append([[ring[:, 0] for ring in polygon] for polygon in polygons])
            ys.append([[ring[:, 1] for ring in polygon] for polygon in polygons])
        faint = _FAINT.get(kind, 0.0)
        renderer = self._chart.multi_polygons(
            "xs",
            "ys",
            source=source(
                xs=xs,
                ys=ys,
                start=[_finite(one.start) for one in found],
                end=[_finite(one.end) for one in found],
                line_alpha=[faint] * len(found),
                fill_alpha=[0.0] * len(found),
                filled=[_FILLED.get(kind, 0.0)] * len(found),
                faint=[faint] * len(found),
                name=[plain(one.name) for one in found],
                about=[_told(one) for one in found],
            ),
            name=kind,
            line_alpha="line_alpha",
            fill_alpha="fill_alpha",
            **{"fill_color": None} | _LOOKS[kind],
        )
        if kind in _FILLED:
            self._hovered.append(renderer)

    def _thinned(self, polygon: Sequence[Floats]) -> list[Floats]:
        """Leave out what of rings is too fine to be seen."""
        rings = [
            shapely.get_coordinates(shapely.simplify(shapely.LineString(ring), self._finest))
            for ring in polygon
        ]
        return [ring for ring in rings if len(ring) >= _FEWEST]

    def _tracks(self) -> None:
        flown = [one for one in self._places.tracks if one.kind == "flown"]
        flew = {one.flight for one in flown if not one.differs}
        planned = [
            one for one in self._places.tracks if one.kind == "planned" and one.flight not in flew
        ]
        self._tracked("intended", planned, line_dash="3 4", line_alpha=0.5)
        self._tracked("flown", flown, line_alpha=_STRONG if len(flown) < _MANY else _PALE)
        chosen = self._chart.multi_line(
            "xs", "ys", source=source(xs=[], ys=[]), name="chosen", line_width=3.0, line_alpha=0.55
        )
        inked(chosen.glyph, line_color="accent")

    def _tracked(self, name: str, tracks: Sequence[DrawnTrack], **look: Any) -> None:
        columns: dict[str, list[Any]] = {
            "ts": [one.samples[:, 0].astype(np.float32) for one in tracks],
            "flight": [plain(one.flight) for one in tracks],
            "party": [plain(one.party) for one in tracks],
        }
        self._lines(name, tracks, columns, line_color=FLIGHT, **look)

    def _lines(
        self,
        name: str,
        ways: Sequence[DrawnTrack | DrawnEntry],
        columns: dict[str, list[Any]],
        **look: Any,
    ) -> None:
        """Draw ways in the plane, in single precision, which is fine enough."""
        lines = [
            self._plane.project(one.samples[:, 1], one.samples[:, 2]).astype(np.float32)
            for one in ways
        ]
        places = source(
            xs=[line[:, 0] for line in lines], ys=[line[:, 1] for line in lines], **columns
        )
        self._chart.multi_line("xs", "ys", source=places, name=name, **look)

    def _ways_inside(self) -> None:
        inside = [one for one in self._places.entries if len(one.samples)]
        columns: dict[str, list[Any]] = {
            "colour": [CAUSE_COLOURS[one.cause] for one in inside],
            "key": [drawn_key(one) for one in inside],
            "alpha": [1.0] * len(inside),
        }
        self._lines(
            "ways", inside, columns, line_color="colour", line_width=2.6, line_alpha="alpha"
        )

    def _sites(self) -> None:
        sites = self._places.sites
        where = [self._at(one.place) for one in sites]
        for one in sites:
            for outline in one.outlines:
                for polygon in self._plane.polygons(outline):
                    x, y = self._thinned(polygon)[0].T
                    self._chart.patch(x, y, fill_color=SITE, fill_alpha=0.2, line_color=SITE)
        renderer = self._chart.scatter(
            "x",
            "y",
            source=source(
                x=[x for x, _ in where],
                y=[y for _, y in where],
                about=[
                    f"{plain(one.id)}, people of {plain(one.party)} on the ground" for one in sites
                ],
            ),
            marker="cross",
            size=10,
            line_width=2.5,
            line_color=SITE,
        )
        self._hovered.append(renderer)

    def _entries(self) -> None:
        entries = self._places.entries
        where = [self._at(one.place) for one in entries]
        marks = [mark_of(one.cause) for one in entries]
        renderer = self._chart.scatter(
            "x",
            "y",
            source=source(
                x=[x for x, _ in where],
                y=[y for _, y in where],
                key=[drawn_key(one) for one in entries],
                shape=[mark.shape for mark in marks],
                turned=[mark.turned for mark in marks],
                colour=[mark.colour for mark in marks],
                alpha=[1.0] * len(marks),
                about=[
                    f"{one.id}: {plain(one.who)} into {plain(one.inside)}, {mark.brief}"
                    for one, mark in zip(entries, marks, strict=True)
                ],
            ),
            name="entries",
            marker="shape",
            angle="turned",
            fill_color="colour",
            fill_alpha="alpha",
            line_alpha="alpha",
            size=12,
            line_width=0.8,
        )
        inked(renderer.glyph, line_color="ink")
        self._hovered.append(renderer)

    def _moving(self) -> None:
        """Make what scripts fill: flights where they are, and the way they just came."""
        self._chart.multi_line(
            "xs",
            "ys",
            source=source(xs=[], ys=[], colour=[]),
            name="trails",
            line_color="colour",
            line_width=2.2,
        )
        columns = ("x", "y", "angle", "name", "label", "party", "key", "colour", "about")
        empty: dict[str, list[float]] = {name: [] for name in columns}
        where = source(**empty)
        flights = self._chart.scatter(
            "x",
            "y",
            source=where,
            name="flights",
            marker="triangle",
            size=11,
            angle="angle",
            fill_color="colour",
            line_width=1.0,
        )
        inked(flights.glyph, line_color="ink")
        labels = self._chart.text(
            "x", "y", "label", source=where, x_offset=9, y_offset=-4, text_font_size="12px", **NAME
        )
        inked(labels.glyph, text_color="ink", background_fill_color="ground")
        self._hovered.append(flights)

    def _names(self) -> None:
        """Name zones and operations above their northernmost point, and sites beside theirs."""
        names: dict[str, tuple[float, float]] = {}
        for one in self._places.footprints:
            if one.kind in ("declared", "planned") and one.name not in names:
                corners = np.concatenate([o.exterior for o in one.outlines])
                plane = self._plane.project(*corners.T)
                names[one.name] = tuple(plane[int(np.argmax(plane[:, 1]))].tolist())
        for site in self._places.sites:
            names.setdefault(site.id, self._at(site.place))
        text = self._chart.text(
            "x",
            "y",
            "shown",
            source=source(
                x=[x for x, _ in names.values()],
                y=[y for _, y in names.values()],
                name=[plain(name) for name in names],
                shown=[""] * len(names),
                alpha=[0.0] * len(names),
            ),
            name="names",
            text_align="center",
            text_baseline="bottom",
            y_offset=-4,
            **_LABEL,
        )
        inked(text.glyph, text_color="ink", background_fill_color="ground")

    def _scale(self) -> None:
        from bokeh.models.annotations import ScaleBar  # noqa: PLC0415 - of an extra
        from bokeh.models.annotations.dimensional import (  # noqa: PLC0415 - likewise
            MetricLength,
        )

        bar = ScaleBar(
            range=self._chart.x_range,
            unit="m",
            dimensional=MetricLength(include=["m", "km"]),
            location="bottom_right",
            background_fill_alpha=0.0,
            border_line_color=None,
            label_text_font_size="12px",
            bar_line_color=FLIGHT,
            bar_length=0.18,
        )
        inked(bar, label_text_color="soft")
        self._chart.add_layout(bar)

    def _hover(self) -> None:
        from bokeh.models import HoverTool  # noqa: PLC0415 - of an extra

        flights = self._hovered[-1]
        self._chart.add_tools(
            HoverTool(
                renderers=[flights],
                tooltips=[("", "@name, @party"), ("", "@about")],
                attachment="above",
            ),
            HoverTool(
                renderers=[*self._hovered[:-1]],
                tooltips=[("", "@about")],
                point_policy="follow_mouse",
            ),
        )

    def _at(self, place: tuple[float, float]) -> tuple[float, float]:
        ((x, y),) = self._plane.project(*place).tolist()
        return x, y


def drawn_key(entry: DrawnEntry) -> str:
    """Name an entry among all that can be chosen on a page."""
    return f"{entry.kind.replace('_', '-')}:{entry.id}"


def _told(one: DrawnFootprint) -> str:
    """Say what a footprint is."""
    version = f", version {one.version}" if one.version else ""
    what = {"declared": "zone, as declared by", "true": "operation, as it really was, of"}
    return f"{plain(one.name)}: {what.get(one.kind, one.kind)} {plain(one.party)}{version}"


def _bounds(places: Places) -> tuple[float, float, float, float]:
    """Give what the map shows, in metres: west, east, south, north; never nothing."""
    found = places.bounds or (0.0, 0.0, 0.0, 0.0)
    west, east, south, north = found
    grow = max(0.0, (_WIDE_M - max(east - west, north - south)) / 2.0)
    return west - grow, east + grow, south - grow, north + grow


def _finite(seconds: float) -> float:
    """Give an instant that JSON can hold."""
    return seconds if isfinite(seconds) else float(np.copysign(1e12, seconds))
