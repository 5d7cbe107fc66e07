"""What a user may write of a flight: a route with its speeds, or a track from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.parts import Frozen

if TYPE_CHECKING:
    from typing import Self


class Waypoint(Frozen):
    """A place on a route, also written as a bare position."""

    at: f.Place = Field(description="The place.")
    altitude: f.AltitudeLimit | None = Field(
        None, description="At this waypoint; without it, the altitude of the flight."
    )
    speed: f.Speed | None = Field(None, description="Ground speed from here on.")
    time: f.Duration | None = Field(None, description="Reached so long after departure.")


def _as_waypoint(value: Any) -> Any:
    return value if isinstance(value, dict) and "lat" not in value else {"at": value}


class Repeat(Frozen):
    """The same flight several times: `patrol#1`, `patrol#2` and so on."""

    every: f.Span = Field(description="Time from one departure to the next.")
    count: f.Count = Field(description="How many flights, the first included.")
    jitter: f.RandomShift = Field(Fixed(0.0), description="Added to each departure.")


class SideTrack(Frozen):
    """A track that stands in a table of positions beside the scenario, also written as its name."""

    file: f.File = Field(description="The table, seen from the scenario's own folder.")
    id: f.Text | None = Field(
        None,
        description="What the table calls it: a callsign or an address. Without it, its only one.",
    )


def _as_side_track(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


class Flight(Frozen):
    """One moving thing of a party, or several alike: along a route, or as a track has it."""

    party: f.Id = Field(description="Whose flight it is.")
    unit: f.Id | None = Field(None, description="Without it, one of its own.")
    tags: f.Ids = Field((), description="Names by which zones may exempt it.")
    route: tuple[
        Annotated[
            Waypoint, BeforeValidator(_as_waypoint, json_schema_input_type=Waypoint | f.Place)
        ],
        ...,
    ] = Field((), min_length=2, description="Waypoints in order; or track.")
    track: (
        Annotated[
            SideTrack,
            BeforeValidator(_as_side_track, json_schema_input_type=SideTrack | f.File),
        ]
        | None
    ) = Field(None, description="Where it is when, from a table beside the scenario; or route.")
    speed: f.RandomSpeed | None = Field(
        None, description="Ground speed, where no waypoint says otherwise."
    )
    altitude: f.AltitudeLimit | None = Field(None, description="Where no waypoint says otherwise.")
    departs: f.Instant | None = Field(
        None,
        description="When it is at the first waypoint, as planned. A track is shifted to begin"
        " then; without it, it is flown at its own times, as far as they are the scenario's.",
    )
    repeat: Repeat | None = Field(None, description="The same again, at intervals.")
    alternate: f.Place | None = Field(
        None, description="Where it diverts to; without it, back to where it came from."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.track is not None:
            for key in ("route", "speed", "altitude"):
                if getattr(self, key):
                    raise InputError(
                        "the track says where it is when: expected no other",
                        at=(key,),
                        hint=f"leave out {key}, or the track",
                    )
            return self
        for key, example in (("route", "[36N 36E, 37N 37E]"), ("departs", f.EXAMPLES["Instant"])):
            if not getattr(self, key):
                raise InputError(f"{key} is missing: expected such as {example}", at=(key,))
        return self
