"""Ids that are unique within one file, if need be by a number."""

from __future__ import annotations


class Names:
    """Hands out ids, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """Give the name itself, or with the next number that is free: ``name-2``."""
        number = self._last.get(name, 0) + 1
        found = name if number == 1 else f"{name}-{number}"
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._last[name] = number
        self._taken.add(found)
        return found
