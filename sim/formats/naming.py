"""Ids that are unique within one file, if need be by a number."""

from __future__ import annotations


class Names:
    """Hands out ids, each once, of no more than so many characters."""

    def __init__(self, longest: int | None = None) -> None:
        self._longest = longest
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """Give the name itself, or with the next number that is free: ``name-2``."""
        name = name[: self._longest]
        number = self._last.get(name, 0) + 1
        found = self._numbered(name, number)
        while found in self._taken:
            number += 1
            found = self._numbered(name, number)
        self._last[name] = number
        self._taken.add(found)
        return found

    def _numbered(self, name: str, number: int) -> str:
        end = "" if number == 1 else f"-{number}"
        kept = name if self._longest is None else name[: max(0, self._longest - len(end))]
        return kept + end
