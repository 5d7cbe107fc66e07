"""What a user may write of zones and flights in files beside the scenario: ``zones.from``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.notices import Notice
from sim.scenario.parts import Frozen

if TYPE_CHECKING:
    from typing import Self

FROM = "from"  # the key among the ids of zones, and of flights


class ZoneFile(Frozen):
    """A file of zones, whose party declares them, also written as its name."""

    file: f.File = Field(description="The file, seen from the scenario's own folder.")
    party: f.Id | None = Field(
        None,
        description="Who declares them all. Without it, whom each zone's property party names"
        " (GeoJSON), or else the only party that the scenario has.",
    )
    format: f.ZoneFormat | None = Field(
        None, description="What format it is of; without it, what its content looks like."
    )
    exempt: f.Exempt = Field((), description="Parties, flights and tags that none of them binds.")
    to: f.Ids = Field(
        (), description="Parties or groups that are told of each zone that was created by then."
    )
    via: f.Ids = Field(
        (), description="A channel; or channel, relaying party, channel and so on. With to."
    )
    at: f.Instant | None = Field(
        None,
        description="When they are told, of all zones that are created by then; of others, and"
        " without it of all, when they are created, if their source says when. With to.",
    )

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if bool(self.to) is not bool(self.via):
            given, lacking = ("to", "via") if self.to else ("via", "to")
            raise InputError(f"{given} needs {lacking}, and there is none", at=(given,))
        if self.at is not None and not self.to:
            raise InputError("nobody is told: expected to and via beside at", at=("at",))
        return self

    @property
    def notice(self) -> Notice:
        """What is sent of each zone, its time left out."""
        return Notice.model_construct(to=self.to, via=self.via)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _as_file(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


_OfZones = Annotated[ZoneFile, BeforeValidator(_as_file, json_schema_input_type=ZoneFile | f.File)]


class ZoneFiles(Frozen):
    """The one key among those of zones that is no id."""

    from_: Annotated[
        tuple[_OfZones, ...],
        BeforeValidator(_as_list, json_schema_input_type=list[_OfZones] | ZoneFile | f.File),
    ] = Field((), alias=FROM, description="Files of zones, one or a list of them.")


class FlightFile(Frozen):
    """A table of positions, each of whose tracks is a flight, also written as its name."""

    file: f.File = Field(description="The table, seen from the scenario's own folder.")
    party: f.Id | None = Field(
        None, description="Whose flights they are. Without it, the only party's there is."
    )
    tags: f.Ids = Field((), description="Names by which zones may exempt them all.")


_OfFlights = Annotated[
    FlightFile, BeforeValidator(_as_file, json_schema_input_type=FlightFile | f.File)
]


class FlightFiles(Frozen):
    """The one key among those of flights that is no id."""

    from_: Annotated[
        tuple[_OfFlights, ...],
        BeforeValidator(_as_list, json_schema_input_type=list[_OfFlights] | FlightFile | f.File),
    ] = Field(
        (),
        alias=FROM,
        description="Tables of positions, one or a list: all that they have within the"
        " scenario's time is flown, at its own times.",
    )


BULK = {"zones": ZoneFiles, "flights": FlightFiles}
"""The sections that may be from files."""
