"""Paths into a scenario: what the schema expects there, and documents with values replaced."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.errors import Fault, ScenarioError, did_you_mean, quoted
from sim.scenario.bulk import BULK, FROM
from sim.scenario.presets import completed
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic.fields import FieldInfo

    from sim.scenario.tree import Path, Tree


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Give the keys that a mapping may have, as they are written, with their fields."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def kind_at(path: Path, model: type[BaseModel] = Scenario) -> Any:
    """Give the type that a model expects at a path; None where it leads out of the model."""
    kind: Any = model
    if model is Scenario and is_bulk(path[:2]):
        kind, path = BULK[str(path[0])], path[1:]
    for key in path:
        kind = _below(kind, key)
    return kind


def is_bulk(path: Path) -> bool:
    """Tell whether a path leads to the files that the entries of a section are from."""
    return len(path) == 2 and path[0] in BULK and path[1] == FROM  # noqa: PLR2004 - and its key


def _below(kind: Any, key: str | int) -> Any:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = keys_of(kind).get(str(key))
        return _bare(field.annotation) if field else None
    if get_origin(kind) is dict:
        return _bare(get_args(kind)[1])
    if get_origin(kind) is tuple and isinstance(key, int):
        return _bare(get_args(kind)[0])
    return None


def _bare(kind: Any) -> Any:
    """Take away what surrounds a type: that it may be absent or shorter, and how it is read."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = [one for one in get_args(kind) if one is not NoneType][-1]
        else:
            return kind


def replaced(document: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give a document with values replaced by path; what is not on a path is shared.

    Parameters
    ----------
    document
        The plain tree of a scenario.
    changes
        New values by path, such as ``zones.raid-area.notices.first.lead``; list items by number.

    Raises
    ------
    ScenarioError
        If paths lead nowhere, all of them together.
    """
    faults: list[Fault] = []
    for path, value in changes.items():
        try:
            document = _with(document, tuple(path.split(".")), (), _plain(value))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return document


def _with(here: Any, rest: tuple[str, ...], walked: Path, value: Tree) -> Any:
    """Give a copy of a part of the document with the value put in below it."""
    if not rest:
        return value
    key, *after = rest
    if isinstance(here, list):
        if not (key.isascii() and key.isdigit()) or int(key) >= len(here):
            raise _nowhere(walked, key, (), f"the items here are 0 to {len(here) - 1}")
        place = int(key)
        item = _with(here[place], tuple(after), (*walked, place), value)
        return [*here[:place], item, *here[place + 1 :]]
    if not isinstance(here, dict):
        raise _nowhere(walked, key, (), f"{quoted(here)} has no parts")
    kind = _bare(kind_at(walked))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if key not in keys_of(kind):
            raise _nowhere(walked, key, keys_of(kind))
        below = _default(here, walked).get(key, {})
    else:
        is_id = get_origin(kind) is dict and not is_bulk((*walked, key))
        if key not in here and is_id:
            raise _nowhere(walked, key, here)
        below = here.get(key, {})
    return {**here, key: _with(below, tuple(after), (*walked, key), value)}


def _default(here: dict[str, Any], walked: Path) -> dict[str, Any]:
    """Give a mapping with what it takes over from a preset, which a path may go through."""
    is_channel = len(walked) == 2 and walked[0] == "channels"  # noqa: PLR2004 - and its id
    return completed(here) if is_channel else here


def _nowhere(walked: Path, key: str, known: Iterable[str], why: str = "") -> ScenarioError:
    known = [str(one) for one in known]
    message = f"there is no {quoted(key)} here"
    if why or known:
        message += f": {why}" if why else f", only {', '.join(known[:12])}"
    return ScenarioError([Fault(message, (*walked, key), did_you_mean(key, known))])


def _plain(value: Any) -> Tree:
    """Give a tree of mappings, lists and texts, as it would have been read from a file."""
    if isinstance(value, dict):
        return {str(key): _plain(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(below) for below in value]
    return str(value)
