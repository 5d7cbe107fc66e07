"""Plans and runs as charts: who must stay out of what, and who flies where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean
from sim.findings.versions import declared, held
from sim.formats.naming import Names
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.formats.writing import Chart
from sim.model.journal import FlightFlown, ZoneIssued
from sim.report.wording import party_name
from sim.scenario.plan import own_vertical
from sim.units import show_duration, show_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.findings.run import Run
    from sim.findings.versions import Versions
    from sim.findings.violations import Violation
    from sim.geometry.altitude import Vertical
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan


def chart_of_plan(plan: Plan) -> Chart:
    """Chart the zones and the flights of a scenario as they are planned.

    What operations really are is never charted: nobody but their own party knows.
    """
    about = _About(plan)
    zones = (
        about.zone(one.id, one.volume, about.issued(one.issued)) for one in plan.zones.values()
    )
    flights = (about.track(one.id, one.party, one.track) for one in plan.flights.values())
    drawn = "its movements are drawn in each run; export the folder of one"
    streams = (Problem(f"traffic {id_}", drawn) for id_ in plan.streams)
    return replace(about.chart, zones=(*zones,), tracks=(*flights, *streams))


def chart_of_run(run: Run, told: str = "") -> Chart:
    """Chart the zones of a run as they were in force, version by version, and what was flown.

    Parameters
    ----------
    run
        Its violations are stretches of their own.
    told
        A party: zones are as its desk held them, where it was told of any.

    Raises
    ------
    InputError
        If there is no such party.
    """
    about = _About(run.plan)
    parties = run.scenario.parties
    if told and told not in parties:
        raise InputError(
            f"{told}: there is no such party, only {', '.join(parties)}",
            hint=did_you_mean(told, parties),
        )
    flown = {record.flight: record.track for record in run.journal.of(FlightFlown)}
    return replace(
        about.chart,
        zones=(*(about.held(run, told) if told else about.declared(run)),),
        tracks=tuple(
            about.track(id_, flight.party, flown[id_])
            if id_ in flown
            else Problem(f"flight {id_}", "it never took off")
            for id_, flight in run.flights.items()
        ),
        violations=tuple(about.violation(one, flown[one.flight]) for one in run.violations),
    )


class _About:
    """What a plan says of whatever is on a chart, in Unix time."""

    def __init__(self, plan: Plan) -> None:
        scenario = plan.scenario
        self._plan = plan
        self._start = scenario.start_unix
        self._ids = Names()
        self.chart = Chart(
            name=scenario.name,
            parties={party: party_name(scenario, party) for party in scenario.parties},
            vertical=plan.vertical,
        )

    def declared(self, run: Run) -> Iterator[Zone | Problem]:
        """Give what each zone was while it was in force."""
        issued = {(r.zone, r.version): r.at for r in run.journal.of(ZoneIssued)}
        found = declared(run.journal)
        for zone in self._plan.zones:
            versions = found.get(zone, ())
            if not versions:
                yield Problem(f"zone {zone}", "it was never in force")
            said = [self.issued(issued[zone, version]) for version, _ in versions]
            yield from self._versions(zone, versions, said)

    def held(self, run: Run, party: str) -> Iterator[Zone | Problem]:
        """Give what a desk held of each zone."""
        for zone in self._plan.zones:
            holders = held(run.journal, zone)
            _, versions = holders.get(party, (0.0, ()))
            if party not in holders:
                yield Problem(f"zone {zone}", f"{party} never held it")
            elif not versions:
                yield Problem(f"zone {zone}", f"{party} held it only when it was over or cancelled")
            yield from self._versions(zone, versions, [{"told": party}] * len(versions))

    def _versions(
        self, zone: str, versions: Versions, more: Sequence[Mapping[str, str]]
    ) -> Iterator[Zone]:
        """Give a zone for each version, of which each replaces the one before."""
        before = ""
        for (version, volume), said in zip(versions, more, strict=True):
            made = self.zone(zone, volume, {"version": str(version), "replaces": before, **said})
            yield made
            before = made.id

    def zone(self, zone: str, volume: Volume, more: Mapping[str, str]) -> Zone:
        """Give a zone, or one version of it."""
        planned = self._plan.zones[zone]
        version = more.get("version", "1")
        said = {
            "party": planned.party,
            "covers": planned.covers or "",
            "exempt": ", ".join(planned.exempt_names),
            "end": "estimated" if planned.estimated else "",
            **more,
        }
        begins, ends = volume.window
        return Zone(
            id=self._ids.unique(zone if version == "1" else f"{zone}-v{version}"),
            name=zone if version == "1" else f"{zone} v{version}",
            volumes=(replace(volume, window=(self._start + begins, self._start + ends)),),
            kind="PROHIBITED",
            attributes={key: text for key, text in said.items() if text},
            vertical=self._vertical(zone),
        )

    def _vertical(self, zone: str) -> Vertical | None:
        """Give the settings by which a zone's altitudes were put above mean sea level."""
        spec = self._plan.scenario.zones.get(zone)
        return None if spec is None else own_vertical(spec, self._plan.scenario.vertical)

    def issued(self, at: float | None) -> dict[str, str]:
        """Say when a version was issued, as whoever imports a file looks for it."""
        return {} if at is None else {"created": show_instant(self._start + at)}

    def track(self, id_: str, party: str, track: Track, **more: str) -> FlownTrack:
        """Give the track of a flight, or a stretch of it."""
        return FlownTrack(id_, id_, "", track.shifted(self._start), {"party": party} | more)

    def violation(self, one: Violation, track: Track) -> FlownTrack:
        """Give the stretch of a track inside a zone that binds it."""
        inside = track.cut(one.entry, track.end if one.exit is None else one.exit)
        stretch = self.track(
            f"{one.flight} in {one.zone}",
            one.party,
            inside,
            zone=one.zone,
            cause=one.cause,
            detail=one.detail,
            inside=show_duration(one.duration_s),
        )
        return replace(stretch, callsign=one.flight)
