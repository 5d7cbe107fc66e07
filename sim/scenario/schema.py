"""The typed, frozen scenario: what a user may write, with every value in SI.

Quantities are numbers in metres, seconds and metres per second by the time they stand
here; what may be random is a :class:`~sim.distributions.Distribution`. Defaults are
modelling choices; the presets of channels stand in :mod:`sim.scenario.presets`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    model_validator,
)

from sim.display import card, instant_text
from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.bulk import FlightFile, ZoneFile
from sim.scenario.channels import Channel
from sim.scenario.flights import Flight
from sim.scenario.notices import Notice, Objections
from sim.scenario.parts import Area, Frozen, Vertical, Window, ask_one
from sim.scenario.people import Party
from sim.scenario.sidefiles import Sides

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self


class Offset(Frozen):
    """A deliberate displacement of what a zone declares."""

    by: f.Length = Field(description="How far.")
    bearing: f.Bearing = Field(description="Towards where, clockwise from true north.")


class ZoneArea(Area):
    """A footprint of its own, or the covered operation's made coarser, and perhaps displaced."""

    buffer: f.Length | None = Field(
        None, description="The operation's area grown by so much. Only with covers."
    )
    bounding_circle: f.Length | None = Field(
        None,
        description="A circle around the operation's area, grown by so much. Only with covers.",
    )
    grid: f.Angle | None = Field(
        None,
        description="All cells of so many degrees or minutes of arc that the area meets, counted"
        " from 0N 0E: those of 30' are cells of GARS, of 15' its quadrants, of 5' its keypads."
        " Only with covers.",
    )

    offset: Offset | None = Field(
        None,
        description="What buffer, bounding_circle or grid gives is moved, so that the operation's"
        " centre cannot be read off it. Where it no longer holds the operation, that is a gap.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "circle", "polygon", "corridor", *COARSER)
        if self.offset is not None and self.coarsens is None:
            raise InputError(
                f"only what is made coarser is displaced: expected beside {_OR_COARSER}",
                at=("offset",),
                hint="write the area where it is to be",
            )
        return self

    @property
    def coarsens(self) -> str | None:
        """By what key it makes the covered operation's area coarser, if by any."""
        return next((key for key in COARSER if getattr(self, key) is not None), None)

    @property
    def spare_m(self) -> float | None:
        """By how much it can shrink, m; None for what cannot."""
        if self.circle is not None:
            return self.circle.radius - _LEAST_M
        if self.corridor is not None:
            return self.corridor.width / 2.0 - _LEAST_M
        return self.buffer if self.buffer is not None else self.bounding_circle


_LEAST_M = 1.0  # what is left, at least, of a circle or half a corridor that shrinks
COARSER = ("buffer", "bounding_circle", "grid")
_OR_COARSER = f"{', '.join(COARSER[:-1])} or {COARSER[-1]}"


class Padding(Frozen):
    """How much a zone's window is wider than its operation's, also written as one duration."""

    before: f.Duration = Field(description="How much earlier the zone begins.")
    after: f.Duration = Field(description="How much later the zone ends.")


def _as_padding(value: Any) -> Any:
    return {"before": value, "after": value} if isinstance(value, str) else value


class ZoneWindow(Frozen):
    """A time window of its own, or the covered operation's with a padding.

    ``round`` widens either to full steps of UTC.
    """

    pad: (
        Annotated[
            Padding, BeforeValidator(_as_padding, json_schema_input_type=Padding | f.Duration)
        ]
        | None
    ) = Field(None, description="Only with covers.")
    start: f.Instant | None = Field(None, description="When the zone begins.")
    end: f.Instant | None = Field(None, description="When it ends; or duration.")
    duration: f.Span | None = Field(None, description="How long it lasts; or end.")
    round: f.Span | None = Field(None, description="Begin and end at full steps of so much, UTC.")
    estimated: f.Flag = Field(
        False,
        description="Whether the end is an estimate (EST): the zone then stays in force until"
        " a new version ends it. Only with covers.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.pad is None and self.start is not None:
            ask_one(self, "end", "duration", before="start with ")
        elif self.pad is None or (self.start, self.end, self.duration) != (None, None, None):
            raise InputError("expected either pad, or start with end or duration")
        return self


class Move(Frozen):
    """How an operation may take place elsewhere than planned."""

    by: f.RandomLength = Field(description="How far it is moved.")
    bearing: f.RandomAngle = Field(description="Towards where, clockwise from true north.")
    probability: f.RandomProbability = Field(Fixed(1.0), description="That it is moved at all.")
    decided: f.Duration = Field(
        0.0,
        description="So long before the planned start its party decides; at the latest, as it"
        " begins.",
    )


class Operation(Frozen):
    """What a party really does: the true volume, and how it may turn out otherwise."""

    party: f.Id = Field(description="Whose operation it is.")
    area: Area = Field(description="Where it is.")
    altitude: f.AltitudeBand = Field(description="Its lower and upper limit.")
    window: Window = Field(description="When it is, as planned.")
    slip: f.RandomShift = Field(
        Fixed(0.0), description="How much later it begins and ends than planned."
    )
    overrun: f.RandomDuration = Field(Fixed(0.0), description="How much longer it lasts.")
    cancel: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that it does not take place."
    )
    moved: Move | None = Field(
        None, description="It takes place elsewhere; what was planned and declared stays there."
    )


class OverrunAmendment(Frozen):
    """A new version when the covered operation overruns."""

    extend: f.Extension = Field(
        description="How much later each new version ends, 1 min or more. One is issued when the"
        " operation is still under way at its planned end, and at each extension of that end,"
        " whatever the zone's padding."
    )
    delay: f.RandomDuration = Field(
        Fixed(0.0), description="From that end until the sender says so, for each version anew."
    )


class SlipAmendment(Frozen):
    """A new version when the covered operation has not begun."""

    by: f.Extension = Field(
        description="How much later each new version begins and ends, 1 min or more. One is issued"
        " when the operation has not begun at the start last said, and so on."
    )
    delay: f.RandomDuration = Field(
        Fixed(0.0), description="From that start until the sender says so, for each version anew."
    )


class CancelAmendment(Frozen):
    """A last version, which cancels the zone with its operation."""

    delay: f.RandomDuration = Field(
        Fixed(0.0), description="From the cancellation until the sender says so."
    )


class EndAmendment(Frozen):
    """A last version, which lifts the zone once its operation is over."""

    delay: f.RandomDuration = Field(
        Fixed(0.0), description="From the operation's end until the sender says so."
    )


class MoveAmendment(Frozen):
    """A new version when the covered operation is moved: the declared area, moved likewise."""

    delay: f.RandomDuration = Field(
        Fixed(0.0), description="From the decision to move it until the sender says so."
    )


class Amendments(Frozen):
    """What makes a declarer issue a new version."""

    overrun: OverrunAmendment | None = Field(
        None, description="When the covered operation goes on for longer."
    )
    slip: SlipAmendment | None = Field(None, description="When the covered operation begins later.")
    cancel: CancelAmendment | None = Field(
        None, description="When the covered operation does not take place."
    )
    move: MoveAmendment | None = Field(None, description="When the covered operation is moved.")
    end: EndAmendment | None = Field(None, description="When the covered operation is over.")


class Zone(Frozen):
    """An exclusion zone: an operation made coarser, or one in its own right."""

    covers: f.Id | None = Field(
        None, description="The operation; or party, area, altitude and window."
    )
    party: f.Id | None = Field(None, description="Who declares it, where it covers none.")
    area: ZoneArea | None = Field(
        None,
        description="A footprint, or how much coarser than the operation; without it, as that.",
    )
    altitude: f.AltitudeBand | None = Field(
        None, description="Lower and upper limit; without it, those of the operation."
    )
    window: ZoneWindow | None = Field(
        None, description="When it is active; without it, while the operation is planned."
    )
    vertical: Vertical | None = Field(None, description="Goes before the scenario's, key by key.")
    exempt: f.Exempt = Field((), description="Parties, flights and tags that it does not bind.")
    issued: f.Instant | None = Field(
        None, description="When it is declared; without it, when its first notice is drafted."
    )
    notices: dict[f.Id, Notice] = Field({}, description="Who is told of it, how and when, by id.")
    objections: Objections | None = Field(
        None, description="What is done when a receiver objects; without it, the zone is kept."
    )
    amend: Amendments = Field(
        Amendments.model_construct(), description="What new versions are issued for."
    )


class Site(Frozen):
    """A party's standing presence on the ground: a place or an area, and when people are there."""

    party: f.Id = Field(description="Whose people they are.")
    at: f.Place | None = Field(None, description="One place; or area.")
    area: Area | None = Field(None, description="Where they are; or at.")
    present: Window | None = Field(None, description="Without it, always.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "at", "area")
        return self


class End(Area):
    """Where movements come from or go to: an area, or one place, also written as it stands."""

    at: f.Place | None = Field(None, description="One place.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "at", "circle", "polygon", "corridor")
        return self


def _as_end(value: Any) -> Any:
    is_whole = isinstance(value, dict) and value.keys().isdisjoint({"lat", "lon"})
    return value if is_whole else {"at": value}


class Traffic(Frozen):
    """A stream of movements, `id#1`, `id#2` and so on, drawn anew in every replication.

    Each is a flight with a straight planned track of its own. As no two replications
    have the same, they are no part of the overlaps of plans.
    """

    party: f.Id = Field(description="Whose movements they are.")
    unit: f.Id | None = Field(None, description="Without it, one of its own for each movement.")
    tags: f.Ids = Field((), description="Names by which zones may exempt them.")
    from_: Annotated[End, BeforeValidator(_as_end, json_schema_input_type=End | f.Place)] = Field(
        alias="from", description="Each begins at a place drawn from here."
    )
    to: Annotated[End, BeforeValidator(_as_end, json_schema_input_type=End | f.Place)] = Field(
        description="Each ends at a place drawn from here."
    )
    rate: f.Rate = Field(description="How many depart in a time, on average.")
    pattern: f.Pattern = Field(
        "poisson", description="Whether they depart at random or at even intervals."
    )
    speed: f.RandomSpeed = Field(description="Ground speed, for each movement anew.")
    altitude: f.Levels = Field(description="One limit, or several to choose from at random.")
    window: Window | None = Field(
        None, description="When they depart; without it, from the scenario's start to its end."
    )


class Minima(Frozen):
    """Separation minima: plans of different parties less than all of them apart are close."""

    lateral: f.Length = Field(0.0, description="Distance over ground.")
    vertical: f.Length = Field(0.0, description="Difference of altitude.")
    time: f.Duration = Field(0.0, description="Time between the one and the other.")


class Scenario(Frozen):
    """A keepout scenario."""

    keepout: f.Version = Field(description="The version of this format.")
    name: f.Text = Field(description="Shown at the top of reports.")
    about: f.Text = Field("", description="What the scenario shows, for readers.")
    sources: dict[str, f.Text] = Field({}, description="Where values come from, or assumed.")
    start: f.Start = Field(
        description="When the simulation begins; offsets such as +4 h count from here."
    )
    end: f.Instant = Field(description="When the simulation ends.")
    vertical: Vertical = Field(
        Vertical.model_construct(),
        description="What altitudes of different references are compared by.",
    )
    minima: Minima | None = Field(
        None, description="Separation minima; nearer plans are told of beside the overlaps."
    )
    parties: dict[f.Id, Party] = Field(
        min_length=1, description="Those who plan, tell, are told and fly, by id."
    )
    groups: dict[f.Id, f.Ids] = Field({}, description="Parties by a common name.")
    channels: dict[f.Id, Channel] = Field(
        {}, description="How notices travel between parties, by id."
    )
    operations: dict[f.Id, Operation] = Field(
        {}, description="What parties really do, and where, by id."
    )
    zones: dict[f.Id, Zone] = Field(
        {}, description="What parties declare for others to stay out of, by id."
    )
    flights: dict[f.Id, Flight] = Field({}, description="What moves through the air, by id.")
    sites: dict[f.Id, Site] = Field({}, description="Where people are on the ground, by id.")
    traffic: dict[f.Id, Traffic] = Field(
        {}, description="Streams of movements drawn at random, by id."
    )

    _document: dict[str, Any] = PrivateAttr(default_factory=dict)
    _zone_files: tuple[ZoneFile, ...] = PrivateAttr(())
    _flight_files: tuple[FlightFile, ...] = PrivateAttr(())
    _sides: Sides = PrivateAttr(default_factory=Sides)

    def _repr_html_(self) -> str:
        """Show in a notebook what it is of and what it has."""
        start = self.start_unix
        period = f"{instant_text(start)} to {instant_text(start + self.end.since(start))}"
        sections = ("parties", "channels", "operations", "zones", "flights", "sites", "traffic")
        held = [(name, [*getattr(self, name)]) for name in sections]
        held += [("zones of files", [zone.id for zone in self.sides.zones])]
        facts = [(name, f"{len(ids):,}: {', '.join(ids)}") for name, ids in held if ids]
        return card(self.name, [("about", self.about), ("period", period), *facts])

    @property
    def zone_files(self) -> tuple[ZoneFile, ...]:
        """The files of zones that stand beside the scenario."""
        return self._zone_files

    @property
    def flight_files(self) -> tuple[FlightFile, ...]:
        """The tables of positions that flights are from; these are among ``flights``."""
        return self._flight_files

    @property
    def sides(self) -> Sides:
        """What the files beside the scenario give it."""
        return self._sides

    @property
    def document(self) -> dict[str, Any]:
        """The plain tree of mappings, lists and texts that the scenario was read from."""
        return self._document

    @property
    def start_unix(self) -> float:
        """The start in Unix time, s."""
        return self.start.seconds

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """Give a scenario with values replaced, checked anew.

        Parameters
        ----------
        changes
            New values by path: the keys from the top joined by dots, items of a list by
            their number from 0. A value is a text as in a file, a number, or a tree of them.

        Raises
        ------
        ScenarioError
            If a path leads nowhere, or the scenario has faults with the new values.

        Examples
        --------
        >>> later = scenario.replace({"zones.raid-area.notices.first.lead": "30 min"})
        """
        from sim.scenario.paths import replaced  # noqa: PLC0415 - the modules need each other
        from sim.scenario.reader import build  # noqa: PLC0415

        return build(replaced(self._document, changes), self.sides.files)
