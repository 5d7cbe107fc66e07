"""The channels of a scenario: how notices travel, by medium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from sim.distributions import Fixed
from sim.errors import InputError
from sim.scenario import fields as f
from sim.scenario.parts import Frozen, Window
from sim.scenario.presets import completed

if TYPE_CHECKING:
    from typing import Self


class Answer(Frozen):
    """Whether and when somebody competent answers a call."""

    probability: f.RandomProbability = Field(
        description="Probability that anybody competent answers."
    )
    wait: f.RandomDuration = Field(description="Time until somebody answers, if anybody does.")
    absent: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that whoever is asked for has to be fetched."
    )
    returns: f.RandomDuration = Field(
        Fixed(0.0), description="Time until who is fetched comes; the caller's patience counts on."
    )
    patience: f.Duration = Field(description="The caller hangs up after so long.")


class Garble(Frozen):
    """A notice that arrives wrong: its area moved, its times or its altitudes shifted."""

    probability: f.RandomProbability = Field(description="Probability that a notice arrives wrong.")
    contradictory: f.RandomProbability = Field(
        Fixed(0.0),
        description="Probability that what arrives wrong stands beside what is right;"
        " its taker goes by either, with even chances.",
    )
    outdated: f.RandomProbability = Field(
        Fixed(0.0),
        description="Probability that an amendment is passed with what the version before said.",
    )
    offset: f.RandomLength = Field(description="How far the area is moved.")
    bearing: f.RandomAngle = Field(description="From true north, clockwise.")
    time: f.RandomShift = Field(Fixed(0.0), description="How much later the window is told.")
    altitude: f.RandomHeight = Field(Fixed(0.0), description="How much higher the band is told.")


class Retry(Frozen):
    """When a sender tries again, and how often."""

    after: f.RandomDuration = Field(description="Counted from the end of the failed attempt.")
    attempts: f.Count = Field(description="In total, the first included.")


class LeadRule(Frozen):
    """How long before its zone's start a new notice has to come; amendments may come later."""

    asked: f.Duration = Field(description="So long, or longer.")
    urgent: f.Duration | None = Field(None, description="So long for an urgent one.")
    late: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that a later one is taken all the same."
    )


class Acknowledgement(Frozen):
    """How a sender learns that a notice was handled; also written as a bare time, or none."""

    after: f.RandomDuration = Field(
        Fixed(0.0), description="Time from handled to known at the sender."
    )
    loss: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that the sender is never told."
    )


def _as_acknowledgement(value: Any) -> Any:
    if value == "none":
        return None
    is_whole = isinstance(value, dict) and not value.keys().isdisjoint({"after", "loss"})
    return value if is_whole else {"after": value}


class Failures(Frozen):
    """Breakdowns at random, and their repair."""

    after: f.RandomDuration = Field(description="Time from working to failing.")
    repair: f.RandomDuration = Field(description="Time from failing to working.")


class Bursts(Frozen):
    """Spells in which a datalink loses more."""

    every: f.RandomDuration = Field(description="Time from one spell to the next.")
    lasting: f.RandomDuration = Field(description="How long a spell lasts.")
    loss: f.RandomProbability = Field(description="Probability of loss during a spell.")


class Channel(Frozen):
    """How notices travel; what is not given comes from the medium's preset."""

    medium: f.Medium = Field(
        description="The kind of channel, whose preset completes what is not given."
    )
    between: f.Pair | None = Field(None, description="Two parties: two-way, shared lines.")
    from_: f.Id | None = Field(None, alias="from", description="The one party that sends.")
    to: f.Ids | None = Field(None, description="Parties or groups that receive, or all.")
    lines: f.Count | None = Field(None, description="How many calls at the same time.")
    waiting: f.Number | None = Field(
        None, description="How many calls may wait for a line; without it, any number."
    )
    answer: Answer | None = Field(None, description="Whether and when a call is answered.")
    transfer: f.RandomDuration = Field(
        description="Time to pass a notice once connected, to publish it, or to transmit it."
    )
    interpretation: f.RandomDuration = Field(
        Fixed(0.0), description="So much longer for the interpreter between the two."
    )
    per_corner: f.RandomDuration = Field(
        Fixed(0.0), description="So much longer for each corner of the area told."
    )
    loss: f.RandomProbability = Field(description="It breaks off, or is lost on the way.")
    garble: Garble = Field(description="How a notice may arrive wrong.")
    read_back: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that reading back catches a wrong position."
    )
    acknowledgement: Annotated[
        Acknowledgement | None,
        BeforeValidator(
            _as_acknowledgement, json_schema_input_type=Acknowledgement | f.RandomDuration
        ),
    ] = Field(
        description="How the sender learns that a notice was handled; or none, where nobody"
        " tells it."
    )
    lead: LeadRule | None = Field(
        None, description="How early new notices have to come; without it, at any time."
    )
    retry: Retry = Field(description="When it is tried again, and how often.")
    poll: f.Span | None = Field(None, description="How often each reader looks.")
    unread: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that a reader never reads a publication."
    )
    bursts: Bursts | None = Field(None, description="Spells in which more is lost.")
    duplicate: f.RandomProbability = Field(
        Fixed(0.0), description="Probability that a message arrives twice."
    )
    outages: tuple[Window, ...] = Field((), description="Windows in which it does not work.")
    failures: Failures | None = Field(None, description="Breakdowns at random.")

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
