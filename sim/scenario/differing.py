"""In what two scenarios differ: the values by their paths, as their authors wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from sim.scenario.presets import completed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Path, Tree

_LABELS = frozenset({"keepout", "name", "about", "sources"})  # for readers: nothing comes of them


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
    """
    raw = (before.document, after.document)
    whole = (_whole(raw[0]), _whole(raw[1]))
    found: dict[Path, tuple[Tree | None, Tree | None]] = {}
    for typed in _apart(before, after, ()):
        path = typed[: min(_reach(document, typed) for document in whole)]
        written = [_at(document, path) for document in raw]
        if written != [None, None]:
            one, other = (
                _at(document, path) if text is None else text
                for document, text in zip(whole, written, strict=True)
            )
            found |= _within(path, one, other)
    return tuple(Change(".".join(map(str, path)), *pair) for path, pair in found.items())


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
