"""Files of what others publish and fly, read to make a scenario: the record as it was."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import FormatError, InputError, some_of
from sim.formats.contents import content_of
from sim.formats.reading import guess, read
from sim.formats.records import Problem, Zone
from sim.formats.tracks import GAP_S, FlownTrack
from sim.geometry.altitude import Reference
from sim.scenario.bulk import FROM
from sim.scenario.published import dated, is_within, pieces
from sim.scenario.replaying import around, record, replay, replay_beside
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sim.formats.reading import Reading
    from sim.scenario.published import Published, Window
    from sim.scenario.replaying import Record

HANDFUL = 250  # zones, flights and positions that a scenario still has written out
_LISTED = 8  # names that a line lists
_IN_A_NAME = 3  # names of files that a scenario's is made of
_MOST_HEARD = 20  # lines on what was read where nothing comes of it


class Imported(NamedTuple):
    """A scenario's plain tree, the files beside it, and what is to be told of the sources."""

    document: dict[str, Any]
    contents: dict[str, bytes]
    told: tuple[str, ...]


def import_files(
    paths: Sequence[str],
    *,
    form: str | None = None,
    error_m: float = 0.0,
    gap_s: float = GAP_S,
    between: Window | None = None,
    beside: bool | None = None,
    stem: str = "replay",
) -> Imported:
    """Make a scenario of files of zones and of tracks; see :func:`~sim.scenario.replaying.replay`.

    Of zones that are active again and again, only what lies within an hour of
    the tracks counts, if there are any. What could not be read, be it a whole file, and
    what lies outside the scenario's time, is told, file by file, and the rest goes on.

    Parameters
    ----------
    paths
        Files, of zones or of tracks.
    form
        The format of all, where it cannot be told from their content.
    error_m
        By how much tracks may be thinned.
    gap_s
        Where nothing is known for longer a track is split.
    between
        Unix times: only what lies between them counts.
    beside
        Whether zones and tracks stand in files beside the scenario; without it, they do
        if there are more than :data:`HANDFUL` zones, flights and positions in all.
    stem
        What the names of these files begin with.

    Raises
    ------
    InputError
        If a file is not there, none is of a known format, or nothing in them has a time.
    """
    contents = {path: content_of(path) for path in paths}
    reader = partial(read, error_m=error_m, gap_s=gap_s)
    sources, refused = _sources(contents, form, between, reader)
    published = [one for source in sources for one in source.published]
    flown = [one for source in sources for one in source.flown]
    unread = [f"{path}: not read: {error}" for path, error in refused.items()]
    try:
        kept = record(published, flown, between)
    except InputError as error:
        heard = unread + [line for source in sources for line in _heard(source)]
        said = "\n".join([*heard[:_MOST_HEARD], error.message])
        raise InputError(said, hint=error.hint) from None
    told = unread + [line for source in sources for line in _told(source, kept)]
    name = _named([FilePath(path).name for path in contents if path not in refused])
    if beside is None:
        beside = kept.size > HANDFUL
    told += [*_under_way(flown, kept), *_above_ground(kept), *_untold(kept, beside)]
    document, files = replay_beside(kept, name, stem) if beside else (replay(kept, name), {})
    return Imported(document, files, tuple(told))


class _Source(NamedTuple):
    """What a file gave."""

    path: str
    format: str
    published: tuple[Published, ...]
    flown: tuple[FlownTrack, ...]
    problems: tuple[Problem, ...]


def _sources(
    contents: Mapping[str, bytes],
    form: str | None,
    between: Window | None,
    reader: Callable[..., Reading],
) -> tuple[list[_Source], dict[str, FormatError]]:
    """Read files, and keep why others cannot be read; of all, that is an error."""
    kinds: dict[str, str] = {}
    refused: dict[str, FormatError] = {}
    for path, content in contents.items():
        with _collected(path, refused):
            kinds[path] = form or guess(content)
    sources: list[_Source] = []
    for path in sorted(kinds, key=lambda path: kinds[path] != "tracks"):  # tracks first
        span = between or around(one for source in sources for one in source.flown)
        with _collected(path, refused):
            found = reader(contents[path], form=kinds[path], between=span)
            sources.append(_source(path, found))
    if sources or not refused:
        return sources, refused
    path, error = next(iter(refused.items()))
    raise InputError(f"{path}: {error.message}", hint=error.hint) from error


@contextmanager
def _collected(path: str, refused: dict[str, FormatError]) -> Iterator[None]:
    """Keep why a file cannot be read."""
    try:
        yield
    except FormatError as error:
        refused[path] = error


def _source(path: str, reading: Reading) -> _Source:
    published, undated = dated(one for one in reading.found if isinstance(one, Zone))
    return _Source(
        path,
        reading.format,
        tuple(published),
        tuple(one for one in reading.found if isinstance(one, FlownTrack)),
        (*(one for one in reading.found if isinstance(one, Problem)), *undated),
    )


def _heard(source: _Source) -> Iterator[str]:
    """Tell how much of a file was read, and what could not be."""
    count, problems = len(source.published) + len(source.flown), len(source.problems)
    yield (
        f"{source.path}: {source.format}: {count} read,"
        f" {problems} problem{'' if problems == 1 else 's'}"
    )
    yield from (f"{source.path}: {problem}" for problem in source.problems)


def _told(source: _Source, found: Record) -> Iterator[str]:
    """Tell what of a file was read, what could not be, and what the time leaves out or cuts."""
    yield from _heard(source)
    away = {
        "zone": [one.zone.id for one in source.published if not any(pieces([one], found.within))],
        "track": [one.id for one in source.flown if not is_within(one.track, found.within)],
    }
    time = " to ".join(map(show_instant, found.within))
    for what, ids in away.items():
        if ids:
            plural, lie = ("", "lies") if len(ids) == 1 else ("s", "lie")
            named = some_of(ids, _LISTED)
            yield f"{source.path}: {len(ids)} {what}{plural} {lie} outside {time}: {named}"
    if ids := [*_early(source, found)]:
        zones, do = ("zone", "counts") if len(ids) == 1 else ("zones", "count")
        yield (
            f"{source.path}: {len(ids)} {zones} published before the scenario begins {do} as"
            f" published at {show_instant(found.within[0])}: {some_of(ids, _LISTED)}"
        )


def _early(source: _Source, found: Record) -> Iterator[str]:
    """Name the zones of the scenario's time that were published before it, and when."""
    for one in source.published:
        if one.issued is None or one.issued >= found.within[0]:
            continue
        if any(pieces([one], found.within)):
            yield f"{one.zone.id} ({show_instant(one.issued)})"


def _under_way(flown: Sequence[FlownTrack], found: Record) -> Iterator[str]:
    """Say of which flights the record has no entry where they are inside as it begins."""
    start, _ = found.within
    ids = [
        one.id for one in flown if one.track.start < start and is_within(one.track, found.within)
    ]
    if ids:
        are, count, they = (
            ("is", "counts", "it is") if len(ids) == 1 else ("are", "count", "they are")
        )
        yield (
            f"{len(ids)} flight{'' if len(ids) == 1 else 's'} {are} under way as"
            f" {show_instant(start)} begins, and {count} as entering then what {they} inside of:"
            f" {some_of(ids, _LISTED)}; begin sooner to see since when"
        )


def _above_ground(found: Record) -> Iterator[str]:
    """Say where the ground is taken to lie, if anything flies where a zone depends on it."""
    bands = [piece.volume.band for piece in found.zones]
    above = sum(
        any(
            limit.reference is Reference.AGL and limit.metres > 0.0
            for limit in (band.lower, band.upper)
        )
        for band in bands
    )
    if above and found.flights:
        yield (
            f"{above} of {len(bands)} zone{'' if len(bands) == 1 else 's'}"
            f" {'has' if above == 1 else 'have'} limits above ground, which is taken to lie at sea"
            " level; if it does not, run with --set 'vertical.terrain=400 m', say"
        )


def _untold(found: Record, beside: bool) -> Iterator[str]:
    """Say that nobody is told of zones whose publication is unknown, and what to do."""
    undated = sum(piece.issued is None for piece in found.zones)
    if not undated:
        return
    total = len(found.zones)
    was, them = ("it was", "it") if undated == 1 else ("they were", "them")
    step = f"run with --set 'zones.{FROM}.at=+0 s'"
    yield (
        f"{undated} of {total} zone{'' if total == 1 else 's'}: no source says when {was}"
        f" published, so nobody is told of {them}; to tell of {them} at the start,"
        f" {step if beside else f'import with --beside and {step}'}"
    )


def _named(files: Sequence[str]) -> str:
    """Name a scenario after its files, or after the first of many."""
    if len(files) > _IN_A_NAME:
        files = [*files[: _IN_A_NAME - 1], f"{len(files) - _IN_A_NAME + 1} more"]
    return " and ".join(part for part in (", ".join(files[:-1]), files[-1]) if part)
