"""The people of a scenario: parties with their desks, their units, and how these respond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    Field,
    WrapValidator,
    model_validator,
)

from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.parts import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


class Relay(Frozen):
    """What a desk leaves out of what it is to pass on to others."""

    omits: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that it does not pass a notice on."
    )
    omits_to: f.Ids = Field((), description="Parties to whom it passes nothing on.")


class Objecting(Frozen):
    """When a desk objects to a zone that its party's own planned flights or operations meet."""

    probability: f.RandomProbability = Field(description="Probability that it objects then.")
    after: f.RandomDuration = Field(
        Fixed(0.0), description="Time from handled until the declarer hears of it."
    )


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
    relay: Relay = Field(
        Relay.model_construct(), description="What it leaves out when it passes notices on."
    )
    objects: Objecting | None = Field(
        None, description="Whether it objects to zones; without it, it never does."
    )
    trusts_estimates: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that it takes an estimated end for the end."
    )


class ShortNotice(Frozen):
    """By what factor a unit heeds notices less that come late."""

    lead: f.Span = Field(description="Less than this is left to the told window's start.")
    factor: f.Share = Field(description="What the probability of heeding is multiplied by.")


class Weariness(Frozen):
    """By what factor a unit heeds notices less once it has had many."""

    count: f.Count = Field(description="It had so many before, or more.")
    factor: f.Share = Field(description="What the probability of heeding is multiplied by.")


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
    desk: Desk = Field(
        Desk.model_construct(), description="Who receives and passes on its notices."
    )
    response: Response = Field(
        Response.model_construct(), description="What its units do once they are told."
    )
    clock: f.RandomShift = Field(
        Fixed(0.0),
        description="How far its clocks are ahead of UTC: so much sooner it begins and ends,"
        " opens and closes, departs, and takes a told window to begin and end.",
    )
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
