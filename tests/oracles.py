"""Answers by other means: causes from the journal's text, stays from fine samples of a track.

Nothing here calls keepout's geometry or findings. Positions and distances come from pyproj
and plane shapes from shapely, and the tree of causes is walked over the journal as it is
written to disk.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import pairwise
from typing import Any

import shapely
from pyproj import Geod, Proj

GEOD = Geod(ellps="WGS84")
NEAR_M = 1.0  # an entry is on a border


def lines(journal_text: str) -> list[dict[str, Any]]:
    """Give the records of a journal as it stands in its file."""
    return [json.loads(line) for line in journal_text.splitlines()[1:]]


def state(track: dict[str, Any], at: float) -> tuple[float, float, float, float]:
    """Give longitude, latitude, altitude and speed on a flown track."""
    times = track["time"]
    k = min(max(bisect_right(times, at) - 1, 0), len(times) - 2)
    while times[k + 1] == times[k]:
        k += 1
    share = (at - times[k]) / (times[k + 1] - times[k])
    begin, end = (track["lon"][k], track["lat"][k]), (track["lon"][k + 1], track["lat"][k + 1])
    azimuth, _, length = GEOD.inv(*begin, *end)
    lon, lat, _ = GEOD.fwd(*begin, azimuth, share * length)
    low, high = track["altitude_m"][k], track["altitude_m"][k + 1]
    return lon, lat, low + share * (high - low), length / (times[k + 1] - times[k])


def from_border(volume: dict[str, Any], lon: float, lat: float) -> float:
    """Give how far inside a footprint a place is, in metres; negative outside.

    Distances from the place are exact in an azimuthal equidistant plane about it, so the
    outline is drawn there, a point every kilometre.
    """
    return _from_border(volume["footprint"], lon, lat)


def _from_border(footprint: dict[str, Any], lon: float, lat: float) -> float:
    ((kind, spec),) = footprint.items()
    if kind == "circle":
        return float(spec["radius_m"] - GEOD.inv(lon, lat, *spec["center"])[2])
    if kind == "grown":
        return _from_border(spec["core"], lon, lat) + float(spec["metres"])
    places = spec["route"] if kind == "corridor" else spec["exterior"]
    reach = max(GEOD.inv(*places[0], *place)[2] for place in places) + spec.get("width_m", 0.0)
    away = GEOD.inv(lon, lat, *places[0])[2] - 2 * reach
    if away > 0.0:
        return -float(away)  # too far for the shape to matter
    here = Proj(proj="aeqd", ellps="WGS84", lon_0=lon, lat_0=lat)
    origin = shapely.Point(0.0, 0.0)
    if kind == "corridor":
        route = shapely.LineString(zip(*here(*_dense(spec["route"])), strict=True))
        return float(spec["width_m"]) / 2 - float(origin.distance(route))
    ring = [*spec["exterior"], spec["exterior"][0]]
    assert not spec["holes"], "no shipped scenario has any"
    polygon = shapely.Polygon(zip(*here(*_dense(ring, spec["edges"])), strict=True))
    distance = float(origin.distance(polygon.exterior))
    return distance if polygon.contains(origin) else -distance


def _dense(places: list[list[float]], edges: str = "geodesic") -> tuple[list[float], list[float]]:
    """Give longitudes and latitudes along the edges between places, one a kilometre or so."""
    found: list[tuple[float, float]] = []
    for (lon, lat), (lon1, lat1) in pairwise(places):
        count = max(1, int(GEOD.inv(lon, lat, lon1, lat1)[2] / 1000.0))
        if edges == "parallel" and lat == lat1:
            between = [(lon + (lon1 - lon) * k / count, lat) for k in range(1, count)]
        else:
            between = GEOD.npts(lon, lat, lon1, lat1, count - 1) if count > 1 else []
        found += [(lon, lat), *between]
    found.append((places[-1][0], places[-1][1]))
    longitudes, latitudes = zip(*found, strict=True)
    return list(longitudes), list(latitudes)


def within_band(volume: dict[str, Any], altitude_m: float) -> bool:
    """Compare as bare metres, as the scenarios tested give all limits by one reference."""
    lower, upper = volume["band"]["lower"], volume["band"]["upper"]
    above = lower["reference"] == "SFC" or lower["metres"] < altitude_m
    return above and (upper["metres"] is None or altitude_m < upper["metres"])


def within_window(volume: dict[str, Any], at: float) -> bool:
    """Half-open, as windows are; an entry may be a rounding error early."""
    start, end = volume["window"]
    return bool((start is None or start - 1e-6 <= at) and (end is None or at < end))


def covers(volume: dict[str, Any], at: float, lon: float, lat: float, altitude_m: float) -> bool:
    return (
        within_window(volume, at)
        and within_band(volume, altitude_m)
        and from_border(volume, lon, lat) > -NEAR_M
    )


def sampled_stays(
    track: dict[str, Any], versions: list[tuple[float, dict[str, Any]]], step: float
) -> list[tuple[float, float, float, float]]:
    """Give stays as brackets (outside, inside, inside, outside) of sampled instants.

    ``versions`` are (issued, volume), in order; at each instant the last issued counts.
    """
    start, end = track["time"][0], track["time"][-1]
    count = int((end - start) / step)
    samples = [start + k * step for k in range(count + 1)] + [end]
    stays: list[tuple[float, float, float, float]] = []
    begun: tuple[float, float] | None = None
    before = start
    for at in samples:
        lon, lat, altitude, _ = state(track, at)
        newest = [volume for issued, volume in versions if issued <= at][-1:]
        inside = any(
            within_window(v, at) and within_band(v, altitude) and from_border(v, lon, lat) > 0
            for v in newest
        )
        if inside and begun is None:
            begun = (before, at)
        elif not inside and begun is not None:
            stays.append((*begun, before, at))
            begun = None
        before = at
    if begun is not None:
        stays.append((*begun, before, end))
    return stays


class Memory:
    """What everybody had done and held by an instant, replayed from the journal's text."""

    def __init__(self, records: list[dict[str, Any]], until: float) -> None:
        self.copies: dict[tuple[str, str, int, str, int], list[dict[str, Any]]] = {}
        self.ends: dict[tuple[str, int], float | None] = {}
        self.units: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.reactions: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for record in records:
            if record["at"] > until:
                break
            kind = record["kind"]
            if kind == "NoticeStep":
                what = ("zone", "notice", "version", "recipient", "sending")
                self.copies.setdefault(tuple(record[name] for name in what), []).append(record)
            elif kind == "ZoneIssued":
                self.ends[record["zone"], record["version"]] = record["volume"]["window"][1]
            elif kind == "Disseminated":
                self.units.setdefault((record["zone"], record["unit"]), []).append(record)
            elif kind == "UnitReacted":
                self.reactions.setdefault((record["zone"], record["unit"]), []).append(record)

    def of(self, zone: str, party: str) -> list[list[dict[str, Any]]]:
        return [steps for key, steps in self.copies.items() if (key[0], key[3]) == (zone, party)]


_GONE = {"replaced", "cancelled", "expired"}


class Holdings:
    """What the copies of one zone's notices to one party amount to at an instant."""

    def __init__(self, memory: Memory, zone: str, party: str, at: float) -> None:
        self.told: dict[tuple[str, int, int], dict[str, Any]] = {}
        self.handled: list[tuple[tuple[int, float], dict[str, Any]]] = []
        self.pending: list[tuple[bool, float, int, int, int, str]] = []
        for steps in memory.of(zone, party):
            final = [step for step in steps if step["leg"] == len(step["route"]) // 2]
            names = [step["step"] for step in final]
            for step in final:
                if step["step"] == "delivered":
                    self.told[name_of(step)] = step["told"]
            if "handled" in names and steps[0]["change"] != "cancel":
                volume = self.told[name_of(steps[0])]
                ends = (volume["window"][1], memory.ends[zone, steps[0]["version"]])
                if None in ends or max(ends) > at:
                    when = next(s["at"] for s in final if s["step"] == "handled")
                    self.handled.append(((steps[0]["version"], when), volume))
            elif "handled" not in names and _GONE.isdisjoint(step["step"] for step in steps):
                tried = all(step["step"] != "gave_up" for step in steps)
                last = 0.0 if tried else steps[-1]["at"]
                furthest, cause = stage(steps)
                newest = steps[0]["version"], steps[0]["sending"]
                self.pending.append((tried, last, furthest, *newest, cause))


def name_of(record: dict[str, Any]) -> tuple[str, int, int]:
    """Give what tells one copy of a zone's notices to one party from the others."""
    return record["notice"], record["version"], record["sending"]


def stage(steps: list[dict[str, Any]]) -> tuple[int, str]:
    """Give how far the steps of a copy go, and what that would be the cause of."""
    reached = {
        "drafted": 0,
        "attempted": 1,
        "calling": 2,
        "unanswered": 2,
        "lost": 3,
        "connected": 4,
        "published": 5,
        "delivered": 6,
        "handled": 7,
        "omitted": 7,
        "relayed": 7,
    }
    told = [step for step in steps if step["step"] in reached]
    furthest = max(10 * step["leg"] + reached[step["step"]] for step in told)
    last = told[-1]
    if last["leg"] < len(last["route"]) // 2 and reached[last["step"]] > reached["published"]:
        return furthest, "relay_gap"
    cause = {
        "drafted": "not_yet_sent",
        "calling": "unanswered",
        "unanswered": "unanswered",
        "lost": "lost",
    }.get(last["step"], "in_transit")
    return furthest, cause


def is_named(document: dict[str, Any], zone: str, party: str) -> bool:
    """Tell whether the scenario means any notice of the zone for the party."""
    named: set[str] = set()
    for notice in document["zones"][zone].get("notices", {}).values():
        to = [notice["to"]] if isinstance(notice["to"], str) else notice["to"]
        for name in to:
            named.update(document.get("groups", {}).get(name, [name]))
    return party in named


def derive_cause(  # noqa: PLR0911 - a leaf a return
    document: dict[str, Any], text: str, *, flight: str, zone: str, entry: float
) -> str:
    """Walk DESIGN's tree for one entry of one flight into one zone."""
    records = lines(text)
    name = flight.partition("#")[0]
    spec = document.get("flights", {}).get(name) or document["traffic"][name]
    party, unit = spec["party"], spec.get("unit", flight)
    track = next(
        r["track"] for r in records if r["kind"] == "FlightFlown" and r["flight"] == flight
    )
    lon, lat, altitude, _ = state(track, entry)
    here = (entry, lon, lat, altitude)
    memory = Memory(records, entry)
    desk = Holdings(memory, zone, party, entry)
    if not desk.handled:
        if not is_named(document, zone, party):
            return "never_addressed"
        return max(desk.pending)[-1] if desk.pending else "not_yet_sent"
    if not covers(max(desk.handled, key=lambda held: held[0])[1], *here):
        return "misinformed"
    reached = memory.units.get((zone, unit), [])
    if not reached:
        return "not_disseminated"
    held = {name_of(r): desk.told[name_of(r)] for r in reached}
    newest = max(version for _, version, _ in held)
    last = [name_of(r) for r in reached if r["version"] == newest][-1]
    if not covers(held[last], *here):
        return "not_disseminated"
    if is_exempt(spec, flight, document["zones"][zone]):
        return "disregarded"
    in_time = [
        r
        for r in memory.reactions.get((zone, unit), [])
        if covers(volume := held[name_of(r)], *here)
        and r["at"] + seconds_out(track, r["at"], volume) <= entry
    ]
    if not in_time:
        return "no_time"
    return "unable" if any(r["heeded"] for r in in_time) else "disregarded"


def is_exempt(spec: dict[str, Any], flight: str, zone: dict[str, Any]) -> bool:
    """Tell whether a zone leaves out a flight, by its name, its party or a tag."""
    names = {flight, flight.partition("#")[0], spec["party"], *spec.get("tags", [])}
    return not names.isdisjoint(zone.get("exempt", []))


def seconds_out(track: dict[str, Any], at: float, volume: dict[str, Any]) -> float:
    """Give how long a flight needs to leave a circle; none where it is not in it."""
    if at < track["time"][0]:
        return 0.0
    lon, lat, altitude, speed = state(track, at)
    inside = from_border(volume, lon, lat) if within_band(volume, altitude) else 0.0
    return max(0.0, inside) / speed
