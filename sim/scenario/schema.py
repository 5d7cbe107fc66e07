"""The typed, frozen scenario: what a user may write, and its JSON Schema.

Quantities are SI numbers (metres, seconds, metres per second) by the time they
stand here; what may be random is a :class:`~sim.distributions.Distribution`.
Defaults are modelling choices; the medium presets stand in ``presets.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
)

from sim.distributions import Distribution, Fixed  # noqa: TC001
from sim.geometry.altitude import Limit  # noqa: TC001
from sim.units import Position, Time  # noqa: TC001

# CONTRACT ONLY, to be completed by its owner: the annotated scalar types
# Length (float m), Duration (float s), Speed (m/s), Probability (float 0..1), Instant (Time),
# Place (Position), AltitudeLimit (Limit), and their random forms RandomLength, RandomDuration,
# RandomSpeed, RandomProbability, RandomAngle (Distribution), Id, OneOrMany ids.


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Desk(Frozen):
    """The staffed point that receives, interprets and disseminates for a party."""

    officers: PositiveInt = 1
    handling: RandomDuration = Fixed(0.0)
    dissemination: RandomDuration = Fixed(0.0)


class Response(Frozen):
    """What a party's units do once they are told to stay out."""

    comply: RandomProbability = Fixed(1.0)
    reaction: RandomDuration = Fixed(0.0)
    margin: Length = 0.0                       # >= 0
    actions: tuple[Action, ...] = ("delay", "reroute", "divert", "cancel")   # in order of preference; unique
    max_delay: Duration | None = None          # None: no limit
    max_detour: Length | None = None           # extra distance; None: no limit


class Party(Frozen):
    name: str = ""                             # falls back to the id, where shown
    desk: Desk = Desk()
    response: Response = Response()


class Answer(Frozen):
    probability: RandomProbability
    wait: RandomDuration
    patience: Duration                         # an answer that takes longer comes too late


class Garble(Frozen):
    probability: RandomProbability
    offset: RandomLength
    bearing: RandomAngle                       # degrees from true north; default uniform 0..360


class Retry(Frozen):
    after: RandomDuration                      # from the end of the failed attempt
    attempts: PositiveInt                      # in total


class Channel(Frozen):
    """A preset (medium) whose every value may be overridden; completed by presets at reading."""

    medium: Literal["hotline"]
    between: tuple[Id, Id] | None = None       # two-way, shared lines
    from_: Id | None = None                    # alias "from"
    to: tuple[Id, ...] | Literal["all"] | None = None   # one id or a list; parties or groups
    lines: PositiveInt
    answer: Answer
    transfer: RandomDuration
    loss: RandomProbability                    # the call breaks off in the transfer; the sender knows
    garble: Garble
    acknowledgement: RandomDuration            # from handled to known at the sender; default 0 s
    retry: Retry


class Circle(Frozen):
    center: Place
    radius: Length                             # > 0


class Polygon(Frozen):                         # also written as a bare list of positions
    points: tuple[Place, ...]                  # at least 3
    holes: tuple[tuple[Place, ...], ...] = ()
    edges: Literal["geodesic", "parallel", "straight"] = "geodesic"


class Corridor(Frozen):
    route: tuple[Place, ...]                   # at least 2
    width: Length                              # full width, > 0
    edges: ...


class Area(Frozen):                            # exactly one key
    circle: Circle | None = None
    polygon: Polygon | None = None
    corridor: Corridor | None = None


class ZoneArea(Area):                          # exactly one key; buffer only with `covers`
    buffer: Length | None = None               # >= 0


class Window(Frozen):                          # start with either end or duration
    start: Instant
    end: Instant | None = None
    duration: Duration | None = None           # > 0


class Padding(Frozen):                         # written `90 min` or {before, after}
    before: Duration
    after: Duration


class ZoneWindow(Frozen):                      # either pad (only with `covers`) or start with end/duration
    pad: Padding | None = None
    start, end, duration


class Operation(Frozen):
    party: Id
    area: Area
    altitude: tuple[Limit, Limit]              # [lower, upper]
    window: Window
    slip: RandomDuration = Fixed(0.0)          # later start; may be negative
    overrun: RandomDuration = Fixed(0.0)       # later end
    cancel: RandomProbability = Fixed(0.0)


class Notice(Frozen):
    to: tuple[Id, ...]                         # one id or a list; parties or groups
    via: tuple[Id, ...]                        # one channel id or a list (today: exactly one leg)
    lead: RandomDuration | None = None         # before the declared zone's start (negative: after it)
    at: Instant | None = None                  # exactly one of lead, at


class OverrunAmendment(Frozen):
    extend: Duration                           # how much later each new version ends
    delay: RandomDuration = Fixed(0.0)         # from the planned end until the sender says so


class Amendments(Frozen):                      # key `amend`
    overrun: OverrunAmendment | None = None


class Zone(Frozen):
    covers: Id | None = None                   # an operation; or, in its own right: party, area, altitude, window
    party: Id | None = None                    # with covers: the operation's party, and may not be given
    area: ZoneArea | None = None               # with covers, defaults to the operation's
    altitude: tuple[Limit, Limit] | None = None  # with covers, defaults to the operation's
    window: ZoneWindow | None = None           # with covers, defaults to the operation's
    vertical: Vertical | None = None           # overrides the scenario's
    exempt: tuple[str, ...] = ()               # parties, flights (ids or repeats), tags
    issued: Instant | None = None              # when version 1 is declared; default: the first notice's drafting, else the scenario's start
    notices: dict[Id, Notice] = {}
    amend: Amendments = Amendments()


class Waypoint(Frozen):                        # written `36.1N 36.1E` or {at, altitude, speed | time}
    at: Place
    altitude: Limit | None = None
    speed: Speed | None = None                 # from here on
    time: Duration | None = None               # reached so long after departure (offset)


class Repeat(Frozen):
    every: Duration                            # > 0
    count: PositiveInt
    jitter: RandomDuration = Fixed(0.0)


class Flight(Frozen):
    party: Id
    unit: Id | None = None                     # default: one of its own
    tags: tuple[str, ...] = ()
    route: tuple[Waypoint, ...]                # at least 2
    speed: RandomSpeed | None = None           # ground speed; needed unless every leg has one or times
    altitude: Limit | None = None              # needed unless every waypoint has one
    departs: Instant
    repeat: Repeat | None = None
    alternate: Place | None = None             # where it diverts to; default: back to where it came from


class Vertical(Frozen):                        # key `vertical`
    terrain: Length | None = None              # elevation above MSL
    geoid: Length | None = None                # undulation
    qnh: float | None = None                   # hPa; text `1013 hPa` or `standard` (1013.25)


class Scenario(Frozen):
    keepout: Literal[1]
    name: str
    about: str = ""
    sources: dict[str, str] = {}
    start: Instant (absolute only)
    end: Instant
    vertical: Vertical = Vertical()
    parties: dict[Id, Party]
    groups: dict[Id, tuple[Id, ...]] = {}
    channels: dict[Id, Channel] = {}
    operations: dict[Id, Operation] = {}
    zones: dict[Id, Zone] = {}
    flights: dict[Id, Flight] = {}
