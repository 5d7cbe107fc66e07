"""Faults in the routes of notices: channels that do not lead from who sends to who is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.scenario.bulk import FROM
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import channels, schema
    from sim.scenario.notices import Notice
    from sim.scenario.tree import Path

Knows = Callable[[str, str], bool]

ALL = "all"  # every party, where a channel says to whom it leads


def notice_complaints(scenario: schema.Scenario, knows: Knows) -> Iterator[Complaint]:
    """Complain of notices whose channel does not lead from the sender to the recipient.

    Parameters
    ----------
    scenario
        All of the document that could be typed.
    knows
        Tells whether a section has an id, as far as the section could be read.
    """
    for id_, zone in scenario.zones.items():
        covered = scenario.operations.get(zone.covers or "")
        sender = covered.party if covered else zone.party
        for key, notice in zone.notices.items():
            here: Path = ("zones", id_, "notices", key)
            if not notice.to:
                yield Complaint((*here, "to"), "this notice is addressed to nobody")
            yield from _notice(scenario, here, notice, sender, knows)
    senders = {(zone.source, zone.party) for zone in scenario.sides.zones}
    senders |= {(n, file.party) for n, file in enumerate(scenario.zone_files) if file.party}
    for place, party in sorted(senders):
        file = scenario.zone_files[place]
        if file.to:
            yield from _notice(scenario, ("zones", FROM, place), file.notice, party, knows)


def _notice(
    scenario: schema.Scenario, here: Path, notice: Notice, sender: str | None, knows: Knows
) -> Iterator[Complaint]:
    for below, route in notice.routes:
        if len(route) % 2 == 0:
            yield Complaint(
                (*here, *below),
                f"expected a channel, or channel, relaying party, channel and so on, "
                f"found {len(route)}",
            )
        elif sender is not None and knows("parties", sender):
            yield from _way_complaints(scenario, here, notice, (below, route), sender)


def _way_complaints(
    scenario: schema.Scenario,
    here: Path,
    notice: Notice,
    way: tuple[Path, tuple[str, ...]],
    sender: str,
) -> Iterator[Complaint]:
    below, route = way
    relays, there = route[1::2], (*here, *below)
    for leg, (giver, taker) in enumerate(pairwise((sender, *relays))):
        yield from _leg_complaints(scenario, there, route[2 * leg], giver, taker)
    for place, name in enumerate(notice.to):
        for recipient in scenario.groups.get(name, (name,)):
            through = f" (in {name})" if name != recipient else ""
            if recipient == sender:
                yield Complaint(
                    (*here, "to", place), f"{sender}{through} would notify itself", "leave it out"
                )
            elif recipient in relays:
                yield Complaint(
                    (*here, "to", place),
                    f"{recipient}{through} would relay to itself",
                    "give it a notice of its own",
                )
            else:
                giver = (sender, *relays)[-1]
                yield from _leg_complaints(scenario, there, route[-1], giver, recipient, through)


def _leg_complaints(
    scenario: schema.Scenario, here: Path, id_: str, giver: str, taker: str, through: str = ""
) -> Iterator[Complaint]:
    channel = scenario.channels.get(id_)
    if channel is None or not {giver, taker, *(channel.between or ())} <= set(scenario.parties):
        return
    if not _connects(scenario, channel, giver, taker):
        yield Complaint(
            here,
            f"{id_} does not lead from {giver} to {taker}{through}: it is {_ends(channel)}",
        )


def _connects(
    scenario: schema.Scenario, channel: channels.Channel, sender: str, recipient: str
) -> bool:
    if channel.between is not None:
        return {sender, recipient} == set(channel.between)
    reached = {p for name in channel.to or () for p in scenario.groups.get(name, (name,))}
    return channel.from_ == sender and (recipient in reached or channel.to == (ALL,))


def _ends(channel: channels.Channel) -> str:
    if channel.between is not None:
        return "between " + " and ".join(channel.between)
    return f"from {channel.from_} to {', '.join(channel.to or ())}"
