"""YAML text to a plain tree of mappings, lists and texts that knows where everything stands.

The text is read from PyYAML's event stream, one event after the other, so that neither
depth nor size nor an alias can make it run away. Every scalar stays the text it is: what
YAML would guess of it (`NO`, `12:30`, `1e3`) never happens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from sim.errors import Fault, ScenarioError, described, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    Tree = dict[str, Any] | list[Any] | str
    Path = tuple[str | int, ...]

LARGEST_BYTES = 2**20  # larger data belongs in side files
DEEPEST = 64
_MOST_FAULTS = 100  # a file with more is no scenario, and nobody reads on

_Loader = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # a build without libyaml has only the latter
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Place(NamedTuple):
    """Where something stands in a text; both count from one."""

    line: int
    column: int


class Complaint(NamedTuple):
    """What is wrong at a path; its place is that of the value, or ``of_key`` that of its key."""

    path: Path
    message: str
    hint: str = ""
    of_key: bool = False


@dataclass(slots=True)
class Source:
    """A text that has been read: its tree, where its parts stand, what is wrong with it so far.

    ``broken`` are the paths whose value is not to be trusted: what is further
    wrong there would only repeat a fault.
    """

    name: str
    document: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    start: Place | None = None
    _keys: dict[int, dict[str | int, Place]] = field(default_factory=dict)
    _values: dict[int, dict[str | int, Place]] = field(default_factory=dict)

    def record(self, holder: Tree, key: str | int, key_place: Place | None, place: Place) -> None:
        """Keep where a value of a mapping or list, and its key, stand."""
        if key_place:
            self._keys.setdefault(id(holder), {})[key] = key_place
        self._values.setdefault(id(holder), {})[key] = place

    def locate(self, path: Path, *, of_key: bool = False) -> tuple[Path, Place | None]:
        """Find the part that a path leads to, or as near to it as the document goes.

        Parameters
        ----------
        path
            Keys from the top. A key that the document does not have ends the walk; one
            that it leaves out because a short form is written is skipped.
        of_key
            Ask for the key's place even where the value is one text.

        Returns
        -------
        tuple[Path, Place | None]
            The path as far as the document has it, and its place: that of a text itself,
            and of a mapping or list that of its key.
        """
        here: Tree = self.document
        walked: list[str | int] = []
        place = self.start
        for key in path:
            if isinstance(here, list) and isinstance(key, str):
                continue
            inside = key in here if isinstance(here, dict) else _holds(here, key)
            if not inside:
                break
            holder, here = here, here[key]  # type: ignore[index]
            walked.append(key)
            on_key = of_key or not isinstance(here, str)
            values = self._values.get(id(holder), {})
            place = (self._keys if on_key else self._values).get(id(holder), values).get(key)
        return tuple(walked), place

    def fault(self, complaint: Complaint) -> Fault:
        """Give a complaint its place in the text."""
        path, place = self.locate(complaint.path, of_key=complaint.of_key)
        line, column = place or (None, None)
        return Fault(complaint.message, path, complaint.hint, self.name, line, column)

    def located(self, complaints: Iterable[Complaint]) -> list[Fault]:
        """Give complaints their places, but for those of values that are not to be trusted."""
        return [self.fault(one) for one in complaints if not self.is_broken(one.path)]

    def is_broken(self, path: Path) -> bool:
        """Tell whether the path leads to or through a value that is not to be trusted."""
        return any(path[: len(broken)] == broken for broken in self.broken)


def _holds(here: Tree, key: str | int) -> bool:
    return isinstance(here, list) and isinstance(key, int) and 0 <= key < len(here)


def decode(data: bytes, name: str) -> str:
    """Give the text of a file, UTF-8 with or without a byte order mark.

    Raises
    ------
    ScenarioError
        If the file is too large, or no UTF-8.
    """
    if len(data) > LARGEST_BYTES:
        raise _refusal(
            name,
            f"the file is larger than {LARGEST_BYTES // 2**20} MiB, the most that is read",
            hint="move bulk data into side files",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise _refusal(
            name,
            f"the byte 0x{data[error.start]:02x} is no UTF-8: expected a text file",
            place=_place_after(before),
        ) from None


def parse(text: str, name: str, kind: str = "scenario") -> Source:
    """Read one YAML document, which is to be of a kind of file that messages name.

    Raises
    ------
    ScenarioError
        If the text cannot be read on: no YAML, empty, too deep, several documents, no mapping.
        Lesser faults are kept in the source.
    """
    if len(text) > LARGEST_BYTES:
        raise _refusal(name, f"the text is larger than {LARGEST_BYTES // 2**20} MiB")
    if odd := _UNPRINTABLE.search(text):
        raise _refusal(
            name,
            f"the character U+{ord(odd[0]):04X} does not belong in a text file: "
            f"expected a {kind} in YAML, not binary data",
            place=_place_after(text[: odd.start()]),
        )
    builder = _Builder(Source(name), kind)
    event = None
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(name, text, error, event) from None
    if builder.root is None:
        raise _refusal(
            name,
            f"the file is empty: expected a {kind}",
            hint="keepout new FILE writes one to start from" if kind == "scenario" else "",
        )
    builder.finish()
    return builder.source


def parse_value(text: str) -> Tree:
    """Read one value as it would stand in a file: ``30 min``, or ``{uniform: {...}}`` or a list.

    Raises
    ------
    ScenarioError
        If the value is no YAML, or has more in it than mappings, lists and texts.
    """
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        source = parse(f"value: {text}", "")
    except ScenarioError as error:
        raise _without_places(error.faults) from None
    if source.faults:
        raise _without_places(source.faults)
    value: Tree = source.document["value"]
    return value


def _without_places(faults: Iterable[Fault]) -> ScenarioError:
    return ScenarioError([one._replace(path=(), line=None, column=None) for one in faults])


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("holder", "key", "key_place", "path")

    def __init__(self, holder: dict[str, Any] | list[Any], path: Path) -> None:
        self.holder = holder
        self.path = path
        self.key: str | None = None
        self.key_place: Place | None = None


class _Builder:
    """Puts the tree together from events."""

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.kind = kind
        self.root: Tree | None = None
        self._open: list[_Open] = []

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event)
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_extras(event)
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self.source.broken.add(self._path_here)
            self._fault(event, f"aliases such as *{event.anchor} are not read", "write it out")
            self._scalar(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._stopped(
                event, f"a second document starts here: expected one {self.kind} a file"
            )

    def _scalar(self, event: Any) -> None:
        value = getattr(event, "value", "")
        if self._open and isinstance(self._open[-1].holder, dict) and self._open[-1].key is None:
            self._key(value, event)
        else:
            self._put(value, event)

    def _key(self, key: str, event: Any) -> None:
        top = self._open[-1]
        top.key, top.key_place = key, _place(event)
        if key in top.holder:
            _, first = self.source.locate((*top.path, key), of_key=True)
            line = f" (first on line {first.line})" if first else ""
            self.source.broken.add(self._path_here)
            self._fault(event, f"this key stands here twice{line}", "keep one of the two")

    def _begin(self, holder: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self._open) >= DEEPEST:
            raise self._stopped(event, f"this is nested more than {DEEPEST} deep")
        if self._open and isinstance(self._open[-1].holder, dict) and self._open[-1].key is None:
            raise self._stopped(event, "a key must be a text, found a mapping or a list")
        path = self._path_here
        self._put(holder, event)
        self._open.append(_Open(holder, path))

    def _put(self, value: Tree, event: Any) -> None:
        if not self._open:
            self._put_root(value, event)
            return
        top = self._open[-1]
        if isinstance(top.holder, list):
            key: str | int = len(top.holder)
            top.holder.append(value)
        else:
            assert top.key is not None, "a value follows its key"
            key, top.key = top.key, None
            if key in top.holder:
                return  # the first holds; the second has its fault already
            top.holder[key] = value
        self.source.record(top.holder, key, top.key_place, _place(event))

    def _put_root(self, value: Tree, event: Any) -> None:
        self.root = value
        self.source.start = _place(event)
        if isinstance(value, dict):
            self.source.document = value
        elif isinstance(value, list):
            raise self._stopped(event, _none_of(self.kind, value))

    def finish(self) -> None:
        """Refuse a text that is one value; only its end tells it from a key without a colon."""
        if isinstance(self.root, str):
            line, column = self.source.start or (None, None)
            fault = Fault(_none_of(self.kind, self.root), (), "", self.source.name, line, column)
            raise ScenarioError([*self.source.faults, fault])

    def _refuse_extras(self, event: Any) -> None:
        if event.tag is not None:
            tag = str(event.tag).removeprefix("tag:yaml.org,2002:")
            self._fault(event, f"tags such as {quoted(tag)} are not read", "write the plain value")
        if event.anchor is not None:
            self._fault(event, f"anchors such as &{event.anchor} are not read", "leave it out")

    def _fault(self, event: Any, message: str, hint: str) -> None:
        place = _place(event)
        self.source.faults.append(
            Fault(message, self._path_here, hint, self.source.name, place.line, place.column)
        )
        if len(self.source.faults) >= _MOST_FAULTS:
            raise ScenarioError(self.source.faults)

    @property
    def _path_here(self) -> Path:
        if not self._open:
            return ()
        top = self._open[-1]
        if isinstance(top.holder, list):
            return (*top.path, len(top.holder))
        return (*top.path, top.key) if top.key is not None else top.path

    def _stopped(self, event: Any, message: str) -> ScenarioError:
        place = _place(event)
        fault = Fault(message, (), "", self.source.name, place.line, place.column)
        return ScenarioError([*self.source.faults, fault])


def _none_of(kind: str, found: Tree) -> str:
    return f"expected a {kind}: keys with values, found {described(found)}"


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _place_after(before: str) -> Place:
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _refusal(
    name: str, message: str, *, hint: str = "", place: Place | None = None
) -> ScenarioError:
    line, column = place or (None, None)
    return ScenarioError([Fault(message, (), hint, name, line, column)])


def _not_yaml(name: str, text: str, error: yaml.MarkedYAMLError, last: Any) -> ScenarioError:
    from sim.scenario.syntax import slip  # noqa: PLC0415 - only when something is wrong

    found = slip(text, error, last)
    if found is None:
        return _refusal(name, f"this is no YAML: {error.problem}")
    place = Place(found.line, found.column)
    return _refusal(name, f"this is no YAML: {found.message}", hint=found.hint, place=place)
