"""Versions: what each zone was, and what each party's desk held of it, at every instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.findings.notices import copies
from sim.model.journal import Journal, Step, ZoneIssued

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.geometry.volume import Volume

Versions = Sequence[tuple[int, "Volume"]]
"""Version numbers and volumes, in order, with windows that do not overlap."""

_NOBODY: Mapping[str, tuple[float, Versions]] = MappingProxyType({})


@lru_cache(maxsize=1)  # asked for by several findings of one run
def declared(journal: Journal) -> Mapping[str, Versions]:
    """Give what each zone really was: its versions, each while it was the newest and active.

    Versions that were never active are left out.
    """
    issued: defaultdict[str, list[tuple[float, int, Volume | None]]] = defaultdict(list)
    for record in journal.of(ZoneIssued):
        volume = None if record.change == "cancel" else record.volume
        issued[record.zone].append((record.at, record.version, volume))
    return MappingProxyType(
        {zone: _each_until_the_next(versions) for zone, versions in issued.items()}
    )


def held(journal: Journal, zone: str) -> Mapping[str, tuple[float, Versions]]:
    """Give what each desk held of a zone: when it first did, and its versions as told.

    A version counts from when the desk had handled it to when it had handled
    the next one, within the window told.
    """
    return _holdings(journal).get(zone, _NOBODY)


@lru_cache(maxsize=1)  # asked for zone by zone
def _holdings(journal: Journal) -> dict[str, Mapping[str, tuple[float, Versions]]]:
    """Give what each desk held, by zone and party."""
    handled: defaultdict[str, defaultdict[str, list[tuple[float, int, Volume | None]]]]
    handled = defaultdict(lambda: defaultdict(list))
    for copy in copies(journal):
        at = copy.when(Step.HANDLED)
        if at is not None:
            told = None if copy.head.change == "cancel" else copy.told
            handled[copy.head.zone][copy.head.recipient].append((at, copy.head.version, told))
    return {
        zone: MappingProxyType(
            {
                party: (min(at for at, _, _ in versions), _each_until_the_next(_newest(versions)))
                for party, versions in sorted(parties.items())
            }
        )
        for zone, parties in handled.items()
    }


def _newest(
    handled: Sequence[tuple[float, int, Volume | None]],
) -> list[tuple[float, int, Volume | None]]:
    """Leave out what came after a newer version: a desk goes by the newest it holds."""
    kept: list[tuple[float, int, Volume | None]] = []
    for item in sorted(handled, key=lambda item: item[0]):
        if not kept or item[1] >= kept[-1][1]:
            kept.append(item)
    return kept


def _each_until_the_next(versions: Sequence[tuple[float, int, Volume | None]]) -> Versions:
    until = [at for at, _, _ in versions[1:]] + [inf]
    found: list[tuple[int, Volume]] = []
    for (at, version, volume), end in zip(versions, until, strict=True):
        if volume is None:
            continue
        window = max(at, volume.window[0]), min(end, volume.window[1])
        if window[0] < window[1]:
            found.append((version, replace(volume, window=window)))
    return tuple(found)
