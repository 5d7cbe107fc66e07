"""What the NOTAMs of one text do to each other: who is cancelled or replaced, by whom, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sim.formats.notam.record import Notam

_ANYWHERE, _NOWHERE = "*", ""  # of all places, and of NOTAMs that name none
_DOES = {"C": "cancels", "R": "replaces"}


class Ending(NamedTuple):
    """When a NOTAM ends another, and which does."""

    at: datetime
    by: str
    kind: str


class Linked(NamedTuple):
    """A NOTAM with what ends it, and what is wrong with its reference to another, if anything."""

    notam: Notam
    fault: FormatError | None


def linked(notams: Sequence[Notam]) -> list[Linked]:
    """Carry out cancellations and replacements among the NOTAMs of one text, in any order.

    A NOTAMC cancels, and a NOTAMR replaces, the one NOTAM whose series, number and
    year it names (Doc 8126, 6.3.4). Different offices number alike, so the two share the
    FIR of the Q-line or a location of item A), unless one of them names no place.
    The other one counts no longer, whatever its item C) says, from item B) on of the one
    that names it: "in the cases of NOTAMR and NOTAMC, the date-time group is the
    actual date and time of the NOTAM origination" (ICAO Annex 15, appendix 6, item B;
    now Doc 10066, PANS-AIM, appendix 3). If several end the same one, the first to take
    effect does.

    Returns
    -------
    list of Linked
        In the same order. A reference to a NOTAM that is not among them is a fault;
        the NOTAM that makes it counts nevertheless.
    """
    known = {(n.identity, place) for n in notams for place in (*_places(n), _ANYWHERE)}
    endings: dict[tuple[str, str], Ending] = {}
    faults: list[FormatError | None] = []
    for notam in notams:
        fault = _fault(notam, known) if notam.kind in _DOES else None
        faults.append(fault)
        if notam.kind in _DOES and not fault:
            _record(notam, endings)
    return [
        Linked(_ended(notam, endings), fault) for notam, fault in zip(notams, faults, strict=True)
    ]


def _places(notam: Notam) -> Iterable[str]:
    return {notam.fir, *notam.locations} - {None} or {_NOWHERE}  # type: ignore[return-value]


def _meeting(places: Iterable[str]) -> Iterable[str]:
    """Give under which places another NOTAM may stand that is about some places."""
    return (_ANYWHERE,) if _NOWHERE in places else (*places, _NOWHERE)


def _fault(notam: Notam, known: set[tuple[str, str]]) -> FormatError | None:
    other = notam.refers_to or ""
    says = f"it {_DOES[notam.kind or '']} {other}"
    if other == notam.identity:
        return FormatError(f"{says}, which is itself")
    if not any((other, place) in known for place in _meeting(_places(notam))):
        where = " ".join(sorted({notam.fir or "", *notam.locations} - {""}))
        return FormatError(
            f"{says}, which is not among the NOTAMs of this text"
            + (f" for {quoted(where)}" if where else ""),
            hint="put both in one file, so that the other one ends",
        )
    if notam.effective is None:
        return FormatError(
            f"{says}, and has no item B) that says from when on", hint="add its item B)"
        )
    return None


def _record(notam: Notam, endings: dict[tuple[str, str], Ending]) -> None:
    assert notam.effective is not None
    assert notam.refers_to is not None
    ending = Ending(notam.effective, notam.identity, notam.kind or "")
    for place in (*_places(notam), _ANYWHERE):
        key = (notam.refers_to, place)
        endings[key] = min(ending, endings.get(key, ending))


def _ended(notam: Notam, endings: dict[tuple[str, str], Ending]) -> Notam:
    keys = [(notam.identity, place) for place in _meeting(_places(notam))]
    found = [endings[key] for key in keys if key in endings]
    if not found:
        return notam
    at, by, kind = min(found)
    return replace(
        notam,
        ended=at,
        cancelled_by=by if kind == "C" else None,
        replaced_by=by if kind == "R" else None,
    )
