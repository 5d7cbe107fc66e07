"""The notices of a zone: who is told, by which route, and what silence and objections lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.parts import Frozen, ask_one

if TYPE_CHECKING:
    from typing import Self


class Reaction(Frozen):
    """One thing that a sender does when no acknowledgement comes; a bare word stands for do."""

    do: f.Doing | None = Field(
        None, description="Send again, go ahead all the same, or call the operation off."
    )
    via: f.Ids | None = Field(None, description="Send by this route from now on.")
    postpone: f.Span | None = Field(
        None, description="Put off the operation and its zones by so much, if it has not begun."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "do", "via", "postpone")
        return self

    @property
    def name(self) -> str:
        """What it is called on record."""
        if self.do is not None:
            return self.do
        return "postpone" if self.via is None else "other_route"


def _as_reaction(value: Any) -> Any:
    return {"do": value} if isinstance(value, str) else value


class Unacknowledged(Frozen):
    """What a sender does, step by step, while no acknowledgement comes from a recipient."""

    after: f.RandomDuration = Field(
        description="How long it waits for one after each sending. Once its tries have run out"
        " it waits no longer."
    )
    then: tuple[
        Annotated[
            Reaction, BeforeValidator(_as_reaction, json_schema_input_type=Reaction | f.Doing)
        ],
        ...,
    ] = Field(
        min_length=1,
        description="One step each time: retry, {via: ROUTE}, {postpone: TIME}, cancel or go.",
    )

    @model_validator(mode="after")
    def _goes_last(self) -> Self:
        for place, step in enumerate(self.then[:-1]):
            if step.do in {"go", "cancel"}:
                raise InputError(
                    f"nothing can follow {step.do}",
                    at=("then", place),
                    hint=f"leave out what stands after {step.do}",
                )
        return self


class Notice(Frozen):
    """Who is told of a zone, by which channel, and when."""

    to: f.Ids = Field(description="Parties or groups.")
    via: f.Ids = Field(description="A channel; or channel, relaying party, channel and so on.")
    priority: f.Priority = Field("routine", description="What is urgent overtakes.")
    lead: f.RandomShift | None = Field(
        None, description="Drafted so long before the declared zone's start."
    )
    at: f.Instant | None = Field(None, description="Drafted at this time.")
    unacknowledged: Unacknowledged | None = Field(
        None, description="What is done when no acknowledgement comes; without it, nothing."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "lead", "at")
        return self

    @property
    def routes(self) -> tuple[tuple[tuple[str | int, ...], tuple[str, ...]], ...]:
        """All routes that it may go by, each behind where it stands."""
        steps = self.unacknowledged.then if self.unacknowledged is not None else ()
        others = (
            (("unacknowledged", "then", place, "via"), step.via)
            for place, step in enumerate(steps)
            if step.via is not None
        )
        return ((("via",), self.via), *others)


class Objections(Frozen):
    """What a declarer does when a receiver objects to its zone; without it, it keeps the zone."""

    after: f.RandomDuration = Field(Fixed(0.0), description="Time that it takes to decide.")
    probability: f.RandomProbability = Field(
        Fixed(1.0), description="Probability that it yields, and does not keep the zone."
    )
    shrink: f.Size | None = Field(
        None, description="It yields by a new version whose border lies so much further in."
    )
    shift: f.Span | None = Field(
        None, description="It yields by putting off the zone, and the operation, by so much."
    )
    most: f.Count = Field(1, description="How often it yields at most.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "shrink", "shift")
        return self
