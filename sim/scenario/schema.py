"""The typed, frozen scenario: what a user may write, with every value in SI.

Quantities are numbers in metres, seconds and metres per second by the time they stand
here; what may be random is a :class:`~sim.distributions.Distribution`. Defaults are
modelling choices; the presets of channels stand in :mod:`sim.scenario.presets`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WrapValidator,
    model_validator,
)

from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.presets import completed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self


# A constraint of ASTM F3548 has at most 1,000 vertices; finer outlines belong in side files.
_MOST_POINTS = 2000
_MOST_HOLES = 100


class Frozen(BaseModel):
    """A part of a scenario; it never changes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )


class Relay(Frozen):
    """What a desk leaves out of what it is to pass on to others."""

    omits: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that it does not pass a notice on."
    )
    omits_to: f.Ids = Field((), description="Parties to whom it passes nothing on.")


class Desk(Frozen):
    """The staffed point that receives, interprets and disseminates for a party."""

    officers: f.Count = Field(1, description="How many can handle notices at the same time.")
    handling: f.RandomDuration = Field(
        Fixed(0.0), description="Time to read, interpret and log a notice."
    )
    dissemination: f.RandomDuration = Field(
        Fixed(0.0), description="Time from handled to known at a unit, for each unit anew."
    )
    hours: f.Hours = Field((), description="Daily hours in UTC; without them, always.")
    relay: Relay = Relay.model_construct()


class ShortNotice(Frozen):
    """By what factor a unit heeds notices less that come late."""

    lead: f.Span = Field(description="Less than this is left to the told window's start.")
    factor: f.Share


class Weariness(Frozen):
    """By what factor a unit heeds notices less once it has had many."""

    count: f.Count = Field(description="It had so many before, or more.")
    factor: f.Share


class Compliance(Frozen):
    """Whether a unit heeds a notice; also written as a bare probability."""

    base: f.RandomProbability = Field(Fixed(1.0), description="Probability of heeding a notice.")
    from_: dict[f.Id, f.RandomProbability] = Field(
        {}, alias="from", description="Instead of base, for the notices of a party."
    )
    lead_under: tuple[ShortNotice, ...] = Field(
        (), description="Of several the one with the shortest lead that is not reached counts."
    )
    after_notices: tuple[Weariness, ...] = Field(
        (), description="Of several the one with the largest count that is reached counts."
    )

    @model_validator(mode="after")
    def _is_plain(self) -> Self:
        leads = [step.lead for step in self.lead_under]
        counts: list[float] = [step.count for step in self.after_notices]
        for key, limits in (("lead_under", leads), ("after_notices", counts)):
            for place, limit in enumerate(limits):
                if limit in limits[:place]:
                    raise InputError("this gives a second factor for the same", at=(key, place))
        return self


def _compliance(value: Any, read: Callable[[Any], Compliance]) -> Compliance:
    """Take a bare probability as it stands, and all that cannot be one as what depends."""
    depends = isinstance(value, dict) and (
        len(value) != 1 or not {"base", "from", "lead_under", "after_notices"}.isdisjoint(value)
    )
    return read(value) if depends else Compliance.model_construct(base=f.chance(value))


class Response(Frozen):
    """What a party's units do once they are told to stay out."""

    comply: Annotated[
        Compliance,
        WrapValidator(_compliance, json_schema_input_type=Compliance | f.RandomProbability),
    ] = Field(
        Compliance.model_construct(),
        description="Whether a unit heeds a notice: a probability, and what it depends on.",
    )
    reaction: f.RandomDuration = Field(
        Fixed(0.0), description="Time from told to acting, for each unit anew."
    )
    margin: f.Length = Field(0.0, description="Distance kept from a told zone.")
    actions: f.Actions = Field(
        ("delay", "reroute", "divert", "cancel"),
        description="What its flights may do, in order of preference.",
    )
    max_delay: f.Duration | None = Field(None, description="Longest delay; without it, any.")
    max_detour: f.Length | None = Field(None, description="Longest detour; without it, any.")
    max_hold: f.Duration | None = Field(
        None, description="Longest wait in the air, in all; without it, any."
    )
    time_margin: f.Duration = Field(
        0.0, description="Time kept before and after a told window, where it can be."
    )
    vertical_margin: f.Length = Field(
        304.8, description="Height kept above or below a told zone by a climb or descent."
    )
    climb_rate: f.Speed = Field(7.62, description="Vertical speed of a climb or descent.")
    ceiling: f.AltitudeLimit | None = Field(None, description="No climb goes above it.")
    floor: f.AltitudeLimit | None = Field(
        None, description="No descent goes below it, nor below the ground, or sea level."
    )


class Unit(Frozen):
    """One of a party's units, where it is not like the others."""

    response: Response = Field(
        Response.model_construct(), description="Goes before the party's, key by key."
    )


class Party(Frozen):
    """A state, coalition, agency, operator or service."""

    name: f.Text = Field("", description="Shown in reports; without it, the id.")
    desk: Desk = Desk.model_construct()
    response: Response = Response.model_construct()
    observes: f.RandomProbability = Field(
        Fixed(1.0), description="Probability that it sees a flight that is inside its zone."
    )
    units: dict[f.Id, Unit] = Field(
        {}, description="Units with a response of their own, by the name that flights give them."
    )

    def response_of(self, unit: str) -> Response:
        """Give a unit's response: its own, and for the rest the party's.

        The units of a repeated flight, `patrol#1` and so on, go by `patrol`.
        """
        own = self.units.get(unit) or self.units.get(unit.partition("#")[0])
        if own is None:
            return self.response
        given = {key: getattr(own.response, key) for key in own.response.model_fields_set}
        return self.response.model_copy(update=given)


class Answer(Frozen):
    """Whether and when somebody competent answers a call."""

    probability: f.RandomProbability
    wait: f.RandomDuration = Field(description="Time until somebody answers, if anybody does.")
    patience: f.Duration = Field(description="The caller hangs up after so long.")


class Garble(Frozen):
    """A notice that arrives wrong: its area moved, its times or its altitudes shifted."""

    probability: f.RandomProbability
    offset: f.RandomLength = Field(description="How far the area is moved.")
    bearing: f.RandomAngle = Field(description="From true north, clockwise.")
    time: f.RandomShift = Field(Fixed(0.0), description="How much later the window is told.")
    altitude: f.RandomHeight = Field(Fixed(0.0), description="How much higher the band is told.")


class Retry(Frozen):
    """When a sender tries again, and how often."""

    after: f.RandomDuration = Field(description="Counted from the end of the failed attempt.")
    attempts: f.Count = Field(description="In total, the first included.")


class Window(Frozen):
    """A time window, half-open: a start with either an end or a duration."""

    start: f.Instant
    end: f.Instant | None = None
    duration: f.Span | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "end", "duration", before="start with ")
        return self


class Acknowledgement(Frozen):
    """How a sender learns that a notice was handled; also written as a bare time."""

    after: f.RandomDuration = Field(
        Fixed(0.0), description="Time from handled to known at the sender."
    )
    loss: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that the sender is never told."
    )


def _as_acknowledgement(value: Any) -> Any:
    is_whole = isinstance(value, dict) and not value.keys().isdisjoint({"after", "loss"})
    return value if is_whole else {"after": value}


class Failures(Frozen):
    """Breakdowns at random, and their repair."""

    after: f.RandomDuration = Field(description="Time from working to failing.")
    repair: f.RandomDuration = Field(description="Time from failing to working.")


class Bursts(Frozen):
    """Spells in which a datalink loses more."""

    every: f.RandomDuration = Field(description="Time from one spell to the next.")
    lasting: f.RandomDuration
    loss: f.RandomProbability = Field(description="Probability of loss during a spell.")


class Channel(Frozen):
    """How notices travel; what is not given comes from the medium's preset."""

    medium: f.Medium
    between: f.Pair | None = Field(None, description="Two parties: two-way, shared lines.")
    from_: f.Id | None = Field(None, alias="from", description="The one party that sends.")
    to: f.Ids | None = Field(None, description="Parties or groups that receive, or all.")
    lines: f.Count | None = Field(None, description="How many calls at the same time.")
    waiting: f.Number | None = Field(
        None, description="How many calls may wait for a line; without it, any number."
    )
    answer: Answer | None = None
    transfer: f.RandomDuration = Field(
        description="Time to pass a notice once connected, to publish it, or to transmit it."
    )
    per_corner: f.RandomDuration = Field(
        Fixed(0.0), description="So much longer for each corner of the area told."
    )
    loss: f.RandomProbability = Field(description="It breaks off, or is lost on the way.")
    garble: Garble
    read_back: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that reading back catches a wrong position."
    )
    acknowledgement: Annotated[
        Acknowledgement,
        BeforeValidator(
            _as_acknowledgement, json_schema_input_type=Acknowledgement | f.RandomDuration
        ),
    ]
    retry: Retry
    poll: f.Span | None = Field(None, description="How often each reader looks.")
    unread: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that a reader never reads a publication."
    )
    bursts: Bursts | None = None
    duplicate: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that a message arrives twice."
    )
    outages: tuple[Window, ...] = Field((), description="Windows in which it does not work.")
    failures: Failures | None = None

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, value: Any) -> Any:
        return completed(value) if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _has_ends(self) -> Self:
        directed = (self.from_ is not None, self.to is not None)
        if directed not in {(True, True), (False, False)} or any(directed) == bool(self.between):
            raise InputError("expected either between: [a, b], or both from and to")
        return self


class Circle(Frozen):
    """All places within a distance of a centre."""

    center: f.Place
    radius: f.Size


class Polygon(Frozen):
    """A ring of positions, also written as a bare list; holes are rings within it."""

    points: tuple[f.Place, ...] = Field(min_length=3, max_length=_MOST_POINTS)
    holes: tuple[
        Annotated[tuple[f.Place, ...], Field(min_length=3, max_length=_MOST_POINTS)], ...
    ] = Field((), max_length=_MOST_HOLES)
    edges: f.Edges = Field("geodesic", description="What runs between two points.")


class Corridor(Frozen):
    """All places within half a width of a route."""

    route: tuple[f.Place, ...] = Field(min_length=2, max_length=_MOST_POINTS)
    width: f.Size = Field(description="Full width, half to each side.")
    edges: f.Edges = Field("geodesic", description="What runs between two points.")


def _as_polygon(value: Any) -> Any:
    return {"points": value} if isinstance(value, list) else value


class Area(Frozen):
    """A footprint on the ground: exactly one of its keys."""

    circle: Circle | None = None
    polygon: (
        Annotated[
            Polygon, BeforeValidator(_as_polygon, json_schema_input_type=Polygon | list[f.Place])
        ]
        | None
    ) = None
    corridor: Corridor | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "circle", "polygon", "corridor")
        return self


class ZoneArea(Area):
    """A footprint of its own, or the covered operation's made coarser."""

    buffer: f.Length | None = Field(
        None, description="The operation's area grown by so much. Only with covers."
    )
    bounding_circle: f.Length | None = Field(
        None,
        description="A circle around the operation's area, grown by so much. Only with covers.",
    )
    grid: f.Angle | None = Field(
        None, description="All cells of so many degrees that the area meets. Only with covers."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "circle", "polygon", "corridor", *COARSER)
        return self

    @property
    def coarsens(self) -> str | None:
        """By what key it makes the covered operation's area coarser, if by any."""
        return next((key for key in COARSER if getattr(self, key) is not None), None)


COARSER = ("buffer", "bounding_circle", "grid")


class Padding(Frozen):
    """How much a zone's window is wider than its operation's, also written as one duration."""

    before: f.Duration
    after: f.Duration


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
    start: f.Instant | None = None
    end: f.Instant | None = None
    duration: f.Span | None = None
    round: f.Span | None = Field(None, description="Begin and end at full steps of so much, UTC.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.pad is None and self.start is not None:
            _ask_one(self, "end", "duration", before="start with ")
        elif self.pad is None or (self.start, self.end, self.duration) != (None, None, None):
            raise InputError("expected either pad, or start with end or duration")
        return self


class Vertical(Frozen):
    """What is needed to compare altitudes of different references."""

    terrain: f.Height | None = Field(None, description="Elevation of the ground above MSL.")
    geoid: f.Height | None = Field(None, description="Height of MSL above the ellipsoid.")
    qnh: f.Pressure | None = Field(None, description="Pressure at MSL, or standard.")


class Operation(Frozen):
    """What a party really does: the true volume, and how it may turn out otherwise."""

    party: f.Id
    area: Area
    altitude: f.AltitudeBand
    window: Window
    slip: f.RandomShift = Field(
        Fixed(0.0), description="How much later it begins and ends than planned."
    )
    overrun: f.RandomDuration = Field(Fixed(0.0), description="How much longer it lasts.")
    cancel: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that it does not take place."
    )


class Notice(Frozen):
    """Who is told of a zone, by which channel, and when."""

    to: f.Ids = Field(description="Parties or groups.")
    via: f.Ids = Field(description="A channel; or channel, relaying party, channel and so on.")
    priority: f.Priority = Field("routine", description="What is urgent overtakes.")
    lead: f.RandomShift | None = Field(
        None, description="Drafted so long before the declared zone's start."
    )
    at: f.Instant | None = Field(None, description="Drafted at this time.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "lead", "at")
        return self


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


class Amendments(Frozen):
    """What makes a declarer issue a new version."""

    overrun: OverrunAmendment | None = None
    slip: SlipAmendment | None = None
    cancel: CancelAmendment | None = None


class Zone(Frozen):
    """An exclusion zone: an operation made coarser, or one in its own right."""

    covers: f.Id | None = Field(
        None, description="The operation; or party, area, altitude and window."
    )
    party: f.Id | None = Field(None, description="Who declares it, where it covers none.")
    area: ZoneArea | None = None
    altitude: f.AltitudeBand | None = None
    window: ZoneWindow | None = None
    vertical: Vertical | None = Field(None, description="Goes before the scenario's, key by key.")
    exempt: f.Exempt = Field((), description="Parties, flights and tags that it does not bind.")
    issued: f.Instant | None = Field(
        None, description="When it is declared; without it, when its first notice is drafted."
    )
    notices: dict[f.Id, Notice] = {}
    amend: Amendments = Amendments.model_construct()


class Waypoint(Frozen):
    """A place on a route, also written as a bare position."""

    at: f.Place
    altitude: f.AltitudeLimit | None = None
    speed: f.Speed | None = Field(None, description="Ground speed from here on.")
    time: f.Duration | None = Field(None, description="Reached so long after departure.")


def _as_waypoint(value: Any) -> Any:
    return value if isinstance(value, dict) and "lat" not in value else {"at": value}


class Repeat(Frozen):
    """The same flight several times: `patrol#1`, `patrol#2` and so on."""

    every: f.Span
    count: f.Count
    jitter: f.RandomShift = Field(Fixed(0.0), description="Added to each departure.")


class Flight(Frozen):
    """One moving thing of a party, or several alike."""

    party: f.Id
    unit: f.Id | None = Field(None, description="Without it, one of its own.")
    tags: f.Ids = ()
    route: tuple[
        Annotated[
            Waypoint, BeforeValidator(_as_waypoint, json_schema_input_type=Waypoint | f.Place)
        ],
        ...,
    ] = Field(min_length=2)
    speed: f.RandomSpeed | None = Field(
        None, description="Ground speed, where no waypoint says otherwise."
    )
    altitude: f.AltitudeLimit | None = Field(None, description="Where no waypoint says otherwise.")
    departs: f.Instant
    repeat: Repeat | None = None
    alternate: f.Place | None = Field(
        None, description="Where it diverts to; without it, back to where it came from."
    )


class Site(Frozen):
    """A party's standing presence on the ground: a place or an area, and when people are there."""

    party: f.Id
    at: f.Place | None = None
    area: Area | None = None
    present: Window | None = Field(None, description="Without it, always.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "at", "area")
        return self


class End(Area):
    """Where movements come from or go to: an area, or one place, also written as it stands."""

    at: f.Place | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        _ask_one(self, "at", "circle", "polygon", "corridor")
        return self


def _as_end(value: Any) -> Any:
    is_whole = isinstance(value, dict) and value.keys().isdisjoint({"lat", "lon"})
    return value if is_whole else {"at": value}


class Traffic(Frozen):
    """A stream of movements, `id#1`, `id#2` and so on, drawn anew in every replication.

    Each is a flight with a straight planned track of its own. As no two replications
    have the same, they are no part of the overlaps of plans.
    """

    party: f.Id
    unit: f.Id | None = Field(None, description="Without it, one of its own for each movement.")
    tags: f.Ids = ()
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


class Scenario(Frozen):
    """A keepout scenario."""

    keepout: f.Version = Field(description="The version of this format.")
    name: f.Text
    about: f.Text = ""
    sources: dict[str, f.Text] = Field({}, description="Where values come from, or assumed.")
    start: f.Start
    end: f.Instant
    vertical: Vertical = Vertical.model_construct()
    parties: dict[f.Id, Party] = Field(min_length=1)
    groups: dict[f.Id, f.Ids] = Field({}, description="Parties by a common name.")
    channels: dict[f.Id, Channel] = {}
    operations: dict[f.Id, Operation] = {}
    zones: dict[f.Id, Zone] = {}
    flights: dict[f.Id, Flight] = {}
    sites: dict[f.Id, Site] = {}
    traffic: dict[f.Id, Traffic] = {}

    _document: dict[str, Any] = PrivateAttr(default_factory=dict)

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

        return build(replaced(self._document, changes))


def _ask_one(part: Frozen, *keys: str, before: str = "") -> None:
    given = [key for key in keys if getattr(part, key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise InputError(f"expected {before}exactly one of {', '.join(keys)}, found {found}")
