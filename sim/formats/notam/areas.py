"""The areas that item E describes by coordinates: chains, circles, sectors, arcs, corridors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.errors import FormatError, GeometryError, some_of
from sim.formats.notam import wording
from sim.formats.notam.curves import arc, sector
from sim.formats.notam.places import find_places, plain, remains
from sim.formats.notam.wording import Link
from sim.formats.records import Problem
from sim.geometry.earth import show
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon

if TYPE_CHECKING:
    from sim.formats.notam.places import Place
    from sim.units import Position

_TRIANGLE = 3
_MOST_SHOWN = 6
_LEAD = 200  # characters before a shape that may speak of it
_BESIDE = 60  # characters in which a vertex that is none may stand before or after the others
_WORDY_SIDE = "a side that only words describe, or a place that is none"


@dataclass
class _Group:
    """Places that belong together, and the words round them."""

    before: str
    vertices: list[Position] = field(default_factory=list)
    after: str = ""
    fault: str = ""
    is_closed: bool = False
    is_numbered: bool = False  # joined to the group before by a number
    is_last: bool = False


def read_areas(text: str) -> list[Footprint | Problem]:
    """Read the areas of item E) in order; what should be one and is not is a Problem.

    Sides are geodesics. Circles stay circles, arcs and sectors have chords within
    1 m, corridors have round ends. A sector between magnetic bearings is read as
    the whole circle, which is larger, and told of. A place alone is no area.
    """
    copy = plain(text)
    try:
        places = find_places(copy)
    except FormatError as error:
        return [Problem("item E", str(error))]
    found: list[Footprint | Problem] = []
    taken = 0  # how many characters after a shape speak of it, and not of the next
    for group in _with_numbered_joined(_groups(copy, places)):
        made, taken = _footprints(group, group.before[taken:][-_LEAD:])
        found += made
    shapes = [one for one in found if isinstance(one, Footprint)]
    if len(shapes) > 1 and len(said := wording.bands(copy)) > 1:
        shown = some_of(sorted(said), _MOST_SHOWN)
        why = f"its areas have limits of their own, which are not told apart: {shown}"
        found.append(Problem("item E", why, "items F) and G) count for all of them"))
    return found


def _groups(copy: str, places: list[Place]) -> list[_Group]:
    """Part the places into groups by the words between them."""
    groups: list[_Group] = []
    at = 0
    while at < len(places):
        before = copy[places[at - 1].end if at else 0 : places[at].start]
        group = _Group(before, is_numbered=wording.link_between(before) is Link.NUMBERED)
        at = _fill(group, copy, places, at)
        group.after = _words(copy, places, at)
        group.is_last = at == len(places)
        beside = (before[-_BESIDE:], group.after[:_BESIDE])
        if wording.leads_back_in_words(group.after) or any(remains(text) for text in beside):
            group.fault = _WORDY_SIDE
        groups.append(group)
    return groups


def _words(copy: str, places: list[Place], at: int) -> str:
    """Give the text between a place and the one before it; after the last, what follows."""
    return copy[places[at - 1].end : places[at].start if at < len(places) else len(copy)]


def _fill(group: _Group, copy: str, places: list[Place], at: int) -> int:
    """Take places into a group for as long as they are joined; give the first that is not."""
    vertices = group.vertices
    vertices.append(places[at].position)
    at += 1
    while at < len(places) and not group.is_closed:
        link = wording.link_between(_words(copy, places, at))
        if link is Link.ARC:
            at = _take_arc(group, copy, places, at)
        elif link in {Link.CHAIN, Link.WORDY}:
            if link is Link.WORDY:
                group.fault = _WORDY_SIDE
            vertices.append(places[at].position)
            at += 1
        else:
            break
        group.is_closed = len(vertices) > _TRIANGLE and vertices[-1] == vertices[0]
    return at


def _take_arc(group: _Group, copy: str, places: list[Place], at: int) -> int:
    """Take an arc and what it leads to; its centre stands before its end, or after it."""
    words, then = _words(copy, places, at), _words(copy, places, at + 1)
    first = group.vertices[0]
    is_last = at + 1 >= len(places)
    if wording.names_centre(words):
        centre = places[at].position
        goes_on = not is_last and wording.link_between(then) in {Link.CHAIN, Link.ARC}
        end, count = (places[at + 1].position, 2) if goes_on else (first, 1)
    elif not is_last and wording.names_centre(then):
        centre, end, count = places[at + 1].position, places[at].position, 2
        words += then
    else:
        group.fault = "an arc without a centre"
        group.vertices.append(places[at].position)
        return at + 1
    clockwise = wording.turns_clockwise(words)
    if clockwise is None:
        group.fault = "an arc that does not say which way round it goes"
    else:
        _lay_arc(group, end, centre, clockwise=clockwise, radius_m=wording.any_radius(words))
    return at + count


def _lay_arc(
    group: _Group, end: Position, centre: Position, *, clockwise: bool, radius_m: float | None
) -> None:
    start = group.vertices[-1]
    try:
        group.vertices += arc(start, end, centre, clockwise=clockwise, radius_m=radius_m)[1:]
    except FormatError as error:
        group.fault = str(error)


def _with_numbered_joined(groups: list[_Group]) -> list[_Group]:
    """Join single places that are numbered and no centres: they are the vertices of one area."""
    joined: list[_Group] = []
    at = 0
    while at < len(groups):
        end = at + 1
        if _is_vertex(groups[at]):
            while end < len(groups) and groups[end].is_numbered and _is_vertex(groups[end]):
                end += 1
        if end - at >= _TRIANGLE:
            vertices = [group.vertices[0] for group in groups[at:end]]
            last = groups[end - 1]
            joined.append(_Group(groups[at].before, vertices, last.after, is_last=last.is_last))
        else:
            joined += groups[at:end]
        at = end
    return joined


def _is_vertex(group: _Group) -> bool:
    return (
        len(group.vertices) == 1
        and not group.fault
        and not wording.radius_before(group.before)
        and not wording.radius_after(group.after)
    )


def _footprints(group: _Group, before: str) -> tuple[list[Footprint | Problem], int]:
    """Make what a group describes, and tell how much of the text after it speaks of it."""
    count = len(group.vertices)
    width = (
        wording.width_near(before, group.after)
        if count > 1 and not _is_ring(group, before)
        else None
    )
    radius = None if width or group.is_closed else wording.radius_before(before)
    taken = width.end if width else 0
    if not radius and count == 1:
        radius = wording.radius_after(group.after)
        taken = radius.end if radius else 0
    if wording.is_exception(before):
        return [_problem(group, "it is taken out of another area, which is left whole")], taken
    if radius and not group.fault and wording.is_radius_of_arc(before):
        group.fault = "an arc that does not lead from the place before it"
    if group.fault:
        return [_problem(group, f"it has {group.fault}")], taken
    try:
        made = _made(group, before, width, radius, group.after[taken:])
    except (FormatError, GeometryError) as error:
        return [_problem(group, str(error))], taken
    if made and group.is_last and wording.takes_out(group.after[taken:]):
        made.append(_problem(group, "what words alone take out of it is left in"))
    return made, taken


def _is_ring(group: _Group, before: str) -> bool:
    """Tell whether a group is an area and no line, whatever widths stand near it."""
    return group.is_closed and not wording.width_near(before, "")


def _made(
    group: _Group,
    before: str,
    width: wording.Said | None,
    radius: wording.Said | None,
    after: str,
) -> list[Footprint | Problem]:
    count = len(group.vertices)
    if width:
        return [Corridor(tuple(group.vertices), width.metres)]
    if radius:
        return _round(group, before, radius.metres, after)
    if count == 1:
        return []
    why = ""
    if wording.speaks_of_sides(before):
        why = "its width is not the same on both sides of a line, or not given"
    elif not group.is_closed and wording.speaks_of_a_line(before):
        why = "its places are a line, and no width is given"
    elif count < _TRIANGLE:
        why = f"its {count} places enclose none, and no width is given"
    return [_problem(group, why) if why else Polygon(tuple(group.vertices))]


def _round(group: _Group, before: str, radius_m: float, after: str) -> list[Footprint | Problem]:
    """Make circles, or a sector of one, by the words before it and after what was read."""
    circles = [Circle(place, radius_m) for place in group.vertices]
    lead = before[-_LEAD:]
    said = wording.bearings(lead) or wording.bearings(wording.up_to_next(after[:_LEAD]), lead)
    if said is None or len(circles) != 1:
        return [*circles]
    if said.is_magnetic:
        why = "its bearings are magnetic or of a radial; the whole circle is taken"
        return [circles[0], _problem(group, why)]
    return [sector(circles[0].center, radius_m, said.first, said.last)]


def _problem(group: _Group, why: str) -> Problem:
    return Problem("item E", f"the area near {show(group.vertices[0])} is not as described: {why}")
