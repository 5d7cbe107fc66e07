"""In what two scenarios differ: the values by their paths, as their authors wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from sim.scenario.bulk import FROM
from sim.scenario.paths import is_bulk
from sim.scenario.presets import completed
from sim.scenario.sidefiles import places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Path, Tree

_LABELS = frozenset({"keepout", "name", "about", "sources"})  # for readers: nothing comes of them
_SHOWN = 8  # digits of what names a file by its content


class Change(NamedTuple):
    """One value that is not the same in two scenarios, with its path as ``--set`` takes it.

    ``before`` and ``after`` are the plain trees that stand there, None where nothing does.
    """

    path: str
    before: Tree | None
    after: Tree | None


def find_changes(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Find in what two scenarios differ, in the order of the schema.

    Values are compared by their meaning: ``30 min`` and ``0.5 h`` are the same, as are a
    default that is written out and one that is not. Names, descriptions and sources do not count.
    What follows from another change, as a preset from its medium, is no change of its own.
    A file that holds something else stands with the start of what names it by its content.
    """
    raw = (before.document, after.document)
    whole = (_whole(raw[0]), _whole(raw[1]))
    found: dict[Path, tuple[Tree | None, Tree | None]] = {}
    pairs = (
        (before, after, ()),
        (before.zone_files, after.zone_files, ("zones", FROM)),
        (before.flight_files, after.flight_files, ("flights", FROM)),
    )
    for typed in (_as_written(path, raw) for pair in pairs for path in _apart(*pair)):
        path = typed[: min(_reach(document, typed) for document in whole)]
        written = [_at(document, path) for document in raw]
        if written != [None, None]:
            one, other = (
                _at(document, path) if text is None else text
                for document, text in zip(whole, written, strict=True)
            )
            found |= _within(path, one, other)
    found |= _of_content(before, after)
    return tuple(Change(".".join(map(str, path)), *pair) for path, pair in found.items())


def _as_written(path: Path, documents: Iterable[Tree]) -> Path:
    """Leave out of a path the number of the one file of a section that stands in no list."""
    if not is_bulk(path[:2]):
        return path
    listed = {isinstance(_at(document, path[:2]), list) for document in documents}
    if len(listed) > 1:
        return path[:2]
    return path if listed == {True} else (*path[:2], *path[3:])


def _of_content(before: Scenario, after: Scenario) -> dict[Path, tuple[str, str]]:
    """Give where files are named in both that do not hold the same; of one, the first place."""
    others = dict(places_of(after.document))
    found: dict[tuple[str, str], Path] = {}
    for path, name in places_of(before.document):
        if path in others:
            found.setdefault((name, others[path]), path)
    digests = before.sides.digests, after.sides.digests
    return {
        path: (f"{one} ({first[:_SHOWN]})", f"{other} ({second[:_SHOWN]})")
        for (one, other), path in found.items()
        if (first := digests[0][one]) != (second := digests[1][other])
    }


def _apart(one: Any, other: Any, path: Path) -> Iterator[Path]:
    """Give the paths of the smallest parts that are not equal."""
    if one == other:
        return
    if isinstance(one, BaseModel) and type(one) is type(other):
        for name, field in type(one).model_fields.items():
            if path or name not in _LABELS:
                key = field.alias or name
                yield from _apart(getattr(one, name), getattr(other, name), (*path, key))
    elif isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from _apart(one.get(key), other.get(key), (*path, key))
    elif type(one) is type(other) is tuple and len(one) == len(other):
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _apart(first, second, (*path, place))
    else:
        yield path


def _within(
    path: Path, one: Tree | None, other: Tree | None
) -> dict[Path, tuple[Tree | None, Tree | None]]:
    """Narrow a difference down to the values that are written differently."""
    if one == other:
        return {}
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = (_within((*path, key), one[key], other[key]) for key in one)
        return {below: pair for part in parts for below, pair in part.items()}
    return {path: (one, other)}


def _whole(document: dict[str, Any]) -> dict[str, Any]:
    """Give a document with what its channels take over from presets."""
    channels = document.get("channels", {})
    return {
        **document,
        "channels": {
            id_: completed(channel) if isinstance(channel, dict) else channel
            for id_, channel in channels.items()
        },
    }


def _reach(document: Tree, path: Path) -> int:
    """Count the keys of a path that lead on: a short form of a value has no parts."""
    here: Any = document
    for depth, key in enumerate(path):
        if isinstance(here, list) and isinstance(key, int) and key < len(here):
            here = here[key]
        elif isinstance(here, dict):
            if key not in here:
                break
            here = here[key]
        else:
            return depth
    return len(path)


def _at(document: Tree, path: Path) -> Tree | None:
    """Give what stands at a path; None if nothing does."""
    here: Any = document
    for key in path:
        if isinstance(here, dict):
            here = here.get(key)
        elif isinstance(here, list) and isinstance(key, int):
            here = here[key]
        else:
            return None
    return here  # type: ignore[no-any-return]
