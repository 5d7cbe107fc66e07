"""Copies: one version of one notice on its way to one recipient, from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.journal import NoticeStep, Step

if TYPE_CHECKING:
    from sim.geometry.volume import Volume
    from sim.model.streams import Key


@dataclass(eq=False, slots=True)
class Copy:
    """One version of one notice on its way to one recipient.

    ``route`` alternates channels and the parties that relay between them;
    ``leg`` counts the channels from 0. ``content`` is what is said over the leg
    it is on, ``told`` what the last taker of it understood. ``sending`` counts the
    sendings of a notice to one recipient beyond the first, ``previous`` is what
    the version before declared, ``stated_end`` the end as written where it is
    only an estimate.
    """

    zone: str
    notice: str
    version: int
    change: str
    sender: str
    recipient: str
    route: tuple[str, ...]
    priority: int
    declared: Volume
    sending: int = 0
    previous: Volume | None = None
    stated_end: float | None = None
    leg: int = 0
    content: Volume = field(init=False)
    told: Volume | None = None
    in_call: bool = False
    given_up: bool = False
    acknowledged: bool = False
    superseded: Step | None = None
    """By what it has given way: a newer version or sending, or a cancellation."""

    def __post_init__(self) -> None:
        self.content = self.declared

    @property
    def key(self) -> Key:
        """What its draws are keyed by; never the channel itself."""
        return (self.zone, self.notice, self.version, self.recipient, *self.route, *self.again)

    @property
    def again(self) -> Key:
        """What tells the draws of a later sending from those of the first."""
        return ("again", self.sending) if self.sending else ()

    @property
    def leg_key(self) -> Key:
        """What the draws of the leg it is on are keyed by; the first leg's are the copy's."""
        return (*self.key, "leg", self.leg) if self.leg else self.key

    @property
    def channel(self) -> str:
        """The channel of the leg it is on."""
        return self.route[2 * self.leg]

    @property
    def taker(self) -> str:
        """The party at the far end of the leg it is on."""
        return (*self.route[1::2], self.recipient)[self.leg]

    @property
    def is_on_last_leg(self) -> bool:
        """Whether nobody relays it any further."""
        return 2 * self.leg == len(self.route) - 1

    @property
    def is_pending(self) -> bool:
        """Whether it is still in its sender's hand, and meant to be delivered."""
        return self.leg == 0 and self.told is None and not self.given_up and not self.superseded

    def pass_on(self) -> None:
        """Go over to the next leg, as it was understood on the one before."""
        assert self.told is not None, "only what was delivered is passed on"
        self.leg += 1
        self.content = self.told

    def gives_way(self, at: float) -> NoticeStep:
        """Put on record that something newer has taken its place."""
        assert self.superseded is not None, "only asked once it is superseded"
        return self.step(at, self.superseded)

    def step(
        self,
        at: float,
        step: Step,
        attempt: int = 0,
        *,
        told: Volume | None = None,
        garbled: bool = False,
        why: str = "",
    ) -> NoticeStep:
        """Put a step of this copy on record."""
        return NoticeStep(
            at=at,
            step=step,
            zone=self.zone,
            notice=self.notice,
            version=self.version,
            change=self.change,
            sender=self.sender,
            recipient=self.recipient,
            route=self.route,
            leg=self.leg,
            attempt=attempt,
            told=told,
            garbled=garbled,
            why=why,
            sending=self.sending,
        )
