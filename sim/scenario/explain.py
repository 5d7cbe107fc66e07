"""From the validation library's errors to complaints in the words of a scenario's author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.errors import InputError, described, did_you_mean, nearest
from sim.scenario.fields import EXAMPLES, named
from sim.scenario.paths import keys_of, kind_at
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

    from sim.scenario.tree import Path

_KEY = "[key]"  # how the library marks that the key of a mapping, not its value, is at fault


def complaints(error: ValidationError) -> list[Complaint]:
    """Give one complaint for each error, with the path where it lies.

    A misspelt key is not also called missing, and a list is not called short for
    the items that could not be read.
    """
    errors = error.errors(include_url=False)
    misspelt = {
        (*path[:-1], near)
        for path in (tuple(one["loc"]) for one in errors if one["type"] == "extra_forbidden")
        for near in [nearest(str(path[-1]), _known(path[:-1]))]
    }
    parents = {tuple(one["loc"])[:end] for one in errors for end in range(1, len(one["loc"]))}
    return [
        _complaint(one)
        for one in errors
        if not (one["type"] == "missing" and tuple(one["loc"]) in misspelt)
        and not (one["type"] == "too_short" and tuple(one["loc"]) in parents)
    ]


def _complaint(error: Mapping[str, Any]) -> Complaint:
    path: Path = tuple(error["loc"])
    found, context = error["input"], error.get("ctx", {})
    own = context.get("error")
    if isinstance(own, InputError):
        of_key = _KEY in path
        path = tuple(part for part in path if part != _KEY)
        return Complaint((*path, *own.at), own.message, own.hint, of_key)
    if error["type"] == "missing":
        return Complaint(path, _missing(path))  # its place is that of what lacks it
    if error["type"] == "extra_forbidden":
        return _unknown(path)
    if error["type"] == "too_short":
        few, needed = context["actual_length"], context["min_length"]
        return Complaint(path, f"expected at least {needed} entries, found {few}")
    if error["type"] == "too_long":
        most = context["max_length"]
        return Complaint(path, f"expected at most {most} entries, found {len(found)}")
    return Complaint(path, f"expected {_expected(path)}, found {described(found)}")


def _missing(path: Path) -> str:
    key = str(path[-1])
    holder = kind_at(path[:-1])
    name = named(keys_of(holder)[key]) if _is_model(holder) else None
    example = f": expected such as {EXAMPLES[name]}" if name else ""
    return f"{key} is missing{example}"


def _unknown(path: Path) -> Complaint:
    known = _known(path[:-1])
    message = f"unknown key: expected {', '.join(known)}"
    return Complaint(path, message, did_you_mean(str(path[-1]), known), of_key=True)


def _known(path: Path) -> list[str]:
    """Give the keys that the schema knows in the mapping at a path."""
    holder = kind_at(path)
    return list(keys_of(holder)) if _is_model(holder) else []


def _expected(path: Path) -> str:
    kind = kind_at(path)
    if _is_model(kind):
        return f"a mapping with {', '.join(keys_of(kind))}"
    return "a list" if getattr(kind, "__origin__", None) is tuple else "keys with values"


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
