"""The altitude profile of a flight: how high it flew, and how high the areas on its way reach."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots.canvas import (
    cause_handles,
    cause_mark,
    drawing,
    edge_on_dark,
    headline,
    ink,
    legend_below,
    nothing,
)
from sim.plots.clock import Times
from sim.plots.labels import Label, place_labels
from sim.plots.mapping import footprint_styles
from sim.plots.palette import CAUSE_COLOURS, FLIGHT, ZONE
from sim.plots.passages import find_profile
from sim.report.headline import run_headline, which_run
from sim.report.wording import Clock, altitude_text, band_text, counted, explained, feet, listed
from sim.units import METRES_PER_FOOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run
    from sim.geometry.earth import Floats
    from sim.geometry.track import Track
    from sim.plots.drawn import DrawnEntry
    from sim.plots.passages import Passage, Profile

WIDE, HIGH = 9.5, 5.2  # inches
_ROOM = 0.12  # of the axis, above what is shown
_AROUND = 0.04  # of the time of a flight, before and after it
_FAR = 2.5  # times as high as a flight: limits beyond are off the axis
_LEAST_FT = 1_000.0  # that the axis shows
_OF_A_ZONE, _OF_AN_OPERATION = (0.1, 0.9, 0.5), (0.5,)  # of its width, where its name points to
_MARK_PT = 8.5
_NAMED = 3  # so many are named, more are counted
_KINDS = ("free", "idle", "meant", "declared", "true", "told")  # from the lowest to the highest
_OUTLINE: dict[str, Any] = {"facecolor": "none", "edgecolor": ZONE, "linewidth": 1.0}


def profile(run: Run, flight: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how high a flight flew, through or by what, over time.

    Areas stand as high as they reach, for as long as the flight is over or under or in
    them: filled while they are in force. What the flight's party was told of them is
    dashed.

    Parameters
    ----------
    run
        The run.
    flight
        Its id; that of a repeated flight or of a stream means the first of its flights
        that entered something. Without it, the first of all flights that did.
    ax
        Where to draw; without it, on a figure of its own.

    Raises
    ------
    InputError
        If there is no such flight.
    """
    found = find_profile(run, flight)
    times = Times.of(run.scenario)
    which = which_run(run)
    with drawing(ax, WIDE, HIGH) as on:
        if found is None:
            times.axis(on, 0.0, run.plan.horizon)
            nothing(on, "There are no flights.")
            headline(on, run_headline(run), which)
        else:
            _Sheet(on, found, times).draw()
            about = found.heights.about
            finding = _finding(found, Clock.of(run.scenario))
            headline(on, finding, f"{which}; {about}" if about else which)
    return on


class _Sheet:
    """Draws one profile on axes, in days and feet."""

    def __init__(self, ax: Axes, found: Profile, times: Times) -> None:
        self._ax = ax
        self._found = found
        self._times = times
        tracks = [one for one in (found.flown, found.planned) if one is not None]
        self._start = min(one.start for one in tracks)
        self._end = max(one.end for one in tracks)
        around = max(_AROUND * (self._end - self._start), 1.0)
        self._start, self._end = self._start - around, self._end + around
        self._bottom, self._top = self._reach(tracks)
        self._seen: dict[str, Artist] = {}

    def draw(self) -> None:
        """Draw the ground, areas, the flight as planned and flown, and where it came in."""
        ax = self._ax
        self._times.axis(ax, self._start, self._end)
        ax.set_ylim(self._bottom, self._top)
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_ylabel(self._found.heights.label)
        ax.grid(visible=True, alpha=0.18, linewidth=0.6)
        ax.set_axisbelow(True)
        self._ground()
        for kind in _KINDS:
            for one in self._found.passages:
                if one.kind == kind:
                    self._area(one)
        self._track("planned", self._found.planned)
        self._track("flown", self._found.flown)
        for entry in self._found.entries:
            self._entry(entry)
        causes = cause_handles(one.cause for one in self._found.entries)
        legend_below(ax, [*self._seen.values(), *causes])
        place_labels(ax, [*self._labels()], self._obstacles())

    def _reach(self, tracks: Iterable[Track]) -> tuple[float, float]:
        """Give the lowest and the highest of what the axis shows."""
        highest = max(float(self._feet(one).max()) for one in tracks)
        ground = (self._found.heights.ground_m or 0.0) / METRES_PER_FOOT
        most = max(_FAR * highest, ground + _LEAST_FT)
        limits = [one / METRES_PER_FOOT for p in self._found.passages for one in (p.lower, p.upper)]
        tops = [limit for limit in limits if isfinite(limit) and limit <= most]
        top = max([highest, ground + _LEAST_FT, *tops])
        return ground - 0.25 * _ROOM * (top - ground), top + _ROOM * (top - ground)

    def _feet(self, track: Track) -> Floats:
        found: Floats = np.array(
            [self._found.heights.metres(track.reference, one) for one in track.altitude_m.tolist()]
        )
        return found / METRES_PER_FOOT

    def _ground(self) -> None:
        ground = self._found.heights.ground_m
        if ground is None:
            return
        edge = ground / METRES_PER_FOOT
        patch = self._ax.axhspan(self._bottom, edge, color=ink(), alpha=0.25, linewidth=0.0)
        patch.set(zorder=1.0, gid="ground")
        self._note("ground", patch)

    def _box(self, one: Passage) -> tuple[float, float, float, float]:
        """Give left, right, bottom and top of an area on the axes."""
        ground = self._found.heights.ground_m
        bottom = self._bottom if ground is None else ground / METRES_PER_FOOT
        lower = one.lower / METRES_PER_FOOT if isfinite(one.lower) else bottom
        upper = one.upper / METRES_PER_FOOT if isfinite(one.upper) else 2.0 * self._top
        left, right = self._times.all([one.start, one.end]).tolist()
        return left, right, lower, max(lower, upper)

    def _area(self, one: Passage) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - slow to import

        left, right, lower, upper = self._box(one)
        about, look, zorder = self._style(one.kind)
        patch = Rectangle((left, lower), right - left, upper - lower, zorder=zorder, **look)
        patch.set_gid(one.id)
        self._note(about, self._ax.add_patch(patch))

    def _style(self, kind: str) -> tuple[str, dict[str, Any], float]:
        if kind == "idle":
            return "zone that is not active all this time", _OUTLINE | {"linestyle": ":"}, 1.1
        if kind == "free":
            return "zone that does not bind the flight", _OUTLINE | {"linestyle": "-."}, 1.1
        return footprint_styles()["declared" if kind == "meant" else kind]

    def _track(self, gid: str, track: Track | None) -> None:
        if track is None:
            return
        flown = gid == "flown"
        (line,) = self._ax.plot(
            self._times.all(track.time),
            self._feet(track),
            color=FLIGHT,
            linewidth=1.6 if flown else 1.1,
            linestyle="-" if flown else (0, (2, 2)),
            zorder=2.0,
            gid=gid,
        )
        self._note("flight as flown" if flown else "flight as planned", line)

    def _entry(self, entry: DrawnEntry) -> None:
        """Draw a stay where the flight ought not to be, in its cause's colour."""
        from matplotlib.patheffects import Normal, Stroke  # noqa: PLC0415 - slow to import

        assert self._found.flown is not None, "what entered flew"
        part = self._found.flown.cut(entry.start, entry.end)
        x, y = self._times.all(part.time), self._feet(part)
        inside = entry.kind == "incursion"
        (line,) = self._ax.plot(
            x,
            y,
            color=CAUSE_COLOURS[entry.cause],
            linewidth=6.0 if inside else 3.0,
            solid_capstyle="butt",
            zorder=2.4 if inside else 2.5,
            gid=f"{entry.kind}:{entry.id}",
        )
        edge_on_dark(line)
        if inside:
            line.set_path_effects([Stroke(linewidth=7.4, foreground=ink()), Normal()])
        if not inside or entry.cause == "undeclared":
            look = cause_mark(entry.cause, _MARK_PT) | {"linestyle": "", "zorder": 2.9}
            self._ax.plot(x[:1], y[:1], gid=f"{entry.kind}:{entry.id}/entry", **look)

    def _labels(self) -> Iterator[Label]:
        """Name areas with their limits, each once, at their tops."""
        named: set[str] = set()
        for kind in ("declared", "meant", "idle", "free", "true"):
            for one in self._found.passages:
                if one.kind == kind and one.name not in named:
                    named.add(one.name)
                    left, right, lower, upper = self._box(one)
                    text = f"{one.name}, {band_text(one.band)}"
                    if upper < self._top:
                        yield Label(self._pointed(one), upper, text, needed=True)
                    else:
                        near = self._top - 0.5 * _ROOM * (self._top - self._bottom)
                        x = (left + right) / 2.0 if kind == "true" else left
                        yield Label(x, max(near, lower), text, needed=True)

    def _pointed(self, one: Passage) -> float:
        """Give where along the top of an area its name points: where no other's top is."""
        left, right, _, upper = self._box(one)
        tops = [self._box(other) for other in self._found.passages if other.name != one.name]
        shares = _OF_AN_OPERATION if one.kind == "true" else _OF_A_ZONE
        places = [left + share * (right - left) for share in shares]
        alone = [
            x
            for x in places
            if not any(low <= x <= high and top == upper for low, high, _, top in tops)
        ]
        return [*alone, places[-1]][0]

    def _obstacles(self) -> Floats:
        """Give places along the flight and along borders, which names keep off."""
        found = [self._border(one) for one in self._found.passages]
        for track in (self._found.flown, self._found.planned):
            if track is not None:
                at = np.linspace(track.start, track.end, 120)
                feet_ = np.interp(at, track.time, self._feet(track))
                found.append(np.stack([self._times.all(at), feet_], axis=-1))
        return np.concatenate(found)

    def _border(self, one: Passage) -> Floats:
        """Give places along both sides and the top of an area."""
        left, right, lower, upper = self._box(one)
        x, y = np.linspace(left, right, 40), np.linspace(lower, min(upper, self._top), 40)
        sides = [(np.full(40, left), y), (np.full(40, right), y), (x, np.full(40, upper))]
        return np.concatenate([np.stack(side, axis=-1) for side in sides])

    def _note(self, about: str, artist: Artist) -> None:
        artist.set_label(about)
        self._seen.setdefault(about, artist)


def _finding(found: Profile, clock: Clock) -> str:
    """Say what the flight came into, or how it kept out."""
    flight = found.flight.id
    if found.flown is None:
        meant = {one.name: one for one in reversed(found.passages) if one.kind == "declared"}
        to_cross = [f"{one.name} at {clock.minute(one.start)}" for one in meant.values()]
        said = f"; it was to cross {listed(to_cross[:_NAMED])}" if to_cross else ""
        return f"{flight} did not fly{said}."
    came = [one for one in found.entries if one.kind == "violation" or one.cause == "undeclared"]
    if len(came) > _NAMED:
        return (
            f"{flight} came in {counted(len(came), 'time')}, first {_came(found, came[0], clock)}."
        )
    if came:
        return f"{flight} came {listed([_came(found, one, clock) for one in came])}."
    return f"{flight} {_kept_out(found, clock)}."


def _kept_out(found: Profile, clock: Clock) -> str:
    """Say how a flight kept out of the areas that it was over, under or in, or was to be."""
    by_kind = {kind: [one for one in found.passages if one.kind == kind] for kind in _KINDS}
    met = [*by_kind["declared"], *by_kind["true"]]
    said = [_cleared(found, one) for one in met]
    meant = {one.name: one for one in reversed(by_kind["meant"])}
    said += [
        f"kept out of {one.name}, which it was to cross at {clock.minute(one.start)}"
        for one in meant.values()
    ]
    done = {one.name for one in met} | meant.keys()
    idle = [one for one in dict.fromkeys(one.name for one in by_kind["idle"]) if one not in done]
    free = [*dict.fromkeys(one.name for one in by_kind["free"])]
    if idle:
        were = "it was" if len(idle) == 1 else "they were"
        said.append(f"was over {listed(idle)} while {were} not active")
    if free:
        do = "does" if len(free) == 1 else "do"
        said.append(f"was over {listed(free)}, which {do} not bind it")
    told = [one for one in dict.fromkeys(said) if one]
    return listed(told[:_NAMED]) if told else "was over no zone"


def _came(found: Profile, entry: DrawnEntry, clock: Clock) -> str:
    assert found.flown is not None, "what entered flew"
    height = altitude_text(found.flown.reference, found.flown.at(entry.start).altitude_m)
    when = clock.minute(entry.start)
    return f"into {entry.inside} at {when} at {height} ({explained(entry.cause)})"


def _cleared(found: Profile, one: Passage) -> str:
    """Say by how much a flight passed above or below an area."""
    assert found.flown is not None, "it flew"
    part = found.flown.cut(one.start, one.end)
    heights = [found.heights.metres(part.reference, at) for at in part.altitude_m.tolist()]
    if min(heights) >= one.upper:
        return f"passed {feet(min(heights) - one.upper)} above {one.name}"
    if max(heights) <= one.lower:
        return f"passed {feet(one.lower - max(heights))} below {one.name}"
    return ""
