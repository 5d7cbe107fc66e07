"""Causes: the one broken link that explains an entry, found by going down the tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isinf
from typing import TYPE_CHECKING

from sim.findings.archive import Archive
from sim.findings.entries import FlightEntry, SiteEntry
from sim.findings.evidence import Chains
from sim.findings.presence import covers_site
from sim.findings.standing import cause_of, is_held, progress_at, stood_at
from sim.geometry.altitude import band_above
from sim.model.journal import CONTRADICTORY, Step
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.findings.entries import Entry
    from sim.findings.evidence import Evidence
    from sim.findings.notices import Copy
    from sim.findings.versions import Versions
    from sim.geometry.volume import Volume
    from sim.model.journal import Journal, UnitReacted
    from sim.scenario.planned import Plan

MEANINGS = {
    "never_addressed": "no notice of the zone was ever addressed to the flight's party",
    "not_yet_sent": "a notice was meant for the party, but no attempt to send it had been made",
    "relay_gap": "an intermediary held the notice and had not passed it on",
    "in_transit": "the notice was under way: waiting for a line, being passed, or in the tray",
    "unanswered": "nobody competent had answered the calls made",
    "lost": "the last attempt to pass the notice failed",
    "misinformed": "the desk held a notice that did not cover what was entered",
    "not_disseminated": "the desk knew, the unit that flew did not",
    "no_time": "the unit knew too late: acting at once could not have kept it out",
    "unable": "the unit tried, and no action allowed to it kept it out",
    "disregarded": "the unit knew in time and did not stay out",
    "undeclared": "the operation lay outside every active zone declared for it",
}
"""What each cause means, in the order of the tree."""

CAUSES = tuple(MEANINGS)
INFORMED = frozenset({"no_time", "unable", "disregarded"})
"""The causes of those who had been told; by any other they were uninformed."""

_BORDER_M = 0.05  # an entry lies on a border, and solving it leaves it a little to one side
_INSTANT_S = 1e-6  # likewise in time
_ALTITUDE_M = 1e-3  # likewise in altitude


@dataclass(frozen=True, slots=True)
class Verdict:
    """A leaf of the tree, what in particular, and how to prove it."""

    cause: str
    detail: str
    notice: str | None
    proof: Callable[[], tuple[Evidence, ...]]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The chain that proves it, drawn when asked for."""
        return self.proof()


class Judge:
    """Decides causes from the plan and one run's journal, and from nothing else."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self._plan = plan
        self._archive = Archive(journal)
        self._chains = Chains(plan, self._archive)

    def covers(self, volume: Volume, entry: Entry) -> bool:
        """Tell whether a volume covers the point and instant of an entry, its border included."""
        start, end = volume.window
        if not start - _INSTANT_S <= entry.at < end:
            return False
        if isinstance(entry, SiteEntry):
            return covers_site(volume, entry.site, entry.true, self._plan.vertical)
        assert isinstance(entry, FlightEntry), "a flight or a site enters"
        _, track = self._archive.flown[entry.who]
        floor, ceiling = band_above(track.reference, volume.band, self._plan.vertical)
        if not floor - _ALTITUDE_M <= entry.altitude_m <= ceiling + _ALTITUDE_M:
            return False
        return volume.footprint.depth(*entry.where) >= -_BORDER_M

    def around(self, entry: Entry, zones: Mapping[str, Versions]) -> tuple[str, ...]:
        """Give the active zones of the operation entered that cover the entry.

        ``zones`` are the versions of every zone, each while it was declared.
        """
        return tuple(
            zone.id
            for zone in self._plan.zones.values()
            if zone.covers == entry.inside
            and any(self.covers(volume, entry) for _, volume in zones.get(zone.id, ()))
        )

    def undeclared(self, entry: Entry) -> Verdict:
        """Give the verdict on an entry outside every active zone of the operation."""
        what = "the site" if isinstance(entry, SiteEntry) else "the point of entry"
        detail = f"no active zone of {entry.inside} covers {what}"
        return Verdict(
            "undeclared", detail, None, lambda: (self._chains.entered(entry, "undeclared"),)
        )

    def best_told(self, entry: Entry, zones: Sequence[str]) -> Verdict:
        """Give the verdict on an entry into an operation, by the zones of it that cover the entry.

        Where there are several it is by the one whose notice came nearest to
        keeping the flight out: knowing of one of them would have been enough.
        """
        verdicts = [self.verdict(entry, zone) for zone in zones]
        return max(verdicts, key=lambda v: CAUSES.index(v.cause), default=self.undeclared(entry))

    def verdict(self, entry: Entry, zone: str) -> Verdict:
        """Go down the tree for an entry into a zone, or into an operation within it."""
        addressed = self._archive.copies[zone, entry.party]
        ends = {r.version: r.volume.window[1] for _, r in self._archive.issued[zone]}
        held = [copy for copy in addressed if is_held(copy, entry.at, ends[copy.head.version])]
        if held:
            return self._of_the_informed(entry, zone, held)
        return self._of_the_uninformed(entry, zone, addressed)

    def _of_the_informed(self, entry: Entry, zone: str, held: Sequence[Copy]) -> Verdict:
        """Branch A: the desk holds a version that has not ended."""
        newest = max(held, key=lambda copy: (copy.head.version, copy.when(Step.HANDLED)))
        if not self._copy_covers(newest, entry):
            cause, detail = "misinformed", self._how_misinformed(entry, zone, newest)
        else:
            unit = self._unit_copies(entry, zone)
            if not unit:
                cause, detail = "not_disseminated", f"{entry.unit} had not been told"
            elif not self._copy_covers(unit[-1], entry):
                version = unit[-1].head.version
                cause = "not_disseminated"
                detail = f"{entry.unit} still held version {version}, which does not cover it"
            else:
                cause, detail = self._of_the_told(entry, zone, unit)
        return self._proven(cause, detail, entry, newest, zone)

    def _of_the_told(self, entry: Entry, zone: str, told: Sequence[Copy]) -> tuple[str, str]:
        """Tell apart those who had been told: too late, in vain, or to no effect."""
        reactions = [r for _, r in self._archive.reacted[zone, entry.unit] if r.at <= entry.at]
        covering = {
            (c.head.notice, c.head.version, c.head.sending): c.told
            for c in told
            if self._copy_covers(c, entry)
        }
        in_time = [
            reaction
            for reaction in reactions
            if (volume := covering.get((reaction.notice, reaction.version, reaction.sending)))
            is not None
            and self._way_out_s(entry, reaction.at, volume) <= entry.at - reaction.at
        ]
        if isinstance(entry, SiteEntry):
            if not in_time:
                return "no_time", self._how_late(entry, zone, reactions)
            return "unable", "a site cannot move"
        if self._plan.exempts(self._plan.zones[zone], entry.who):
            return "disregarded", "exempt from the zone, and free to enter it"
        if not in_time:
            return "no_time", self._how_late(entry, zone, reactions)
        if not any(reaction.heeded for reaction in in_time):
            since = show_duration(entry.at - min(reaction.at for reaction in in_time))
            return "disregarded", f"{entry.unit} knew in time ({since} before) and did not heed it"
        return "unable", self._how_unable(entry, zone)

    def _of_the_uninformed(self, entry: Entry, zone: str, addressed: Sequence[Copy]) -> Verdict:
        """Branch B: the desk holds nothing that still counts."""
        if not self._plan.addresses(zone, entry.party):
            detail = f"no notice of {zone} names {entry.party}"
            return self._unproven("never_addressed", detail, entry, zone)
        under_way = [copy for copy in addressed if stood_at(copy, entry.at) is not None]
        if not under_way:
            detail = f"no notice of {zone} to {entry.party} had been drafted"
            return self._unproven("not_yet_sent", detail, entry, zone)
        furthest = max(under_way, key=lambda copy: progress_at(copy, entry.at))
        standing = stood_at(furthest, entry.at)
        assert standing is not None, "chosen for having one"
        cause, detail = cause_of(furthest, standing)
        since = show_duration(entry.at - standing.at)
        return self._proven(cause, f"{detail} (for {since})", entry, furthest, zone)

    def _copy_covers(self, copy: Copy, entry: Entry) -> bool:
        return copy.told is not None and self.covers(copy.told, entry)

    def _unit_copies(self, entry: Entry, zone: str) -> list[Copy]:
        """Give the copies that had reached the unit, the one it goes by last."""
        by_name = {
            (c.head.notice, c.head.version, c.head.sending): c
            for c in self._archive.copies[zone, entry.party]
        }
        told = [r for _, r in self._archive.told[zone, entry.unit] if r.at <= entry.at]
        told.sort(key=lambda r: r.version)
        return [by_name[r.notice, r.version, r.sending] for r in told]

    def _way_out_s(self, entry: Entry, at: float, volume: Volume) -> float:
        """Give the seconds that a flight needs at an instant to be out of a volume.

        In force or not: zero where it is outside or still on the ground, for then
        it need not go in. A site has no way out: what counts is that it knew.
        """
        if isinstance(entry, SiteEntry):
            return 0.0
        _, track = self._archive.flown[entry.who]
        if at < track.start:
            return 0.0
        longitude, latitude, altitude = track.at(at)
        floor, ceiling = band_above(track.reference, volume.band, self._plan.vertical)
        if not floor < altitude < ceiling or not volume.footprint.contains(longitude, latitude):
            return 0.0
        _, distance = volume.footprint.way_out(longitude, latitude)
        speed = track.speed_after(at)
        return distance / speed if speed > 0.0 else float("inf")

    def _how_misinformed(self, entry: Entry, zone: str, newest: Copy) -> str:
        held = newest.head.version
        issued = [r.version for _, r in self._archive.issued[zone] if r.at <= entry.at]
        if newest.wrong is not None:
            return _how_wrong(held, newest.wrong.why)
        if issued and issued[-1] > held:
            return f"the desk held version {held}, version {issued[-1]} was still under way"
        what = "the site" if isinstance(entry, SiteEntry) else "the point of entry"
        declared = next(r.volume for _, r in self._archive.issued[zone] if r.version == held)
        if self.covers(declared, entry):
            return self._how_out_of_time(entry, newest, declared)
        return f"version {held} as told does not cover {what}"

    def _how_out_of_time(self, entry: Entry, newest: Copy, declared: Volume) -> str:
        """Say why a desk that was told rightly went by another window."""
        ahead = self._archive.clocks.get(entry.party, 0.0)
        if (
            newest.told is not None
            and isinf(declared.window[1])
            and entry.at > newest.told.window[0]
        ):
            return f"{entry.party} took the estimated end for the end"
        how = "ahead" if ahead > 0.0 else "behind"
        return f"the clock of {entry.party} was {show_duration(abs(ahead))} {how}"

    def _how_late(self, entry: Entry, zone: str, reactions: Sequence[UnitReacted]) -> str:
        told = min(r.at for _, r in self._archive.told[zone, entry.unit])
        before = show_duration(entry.at - told)
        if not reactions:
            return f"{entry.unit} was told {before} before, less than its reaction time"
        return f"{entry.unit} was told {before} before, and was inside with no time to leave"

    def _how_unable(self, entry: Entry, zone: str) -> str:
        tried = [r.action for _, r in self._archive.acted[zone, entry.who] if r.at <= entry.at]
        if tried and tried[-1] != "none":
            return f"its {tried[-1]} did not keep it out"
        return "no action allowed to it would have kept it out"

    def _proven(self, cause: str, detail: str, entry: Entry, copy: Copy, zone: str) -> Verdict:
        """Give a verdict by the copy that decided."""
        proof = partial(self._chains.of_copy, cause, entry, copy, zone)
        return Verdict(cause, detail, f"{zone}.{copy.head.notice}", proof)

    def _unproven(self, cause: str, detail: str, entry: Entry, zone: str) -> Verdict:
        """Give a verdict for want of any copy: what was declared, and what came too late."""
        later = self._archive.copies[zone, entry.party]

        def proof() -> tuple[Evidence, ...]:
            declared = self._chains.of_declaration(entry, zone)
            if not later:
                return (*declared, self._chains.entered(entry, cause))
            return (*declared, *self._chains.of_copy(cause, entry, later[0], zone))

        notice = f"{zone}.{later[0].head.notice}" if later else None
        return Verdict(cause, detail, notice, proof)


def _how_wrong(version: int, why: str) -> str:
    """Say how a version came to be understood wrongly."""
    if why == CONTRADICTORY:
        return f"version {version} told two areas that contradict each other, and the wrong one won"
    if why:
        return f"version {version} was passed {why}"
    return f"version {version} was garbled on its way; the area told is not the one declared"
