"""What no type can tell of a scenario: names that lead nowhere, parts that contradict."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.errors import did_you_mean, quoted
from sim.scenario.altitudes import altitude_complaints
from sim.scenario.bulk import FROM
from sim.scenario.routes import ALL, notice_complaints
from sim.scenario.space import area_complaints, route_complaints
from sim.scenario.timing import timing_complaints
from sim.scenario.tree import Complaint
from sim.scenario.values import is_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from sim.scenario import people, schema
    from sim.scenario.bulk import ZoneFile
    from sim.scenario.notices import Notice
    from sim.scenario.tree import Path

TRUTH = "truth"  # whose book of violations stands beside those of the parties
_LISTED = 12  # names that a message lists
_COMPARED = 500  # names that are looked through for a near one
_AREAS = 10  # after so many, what is wrong with further areas is not looked for: it takes long
_OWN = ("party", "area", "altitude", "window")  # what a zone in its own right has to have


def complaints(
    scenario: schema.Scenario, ids: Mapping[str, frozenset[str] | None], broken: AbstractSet[Path]
) -> Iterator[Complaint]:
    """Complain of all that contradicts itself in a scenario whose every value is typed.

    Parameters
    ----------
    scenario
        All of the document that could be typed.
    ids
        For each section the ids that the document has, those that could not be typed
        included; None if the section itself could not be read.
    broken
        The paths that were left out of ``scenario`` or given a stand-in.
    """
    names = _Names(scenario, ids, broken)
    yield from _clash_complaints(scenario)
    yield from names.complaints()
    for id_, zone in scenario.zones.items():
        yield from _zone_complaints(id_, zone)
    yield from notice_complaints(scenario, names.knows)
    yield from _unit_complaints(scenario)
    yield from _response_complaints(scenario, names)
    yield from islice(area_complaints(scenario), _AREAS)
    yield from route_complaints(scenario)
    if ("vertical",) not in broken:
        yield from altitude_complaints(scenario)
    if broken.isdisjoint({("start",), ("end",)}):
        yield from timing_complaints(scenario)


def reference_complaints(
    scenario: schema.Scenario,
    ids: Mapping[str, frozenset[str] | None],
    document: Mapping[str, Any],
    broken: AbstractSet[Path],
) -> Iterator[Complaint]:
    """Complain of references that lead nowhere in entries that could not be typed.

    Parameters
    ----------
    scenario, ids, broken
        As for :func:`complaints`.
    document
        The plain tree that all of it was read from.
    """
    names = _Names(scenario, ids, broken)
    for path in sorted(broken):
        entry: Any = document
        for key in path:
            entry = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(entry, dict):
            for below, sections in _REFERENCES.get((path[0], len(path)), {}).items():
                yield from names.untyped((*path, below), entry.get(below), sections)


class _Names:
    """What the parts of a scenario are called, and who calls for one that there is not."""

    def __init__(
        self,
        scenario: schema.Scenario,
        ids: Mapping[str, frozenset[str] | None],
        broken: AbstractSet[Path],
    ) -> None:
        self._scenario = scenario
        self._ids = ids
        self.some_flight_is_broken = any(
            path[:1] in {("flights",), ("traffic",)} for path in broken
        )

    def knows(self, section: str, id_: str) -> bool:
        """Tell whether a section has an id, as far as the section could be read."""
        known = self._ids.get(section, frozenset())
        return known is None or id_ in known

    def complaints(self) -> Iterator[Complaint]:
        """Complain of every reference that leads nowhere."""
        one, parties = self._scenario, ("parties",)
        receivers = ("parties", "groups")
        for id_, members in one.groups.items():
            yield from self._each(("groups", id_), members, parties)
        for id_, channel in one.channels.items():
            here: Path = ("channels", id_)
            yield from self._each((*here, "between"), channel.between or (), parties)
            if channel.from_ is not None:
                yield from self._reference((*here, "from"), channel.from_, parties)
            to = [] if channel.to == (ALL,) else channel.to or ()
            yield from self._each((*here, "to"), to, receivers)
        for id_, zone in one.zones.items():
            yield from self._zone(("zones", id_), zone)
        for place, file in enumerate(one.zone_files):
            yield from self._zone_file(("zones", FROM, place), file)
        for place, table in enumerate(one.flight_files):
            if table.party is not None:
                yield from self._reference(("flights", FROM, place, "party"), table.party, parties)
        owned: dict[str, Mapping[str, Any]] = {
            "operations": one.operations,
            "flights": one.flights,
            "sites": one.sites,
            "traffic": one.traffic,
        }
        for section, entries in owned.items():
            for id_, entry in entries.items():
                yield from self._reference((section, id_, "party"), entry.party, parties)
        yield from self._senders()

    def _senders(self) -> Iterator[Complaint]:
        for path, response in responses(self._scenario):
            for id_ in response.comply.from_:
                yield from self._reference((*path, "comply", "from", id_), id_, ("parties",))

    def untyped(self, path: Path, value: object, sections: tuple[str, ...]) -> Iterator[Complaint]:
        """Complain of a value that could be an id, or of such in a list, if nothing has it."""
        if isinstance(value, list):
            for place, one in enumerate(value):
                yield from self.untyped((*path, place), one, sections)
        elif isinstance(value, str) and is_id(value) and value != ALL:
            yield from self._reference(path, value, sections)

    def _zone(self, here: Path, zone: schema.Zone) -> Iterator[Complaint]:
        if zone.covers is not None:
            yield from self._reference((*here, "covers"), zone.covers, ("operations",))
        if zone.party is not None:
            yield from self._reference((*here, "party"), zone.party, ("parties",))
        yield from self._exempt((*here, "exempt"), zone.exempt)
        for key, notice in zone.notices.items():
            yield from self._notice((*here, "notices", key), notice)

    def _zone_file(self, here: Path, file: ZoneFile) -> Iterator[Complaint]:
        if file.party is not None:
            yield from self._reference((*here, "party"), file.party, ("parties",))
        yield from self._exempt((*here, "exempt"), file.exempt)
        if file.to:
            yield from self._notice(here, file.notice)

    def _notice(self, here: Path, notice: Notice) -> Iterator[Complaint]:
        yield from self._each((*here, "to"), notice.to, ("parties", "groups"))
        for below, route in notice.routes:
            for place, id_ in enumerate(route):
                section = "parties" if place % 2 else "channels"
                yield from self._reference((*here, *below, place), id_, (section,))

    def _exempt(self, path: Path, exempt: tuple[str, ...]) -> Iterator[Complaint]:
        flights = self._scenario.flights
        streams = self._scenario.traffic
        tags = {tag for each in (flights, streams) for one in each.values() for tag in one.tags}
        tags.update(streams)
        for place, name in enumerate(exempt):
            id_, mark, number = name.partition("#")
            if not mark and (name in tags or self.some_flight_is_broken):
                continue
            sections = ("flights",) if mark else ("flights", "parties")
            yield from self._reference((*path, place), id_, sections, more=tags)
            if mark and id_ in flights:
                repeat = flights[id_].repeat
                count = repeat.count if repeat else 0
                if not 1 <= int(number) <= count:
                    has = f"has repeats 1 to {count}" if count else "has no repeats"
                    yield Complaint((*path, place), f"{quoted(name)} does not exist: {id_} {has}")

    def _each(
        self, path: Path, ids: Iterable[str], sections: tuple[str, ...]
    ) -> Iterator[Complaint]:
        for place, id_ in enumerate(ids):
            yield from self._reference((*path, place), id_, sections)

    def _reference(
        self, path: Path, id_: str, sections: tuple[str, ...], more: Iterable[str] = ()
    ) -> Iterator[Complaint]:
        if any(self.knows(section, id_) for section in sections):
            return
        known = sorted({*more, *(k for s in sections for k in self._ids.get(s) or ())})
        wanted = " or ".join(_SINGULAR[section] for section in sections)
        there = (
            f"expected one of {', '.join(known[:_LISTED])}" if known else f"there is no {wanted}"
        )
        message = f"no {wanted} is called {quoted(id_)}: {there}"
        only = f"{ALL} is for channels; name each party, or a group of them"
        yield Complaint(path, message, only if id_ == ALL else did_you_mean(id_, known[:_COMPARED]))


# By section and depth, the keys whose values are the ids of something else.
_REFERENCES: dict[tuple[str | int, int], dict[str, tuple[str, ...]]] = {
    ("channels", 2): {"between": ("parties",), "from": ("parties",), "to": ("parties", "groups")},
    ("operations", 2): {"party": ("parties",)},
    ("zones", 2): {"covers": ("operations",), "party": ("parties",)},
    ("zones", 4): {"to": ("parties", "groups"), "via": ("channels",)},
    ("flights", 2): {"party": ("parties",)},
    ("sites", 2): {"party": ("parties",)},
    ("traffic", 2): {"party": ("parties",)},
}
_SINGULAR = {
    "parties": "party",
    "groups": "group",
    "channels": "channel",
    "operations": "operation",
    "flights": "flight",
}


def _clash_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of a group that could be taken for a party, or for all of them."""
    for id_ in scenario.groups:
        if id_ in scenario.parties:
            yield Complaint(
                ("groups", id_), f"{quoted(id_)} is a party as well", "rename the group"
            )
    if TRUTH in scenario.parties:
        yield Complaint(
            ("parties", TRUTH), f"{quoted(TRUTH)} is what really happened", "choose another id"
        )
    for id_ in scenario.traffic:
        if id_ in scenario.flights:
            yield Complaint(("traffic", id_), f"{quoted(id_)} is a flight as well", "rename one")
    for section, entries in (("parties", scenario.parties), ("groups", scenario.groups)):
        if ALL in entries:
            yield Complaint((section, ALL), f"{quoted(ALL)} means every party", "choose another id")


def _zone_complaints(id_: str, zone: schema.Zone) -> Iterator[Complaint]:
    """Complain of a zone that is neither an operation's nor one in its own right."""
    here: Path = ("zones", id_)
    if zone.covers is not None and zone.party is not None:
        yield Complaint(
            (*here, "party"),
            "a zone that covers an operation is its party's: expected either covers or party",
        )
    if zone.covers is None:
        lacking = [key for key in _OWN if getattr(zone, key) is None]
        if lacking == list(_OWN):
            yield Complaint(here, f"expected either covers, or {', '.join(_OWN)}")
        elif lacking:
            yield Complaint(here, f"a zone that covers no operation needs {' and '.join(lacking)}")
        for below in _of_operations(zone):
            yield Complaint((*here, *below), _ONLY_COVERS)
    yield from _objection_complaints(here, zone)
    if zone.vertical is not None and zone.altitude is None:
        yield Complaint(
            (*here, "vertical"), "this settles nothing: the zone has no altitude of its own"
        )


def _of_operations(zone: schema.Zone) -> Iterator[Path]:
    """Give the paths of what only a zone has that covers an operation."""
    if zone.area and zone.area.coarsens:
        yield ("area", zone.area.coarsens)
    if zone.window and zone.window.pad is not None:
        yield ("window", "pad")
    if zone.window and zone.window.estimated:
        yield ("window", "estimated")
    for key in type(zone.amend).model_fields:
        if getattr(zone.amend, key) is not None:
            yield ("amend", key)


def _objection_complaints(here: Path, zone: schema.Zone) -> Iterator[Complaint]:
    """Complain of a zone that is to shrink and cannot, or by more than it can."""
    if zone.objections is None or zone.objections.shrink is None:
        return
    path = (*here, "objections", "shrink")
    spare = None if zone.area is None else zone.area.spare_m
    if spare is None:
        yield Complaint(
            path,
            "only a zone with a buffer, a bounding_circle, a circle or a corridor can shrink",
            "give it such an area, or let it shift",
        )
    elif zone.objections.shrink * zone.objections.most > spare:
        yield Complaint(
            path, f"this is too much: in all its objections the zone can shrink by {spare:,.0f} m"
        )


_ONLY_COVERS = "this needs an operation that the zone covers, and there is none"


def _unit_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of a unit that would belong to two parties."""
    owners: dict[str, str] = {}
    for id_, flight in scenario.flights.items():
        if flight.unit is None and flight.repeat is None:
            owners[id_] = flight.party
    for id_, site in scenario.sites.items():
        owner = owners.setdefault(id_, site.party)
        if owner != site.party:
            yield Complaint(
                ("sites", id_),
                f"a flight of {owner} has this id, and the site's people are a unit of "
                f"{site.party}",
                "rename one",
            )
    for section, moving, what in (
        ("flights", scenario.flights, "flight"),
        ("traffic", scenario.traffic, "stream"),
    ):
        for id_, one in moving.items():
            if one.unit is None:
                continue
            owner = owners.setdefault(one.unit, one.party)
            if owner != one.party:
                yield Complaint(
                    (section, id_, "unit"),
                    f"the unit {quoted(one.unit)} belongs to {owner} already, "
                    f"and this {what} to {one.party}",
                )


def responses(scenario: schema.Scenario) -> Iterator[tuple[Path, people.Response]]:
    """Give each response that the scenario gives, a party's or a unit's, and where it stands."""
    for id_, party in scenario.parties.items():
        yield ("parties", id_, "response"), party.response
        for unit, spec in party.units.items():
            yield ("parties", id_, "units", unit, "response"), spec.response


def _response_complaints(scenario: schema.Scenario, names: _Names) -> Iterator[Complaint]:
    """Complain of responses of units that no flight belongs to, and of notices to oneself."""
    units: dict[str, set[str]] = {}
    for section in (scenario.flights, scenario.traffic):
        for id_, flight in section.items():
            units.setdefault(flight.party, set()).add(flight.unit or id_)
    for id_, site in scenario.sites.items():
        units.setdefault(site.party, set()).add(id_)
    for id_, party in scenario.parties.items():
        own = units.get(id_, set())
        for unit in [] if names.some_flight_is_broken else sorted(party.units.keys() - own):
            listed = f"expected one of {', '.join(sorted(own)[:_LISTED])}" if own else "it has none"
            yield Complaint(
                ("parties", id_, "units", unit),
                f"no flight of {id_} belongs to a unit {quoted(unit)}: {listed}",
                did_you_mean(unit, sorted(own)[:_COMPARED]),
            )
    for path, response in responses(scenario):
        if path[1] in response.comply.from_:
            yield Complaint(
                (*path, "comply", "from", path[1]), f"{path[1]} sends no notices to itself"
            )
