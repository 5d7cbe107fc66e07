"""What a map of a part of a run shows, as a sentence: who is where, and who ought not to be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES
from sim.report.wording import Clock, counted, explained, listed, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.run import Run
    from sim.plots.drawn import DrawnEntry
    from sim.plots.places import Places

_NAMED = 3  # so many are named, more are counted


def sighting(run: Run, places: Places) -> str:
    """Say what is in force, who flies and who is inside, at an instant or during a span."""
    clock = Clock.of(run.scenario)
    if places.instant is not None:
        is_whole = (clock.start_unix + places.instant) % 60.0 == 0.0
        when = (clock.minute if is_whole else clock.second)(places.instant)
        return f"At {when} {_at(places)}."
    start, end = places.span
    when = "" if (start, end) == (0.0, run.plan.horizon) else f", {clock.span(start, end)}"
    return f"{_during(places)}{when}."


def _at(places: Places) -> str:
    zones = sorted({one.name for one in places.footprints if one.kind == "declared"})
    operations = sorted({one.name for one in places.footprints if one.kind == "true"})
    flying = len({one.flight for one in places.tracks if one.kind == "flown"})
    parts = [f"{_these(zones, 'zone')} active"]
    if operations:
        parts.append(f"{_these(operations, 'operation')} under way")
    parts.append(f"{counted(flying, 'flight')} {'is' if flying < 2 else 'are'} in the air")  # noqa: PLR2004 - one, or none
    inside = _inside(places.entries)
    return f"{listed(parts)}; {inside}" if inside else listed(parts)


def _these(names: Sequence[str], what: str) -> str:
    """Say which are, or how many."""
    if len(names) > _NAMED:
        return f"{counted(len(names), what)} are"
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'}" if names else f"no {what} is"


def _inside(entries: Sequence[DrawnEntry]) -> str:
    """Say who is where it ought not to be; a flight's stays in operations are within zones'."""
    first: dict[str, DrawnEntry] = {}
    for one in entries:
        first.setdefault(one.who, one)
    if not first:
        return ""
    if len(first) > _NAMED:
        return f"{len(first):,} of them inside: {_causes([*first.values()])}"
    return listed(
        [
            f"{one.inside} is over {one.who} ({explained(one.cause)})"
            if one.kind == "site_incursion"
            else f"{one.who} is inside {one.inside} ({explained(one.cause)})"
            for one in first.values()
        ]
    )


def _during(places: Places) -> str:
    """Say how many of the flights that are shown came in, and why."""
    flights = {one.flight for one in places.tracks}
    stays = [one for one in places.entries if one.kind != "site_incursion"]
    over = sorted({one.who for one in places.entries if one.kind == "site_incursion"})
    first: dict[str, DrawnEntry] = {}
    for one in stays:
        first.setdefault(one.who, one)
    if not flights:
        said = "No flight is shown"
    elif not first:
        said = (
            f"None of {counted(len(flights), 'flight')} came into what is shown"
            if len(flights) > 1
            else "The one flight came into nothing that is shown"
        )
    elif len(first) <= _NAMED:
        said = listed(
            [f"{one.who} came into {one.inside} ({explained(one.cause)})" for one in first.values()]
        )
    else:
        why = _causes([*first.values()])
        names = sorted({one.inside for one in stays})
        where = f"into {listed(names)}" if len(names) <= _NAMED else "in"
        said = f"{len(first):,} of {counted(len(flights), 'flight')} came {where}: {why}"
    return f"{said}; operations were over {listed(over)}" if over else said


def _causes(entries: Sequence[DrawnEntry]) -> str:
    counts = Counter(one.cause for one in entries)
    return listed([f"{counts[cause]:,} {named(cause)}" for cause in CAUSES if counts[cause]])
