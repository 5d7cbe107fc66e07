"""Links of the chain, and scenarios in which one of them is perfect and all else as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.scenario.attempt import without_ignored
from sim.scenario.fields import ACTIONS
from sim.scenario.people import Response
from sim.scenario.plan import prepare
from sim.scenario.presets import MEDIA
from sim.scenario.reader import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.scenario.planned import Plan
    from sim.scenario.schema import Scenario

    Tree = dict[str, Any]
    Edit = Callable[[Tree], None]

_UNLIMITED = "10000"  # lines, or officers: as many as may be asked for
_OFTEN = "1 s"  # so often a reader of publications looks who looks all the time
_PREFERRED = Response.model_fields["actions"].default
_LIMITS = ("max_delay", "max_detour", "max_hold", "ceiling", "floor")


def perfected(scenario: Scenario, link: str) -> Plan | None:
    """Plan a scenario in which one link is perfect and nothing else is different.

    Draws are keyed by what they decide, so that a run of this plan shares all
    its draws with the same replication of the scenario as it is.

    Parameters
    ----------
    scenario
        As it is.
    link
        One of :data:`LINKS`.

    Returns
    -------
    Plan or None
        None if the link is perfect as it is: the runs would be the same.
    """
    if link == "addressing":
        return _all_addressed(scenario)
    document = without_ignored(scenario.document)
    _EDITS[link](document)
    changed = build(document, scenario.sides.files)
    sections = ("parties", "channels", "zones")
    if all(getattr(changed, section) == getattr(scenario, section) for section in sections):
        return None
    return prepare(changed)


def _all_addressed(scenario: Scenario) -> Plan | None:
    """Send each zone's notices to those left out too, by links of their own that never fail.

    The notices keep their names, and with them the draws of their drafting; so
    they are added to the plan, where a name may stand for several routes. A
    zone without notices gets one, drafted when the zone is declared.
    """
    plan = prepare(scenario)
    flying = {flight.party for flight in scenario.flights.values()}
    flying |= {stream.party for stream in scenario.traffic.values()}
    left_out = {
        id_: tuple(sorted(p for p in flying - {zone.party} if not plan.addresses(id_, p)))
        for id_, zone in plan.zones.items()
    }
    if not any(left_out.values()):
        return None
    document = without_ignored(scenario.document)
    channels = document.setdefault("channels", {})
    routes: dict[str, str] = {}
    for zone in plan.zones.values():
        if left_out[zone.id] and zone.party not in routes:
            routes[zone.party] = _free_name(f"perfect-{zone.party}", channels)
            channels[routes[zone.party]] = _perfect_channel(zone.party)
    for zone in plan.zones.values():
        if left_out[zone.id] and not zone.notices:
            entry = document["zones"][zone.id]
            entry["notices"] = {
                "perfect": {
                    "to": list(left_out[zone.id]),
                    "via": routes[zone.party],
                    "at": entry.get("issued", "+0 s"),
                }
            }
    wider = prepare(build(document, scenario.sides.files))
    zones = dict(wider.zones)
    for zone in plan.zones.values():
        if left_out[zone.id] and zone.notices:
            more = (
                replace(
                    notice,
                    recipients=left_out[zone.id],
                    route=(routes[zone.party],),
                    unacknowledged=None,
                )
                for notice in zone.notices
            )
            zones[zone.id] = replace(wider.zones[zone.id], notices=(*zone.notices, *more))
    return replace(wider, zones=zones)


def _free_name(name: str, taken: Tree) -> str:
    while name in taken:
        name += "-"
    return name


def _perfect_channel(sender: str) -> Tree:
    return {
        "medium": "datalink",
        "from": sender,
        "to": "all",
        "transfer": "0 s",
        "loss": "0",
        "acknowledgement": "0 s",
    }


def _send_in_time(document: Tree) -> None:
    """Declare every zone that has notices, draft them, and amend it, without delay."""
    for zone in document.get("zones", {}).values():
        for notice in zone.get("notices", {}).values():
            notice.pop("lead", None)
            notice["at"] = "+0 s"
        if zone.get("notices") and "issued" in zone:
            zone["issued"] = "+0 s"
        for rule in zone.get("amend", {}).values():
            if "delay" in rule:
                rule["delay"] = "0 s"


def _mend_lines(document: Tree) -> None:
    """Let nobody wait for a line, an answer or a reader, and let nothing be lost."""
    for channel in document.get("channels", {}).values():
        preset = MEDIA[channel["medium"]]
        for key in ("outages", "failures", "bursts", "waiting", "lead"):
            channel.pop(key, None)
        channel["loss"] = "0"
        perfect = {"lines": _UNLIMITED, "unread": "0", "poll": _OFTEN}
        channel.update({key: value for key, value in perfect.items() if key in preset})
        if "answer" in preset:
            there = {"probability": "1", "wait": "0 s", "absent": "0"}
            channel["answer"] = {**channel.get("answer", {}), **there}


def _pass_at_once(document: Tree) -> None:
    """Pass every notice at once, and understood."""
    for channel in document.get("channels", {}).values():
        channel["transfer"] = "0 s"
        for key in ("per_corner", "interpretation"):
            channel.pop(key, None)
        garble = {**channel.get("garble", {}), "probability": "0"}
        garble.pop("outdated", None)
        channel["garble"] = garble


def _set_clocks(document: Tree) -> None:
    """Let all clocks show UTC."""
    for party in document["parties"].values():
        party.pop("clock", None)


def _man_desks(document: Tree) -> None:
    """Staff every desk at all hours, with officers who take a notice for what it is at once."""
    for desk in _desks(document):
        for key in ("hours", "trusts_estimates"):
            desk.pop(key, None)
        desk.update(handling="0 s", officers=_UNLIMITED)


def _disseminate_at_once(document: Tree) -> None:
    """Let every unit know what its desk knows."""
    for desk in _desks(document):
        desk["dissemination"] = "0 s"


def _relay_everything(document: Tree) -> None:
    """Let no intermediary leave anything out."""
    for desk in _desks(document):
        relay = desk.get("relay", {})
        relay.pop("omits_to", None)
        if "omits" in relay:
            relay["omits"] = "0"


def _react_at_once(document: Tree) -> None:
    """Let every unit act as soon as it knows."""
    for response in _responses(document):
        response["reaction"] = "0 s"


def _comply(document: Tree) -> None:
    """Let every unit heed what it is told."""
    for response in _responses(document):
        response["comply"] = "1"


def _allow_all(document: Tree) -> None:
    """Allow every action, after those preferred, and without limits."""
    for party in document["parties"].values():
        party.setdefault("response", {}).setdefault("actions", list(_PREFERRED))
    for response in _responses(document):
        if preferred := response.get("actions"):
            response["actions"] = [*preferred, *(a for a in ACTIONS if a not in preferred)]
        for limit in _LIMITS:
            response.pop(limit, None)


def _desks(document: Tree) -> Iterator[Tree]:
    for party in document["parties"].values():
        yield party.setdefault("desk", {})


def _responses(document: Tree) -> Iterator[Tree]:
    """Give the responses of all parties, and those of units that have their own."""
    for party in document["parties"].values():
        yield party.setdefault("response", {})
        for unit in party.get("units", {}).values():
            if "response" in unit:
                yield unit["response"]


_EDITS: dict[str, Edit] = {
    "sending": _send_in_time,
    "line": _mend_lines,
    "transfer": _pass_at_once,
    "clocks": _set_clocks,
    "relays": _relay_everything,
    "desk": _man_desks,
    "dissemination": _disseminate_at_once,
    "reaction": _react_at_once,
    "compliance": _comply,
    "actions": _allow_all,
}
LINKS: dict[str, str] = {
    "addressing": "all who fly are told",
    "sending": "drafted at the start",
    "line": "answered, nothing lost",
    "transfer": "passed at once, ungarbled",
    "clocks": "all clocks agree",
    "relays": "nothing left out",
    "desk": "handled at once, always",
    "dissemination": "units told at once",
    "reaction": "units act at once",
    "compliance": "units always heed",
    "actions": "all actions, no limits",
}
"""The links in the order of a notice's way, and in brief what each is like when perfect."""
