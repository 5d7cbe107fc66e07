"""From the validation library's errors to complaints in the words of a scenario's author."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.errors import InputError, described, did_you_mean, nearest, quoted
from sim.scenario.bulk import BULK
from sim.scenario.fields import EXAMPLES, named
from sim.scenario.paths import keys_of, kind_at
from sim.scenario.schema import Scenario
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

    from sim.scenario.tree import Path

_LONGEST = 48  # characters of a found text that a hint repeats
_PARTS = re.compile(r"\s*[:=\s]\s*")
# What stands in a mapping of each kind, for whoever wrote something else in its place.
_EXAMPLES = {
    "Party": "{name: Survey company}",
    "Desk": "{officers: 1, handling: 5 min}",
    "Response": "{comply: 0.9, reaction: 3 min}",
    "Answer": "{probability: 0.85, wait: 1 min, patience: 5 min}",
    "Area": "{circle: {center: 36.3N 36.7E, radius: 6 km}}",
    "ZoneArea": "{buffer: 40 km}",
    "Circle": "{center: 36.3N 36.7E, radius: 6 km}",
    "Corridor": "{route: [36N 36E, 37N 37E], width: 10 NM}",
    "Window": "{start: 2022-02-02T22:30Z, duration: 3 h}",
    "ZoneWindow": "{pad: 30 min}",
    "Vertical": "{terrain: 400 m, qnh: standard}",
    "Retry": "{after: 5 min, attempts: 6}",
    "Repeat": "{every: 2 h, count: 3}",
    "Notice": "{to: [russia], via: line, lead: 2 h}",
    "SideTrack": "{file: day.parquet, id: abc}",
    "ZoneFile": "{file: geozones.json, party: us}",
    "FlightFile": "{file: day.parquet, party: civil}",
}
_AT_THE_TOP = {"duration": 'write "end: +12 h" for so long after the start'}
_MISSING: dict[Path, str] = {
    ("keepout",): 'write "keepout: 1"',
    ("name",): 'write such as "name: Northern range"',
}
_KEY = "[key]"  # how the library marks that the key of a mapping, not its value, is at fault


@dataclass(frozen=True, slots=True)
class Words:
    """What there is to say of one kind of file.

    Parameters
    ----------
    model
        What the file as a whole is read as.
    examples
        What stands in a mapping of each kind, by the name of its class.
    missing
        What to write for keys that are missing, by path.
    misplaced
        What to write for keys that people look for at the top.
    """

    model: type[BaseModel]
    examples: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[Path, str] = field(default_factory=dict)
    misplaced: Mapping[str, str] = field(default_factory=dict)

    def kind_at(self, path: Path) -> Any:
        """Give the type that is expected at a path of such a file."""
        return kind_at(path, self.model)

    def example_at(self, path: Path) -> str:
        """Give a mapping that can stand at a path, if there is one to show."""
        return self.examples.get(getattr(self.kind_at(path), "__name__", ""), "")

    def known(self, path: Path) -> list[str]:
        """Give the keys that can stand in the mapping at a path."""
        holder = self.kind_at(path)
        return list(keys_of(holder)) if _is_model(holder) else []


SCENARIO = Words(Scenario, _EXAMPLES, _MISSING, _AT_THE_TOP)
FILES = {section: Words(model, _EXAMPLES) for section, model in BULK.items()}
"""Of the sections that may be from files, what is said of these."""


def complaints(error: ValidationError, words: Words = SCENARIO) -> list[Complaint]:
    """Give one complaint for each error, with the path where it lies.

    A misspelt key is not also called missing, and a list is not called short for
    the items that could not be read.
    """
    errors = error.errors(include_url=False)
    misspelt = {
        (*path[:-1], near)
        for path in (tuple(one["loc"]) for one in errors if one["type"] == "extra_forbidden")
        for near in [_run_together(path, words) or nearest(str(path[-1]), words.known(path[:-1]))]
    }
    parents = {tuple(one["loc"])[:end] for one in errors for end in range(1, len(one["loc"]))}
    return [
        _complaint(one, words)
        for one in errors
        if not (one["type"] == "missing" and tuple(one["loc"]) in misspelt)
        and not (one["type"] == "too_short" and tuple(one["loc"]) in parents)
    ]


def _complaint(error: Mapping[str, Any], words: Words) -> Complaint:
    path: Path = tuple(error["loc"])
    found, context = error["input"], error.get("ctx", {})
    own = context.get("error")
    if isinstance(own, InputError):
        of_key = _KEY in path
        path = tuple(part for part in path if part != _KEY)
        return Complaint((*path, *own.at), own.message, own.hint, of_key)
    if error["type"] == "missing":
        hint = words.missing.get(path, "")
        return Complaint(path, _missing(path, words), hint)  # its place is that of what lacks it
    if error["type"] == "extra_forbidden":
        return _unknown(path, found, words)
    if error["type"] == "too_short":
        few, needed = context["actual_length"], context["min_length"]
        return Complaint(path, f"expected at least {needed} entries, found {few}")
    if error["type"] == "too_long":
        most = context["max_length"]
        return Complaint(path, f"expected at most {most} entries, found {len(found)}")
    if error["type"] == "tuple_type":
        hint = _bracketed(found)
    elif example := words.example_at(path):
        hint = f"write such as {example}"
    else:
        hint = "write each id as a key" if isinstance(found, list) else ""
    return Complaint(path, f"expected {_expected(path, words)}, found {described(found)}", hint)


def _bracketed(found: object) -> str:
    """Suggest a list for its items in one text."""
    return f"put it in brackets: [{found}]" if isinstance(found, str) and _fits(found) else ""


def _fits(found: str) -> bool:
    return found.isprintable() and 0 < len(found) <= _LONGEST and not set(found) & set("[]{}")


def _missing(path: Path, words: Words) -> str:
    key = str(path[-1])
    holder = words.kind_at(path[:-1])
    name = named(keys_of(holder)[key]) if _is_model(holder) else None
    written = EXAMPLES[name] if name else words.example_at(path)
    example = f": expected such as {written}" if written else ""
    return f"{key} is missing{example}"


def _unknown(path: Path, found: object, words: Words) -> Complaint:
    known = words.known(path[:-1])
    message = f"unknown key: expected {', '.join(known)}"
    return Complaint(path, message, _meant(path, found, words), of_key=True)


def _meant(path: Path, found: object, words: Words) -> str:
    """Suggest what an unknown key, with the value found, was to be."""
    key, known = str(path[-1]), words.known(path[:-1])
    if len(path) == 1 and key in words.misplaced:
        return words.misplaced[key]
    if together := _run_together(path, words):
        value = key[len(together) :].lstrip(" :=")
        return f"write {quoted(f'{together}: {value}')}"
    if near := did_you_mean(key, known):
        return near
    for below in known:
        kind = words.kind_at((*path[:-1], below))
        if _is_model(kind) and key in keys_of(kind):
            return f"it belongs in {below}"
    if found == "":
        return "a comma ends a value: write 6.5 for 6,5, and several values as [a, b]"
    return ""


def _run_together(path: Path, words: Words) -> str | None:
    """Give the key that begins a text in which no colon, or no blank after one, parts its value."""
    word, _, rest = _PARTS.sub(" ", str(path[-1]), count=1).partition(" ")
    return word if rest and word in words.known(path[:-1]) else None


def _expected(path: Path, words: Words) -> str:
    kind = words.kind_at(path)
    if _is_model(kind):
        return f"a mapping with {', '.join(keys_of(kind))}"
    return "a list" if getattr(kind, "__origin__", None) is tuple else "keys with values"


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
