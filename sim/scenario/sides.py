"""From the files beside a scenario to its zones and tracks, and what could not be read of them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError, InputError, did_you_mean, quoted, some_of
from sim.formats.reading import guess, read
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.scenario.bulk import FROM
from sim.scenario.flights import Flight, SideTrack
from sim.scenario.published import Ids, Piece, dated, is_within, pieces
from sim.scenario.sidefiles import Sides, SideZone
from sim.scenario.tree import Complaint
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sim.geometry.track import Track
    from sim.scenario.bulk import FlightFile, ZoneFile
    from sim.scenario.schema import Scenario
    from sim.scenario.sidefiles import SideFiles
    from sim.scenario.tree import Path

_KEPT = 8  # files, as they were read
_SHOWN = 3  # problems of one file
_LISTED = 12  # names that a message lists
_COMPARED = 500  # names that are looked through for a near one


class _ZoneTable(NamedTuple):
    """What a file of zones holds: how many, their pieces within a time, and problems."""

    zones: int
    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]


class _TrackTable(NamedTuple):
    """What a file of tracks holds."""

    tracks: dict[str, Track]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=_KEPT)
def _zone_table(content: bytes, form: str | None, start: float, end: float) -> _ZoneTable:
    reading = read(content, form=form or _zone_format(content), between=(start, end))
    zones = [one for one in reading.found if isinstance(one, Zone)]
    published, undated = dated(zones)
    problems = [one for one in reading.found if isinstance(one, Problem)]
    return _ZoneTable(len(published), tuple(pieces(published, (start, end))), (*problems, *undated))


def _zone_format(content: bytes) -> str:
    found = guess(content)
    if found == "tracks":
        raise FormatError("expected zones, found a table of positions")
    return found


@lru_cache(maxsize=_KEPT)
def _track_table(content: bytes) -> _TrackTable:
    found = guess(content)
    if found != "tracks":
        raise FormatError(f"expected a table of positions, found {found}")
    reading = read(content, form=found)
    return _TrackTable(
        {one.id: one.track for one in reading.found if isinstance(one, FlownTrack)},
        tuple(one for one in reading.found if isinstance(one, Problem)),
    )


def read_sides(
    scenario: Scenario, files: SideFiles, inline: Mapping[str, Collection[str]]
) -> tuple[Sides, list[Complaint]]:
    """Read what a scenario takes from files.

    Parameters
    ----------
    scenario
        As far as it could be typed.
    files
        The files that it names.
    inline
        The ids of the zones and flights that stand in the scenario itself, by section.

    Returns
    -------
    Sides
        What could be read.
    list of Complaint
        What is wrong with the files, or with what the scenario says of them.
    """
    reading = _Reading(scenario, files)
    zones = tuple(reading.zones(inline["zones"]))
    tracks = dict(reading.tracks())
    flights = {}
    for id_, flight, track in reading.flights(inline["flights"]):
        flights[id_], tracks[id_] = flight, track
    digests = {name: files.digest(name) for name in reading.names}
    sides = Sides(files, digests, zones, flights, tracks, tuple(reading.told()))
    return sides, reading.complaints


class _Reading:
    """Files on their way into a scenario; what is wrong with one is complained of once."""

    def __init__(self, scenario: Scenario, files: SideFiles) -> None:
        self.complaints: list[Complaint] = []
        self.names: dict[str, None] = {}
        self._scenario = scenario
        self._files = files
        self._within = scenario.start_unix, _end_unix(scenario)
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._idle: dict[str, str] = {}
        self._bad: set[str] = set()

    def zones(self, inline: Collection[str]) -> Iterator[SideZone]:
        """Give the zones of all files that are active in time, under ids of their own."""
        ids = Ids()
        for place, spec in enumerate(self._scenario.zone_files):
            here: Path = ("zones", FROM, place)
            table = self._zone_table(here, spec)
            parties = self._parties(here, spec, table)
            for piece, party in zip(table.pieces, parties, strict=False):
                id_ = ids.take(piece.name)
                if id_ in inline:
                    there = self._files.path(spec.file)
                    message = f"{there} has a zone of this id, too"
                    self._complain(("zones", id_), message, "rename this one", of_key=True)
                yield SideZone(id_, party, piece.volume, piece.issued, place)

    def tracks(self) -> Iterator[tuple[str, Track]]:
        """Give the track of each flight that has one, by the flight's id."""
        used: Counter[str] = Counter()
        away: Counter[str] = Counter()
        for id_, flight in self._scenario.flights.items():
            spec = flight.track
            track = None if spec is None else self._track(("flights", id_, "track"), spec)
            if spec is None or track is None:
                continue
            yield id_, track
            used[spec.file] += 1
            if flight.departs is None and flight.repeat is None:
                away[spec.file] += not is_within(track, self._within)
        for name, count in away.items():
            if count:
                of = f"{count} of its {used[name]} tracks" if used[name] > 1 else "its track"
                verb = "lies" if count == 1 else "lie"
                self._idle[name] = f"{of} that flights here follow {verb} outside"

    def flights(self, inline: Collection[str]) -> Iterator[tuple[str, Flight, Track]]:
        """Give the tracks of whole tables that lie in time, as flights of ids of their own."""
        ids = Ids()
        for place, spec in enumerate(self._scenario.flight_files):
            here: Path = ("flights", FROM, place)
            tracks = self._track_table((*here, "file"), spec.file)
            party = self._owner(here, spec)
            if not tracks or party is None:
                continue
            within = {
                name: track for name, track in tracks.items() if is_within(track, self._within)
            }
            if away := len(tracks) - len(within):
                of = f"{away} of its {len(tracks)} tracks {'lies' if away == 1 else 'lie'}"
                self._idle[spec.file] = f"{of} outside"
            for name, track in within.items():
                id_ = ids.take(name)
                if id_ in inline:
                    there = self._files.path(spec.file)
                    message = f"{there} has a track of this id, too"
                    self._complain(("flights", id_), message, "rename this one", of_key=True)
                    continue
                side = SideTrack.model_construct(file=spec.file, id=name)
                yield id_, Flight.model_construct(party=party, tags=spec.tags, track=side), track

    def _owner(self, here: Path, spec: FlightFile) -> str | None:
        """Give whose the tracks of a table are, if there is that party; complain if none is said.

        That there is none of a name is for others to complain of.
        """
        known = [*self._scenario.parties]
        if spec.party is not None:
            return spec.party if spec.party in known else None
        if len(known) == 1:
            return known[0]
        message = f"nothing says whose the tracks of {self._files.path(spec.file)} are"
        self._complain(here, message, f"write {{file: {spec.file}, party: {known[0]}}}, say")
        return None

    def told(self) -> Iterator[str]:
        """Tell of what could not be read, and of what lies outside the scenario's time."""
        time = " to ".join(map(show_instant, self._within))
        for name in self.names:
            path = self._files.path(name)
            if name in self._idle:
                yield f"{path}: {self._idle[name]} the scenario's time, {time}"
            yield from summary(path, self._problems.get(name, ()))

    def _zone_table(self, here: Path, spec: ZoneFile) -> _ZoneTable:
        none = _ZoneTable(0, (), ())
        content = self._content((*here, "file"), spec.file)
        if content is None:
            return none
        path = self._files.path(spec.file)
        try:
            table = _zone_table(content, spec.format, *self._within)
        except FormatError as error:
            self._complain((*here, "file"), f"{path}: {error.message}", _by_format(error.hint))
            return none
        self._problems[spec.file] = table.problems
        if table.zones and not table.pieces:
            plural = "s is" if table.zones > 1 else " is"
            self._idle[spec.file] = f"none of its {table.zones} zone{plural} active within"
        return table

    def _parties(self, here: Path, spec: ZoneFile, table: _ZoneTable) -> Iterator[str]:
        """Give whose each piece is; complain of the first of nobody, or of an unknown party."""
        known = [*self._scenario.parties]
        path = self._files.path(spec.file)
        for piece in table.pieces:
            said = piece.zone.attributes.get("party")
            party = spec.party or said or (known[0] if len(known) == 1 else None)
            if party is None:
                self._complain(
                    here,
                    f"nothing says whose the zone {quoted(piece.zone.id)} of {path} is",
                    f"write {{file: {spec.file}, party: {known[0]}}}, say",
                )
                return
            if spec.party is None and party not in known:
                listed = ", ".join(known[:_LISTED])
                self._complain(
                    here,
                    f"{path}: the zone {quoted(piece.zone.id)} is of the party {quoted(party)},"
                    f" and none is called so: expected one of {listed}",
                    did_you_mean(party, known) or f"write {{file: {spec.file}, party: ...}}",
                )
                return
            yield party

    def _track(self, here: Path, spec: SideTrack) -> Track | None:
        tracks = self._track_table((*here, "file"), spec.file)
        if tracks is None:
            return None
        path, known = self._files.path(spec.file), [*tracks]
        if spec.id is None and len(known) == 1:
            return tracks[known[0]]
        if spec.id is not None and spec.id in tracks:
            return tracks[spec.id]
        listed = some_of(known, _LISTED)
        if spec.id is None:
            count = f"{len(known)} tracks" if known else "no track"
            hint = f"write {{file: {spec.file}, id: {known[0]}}}, say" if known else ""
            self._complain(here, f"{path} holds {count}: expected an id of one", hint)
        else:
            message = f"{path} has no track {quoted(spec.id)}"
            message += f": it has {listed}" if known else ", and no other"
            hint = did_you_mean(spec.id, known[:_COMPARED])
            self._complain((*here, "id"), message, hint)
        return None

    def _track_table(self, here: Path, name: str) -> dict[str, Track] | None:
        content = self._content(here, name)
        if content is None:
            return None
        try:
            table = _track_table(content)
        except FormatError as error:
            self._bad.add(name)
            self._complain(here, f"{self._files.path(name)}: {error.message}", error.hint)
            return None
        self._problems[name] = table.problems
        return table.tracks

    def _content(self, here: Path, name: str) -> bytes | None:
        if name in self._bad:
            return None
        try:
            content = self._files.content(name)
        except InputError as error:
            self._bad.add(name)
            self._complain(here, error.message, error.hint)
            return None
        self.names[name] = None
        return content

    def _complain(self, path: Path, message: str, hint: str = "", *, of_key: bool = False) -> None:
        self.complaints.append(Complaint(path, message, hint, of_key))


def _by_format(hint: str) -> str:
    """Name the key in place of the option of the same meaning."""
    return hint.replace("--from", "format")


def _end_unix(scenario: Scenario) -> float:
    return scenario.start_unix + scenario.end.since(scenario.start_unix)


def summary(path: str, problems: Iterable[Problem]) -> Iterator[str]:
    """Tell of problems with a file in a few lines: how many, and the first of each kind."""
    found = list(problems)
    if not found:
        return
    kinds: dict[str, list[Problem]] = {}
    for problem in found:
        kinds.setdefault(problem.message, []).append(problem)
    yield f"{path}: {len(found)} problem{'s' * (len(found) > 1)}"
    for alike in [*kinds.values()][:_SHOWN]:
        more = f" (and so {len(alike) - 1} more)" if len(alike) > 1 else ""
        yield f"{path}: {alike[0]}{more}"
    if len(kinds) > _SHOWN:
        yield f"{path}: others are listed by keepout import"
