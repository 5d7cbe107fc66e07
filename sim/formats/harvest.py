"""What one file gives, gathered in its order: zones under names of their own, and problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.formats.documents import Node, problem_of
from sim.formats.records import Problem, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.errors import InputError
    from sim.geometry.volume import Volume

MOST_VOLUMES = 500_000  # of recurring activity in one file: 1 GB or so


class Harvest:
    """Zones and problems in the order of the file."""

    def __init__(self) -> None:
        self.entries: list[Zone | Problem] = []
        self._taken: dict[str, int] = {}
        self._volumes = 0

    def add_zone(
        self,
        identifier: str,
        name: str,
        volumes: Sequence[Volume],
        kind: str,
        attributes: Mapping[str, str],
    ) -> None:
        """Add a zone; a name that is taken gets a number: ``EDR1#2``."""
        self._volumes += len(volumes)
        self.entries.append(
            Zone(self._unique(identifier), name, tuple(volumes), kind, dict(attributes))
        )

    def _unique(self, identifier: str) -> str:
        count = self._taken.get(identifier, 0) + 1
        name = identifier if count == 1 else f"{identifier}#{count}"
        while count > 1 and name in self._taken:
            count += 1
            name = f"{identifier}#{count}"
        self._taken[identifier] = count
        self._taken.setdefault(name, 1)
        return name

    def add_error(self, error: InputError) -> None:
        """Add what could not be read, with its place."""
        self.entries.append(problem_of(error))

    def note(self, node: Node, message: str, hint: str = "") -> None:
        """Add a problem with a value of the document."""
        self.add_error(node.refuse(message, hint))

    @property
    def room(self) -> int:
        """How many more volumes the file may give."""
        return max(0, MOST_VOLUMES - self._volumes)


def plain(value: Any) -> str:
    """Give a value as a text: a list of texts with commas, and what is deeper as JSON."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(member, str) for member in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def attributes_of(mapping: Mapping[str, Any], besides: Iterable[str]) -> dict[str, str]:
    """Give the values of a mapping as texts, without some, and without those that say nothing."""
    left_out = set(besides)
    return {
        name: plain(value)
        for name, value in mapping.items()
        if name not in left_out and value not in (None, "", [], {})
    }
