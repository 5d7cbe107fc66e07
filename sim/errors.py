"""Every error that keepout raises on purpose, in one tree.

::

    KeepoutError
    ├── InputError (ValueError)        what the user gave is wrong: exit status 2
    │   ├── UnitError                  a text is no quantity, position or time
    │   ├── GeometryError              no footprint, band, volume or track can be made of this
    │   ├── VerticalError              two altitude limits need a setting to be compared
    │   ├── FormatError                a document of another format is not what it says it is
    │   ├── ScenarioError              a scenario file has faults, each with its place
    │   └── JournalError               a journal cannot be read
    ├── OutputError (OSError)          a result cannot be written
    ├── ClusterError (ConnectionError) the machines that a sweep runs on are lost
    └── ModelError                     the model itself failed, which is a fault of keepout
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN = 48  # characters of a found text that a message repeats


def quoted(found: object, most: int = _SHOWN) -> str:
    """Give what was found in quotes, on one line and short enough for a message."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(found)[:most])
    return f'"{text}..."' if len(str(found)) > most else f'"{text}"'


def some_of(names: Sequence[str], most: int) -> str:
    """Name as many as asked, and say how many more there are: ``a, b and 3 more``."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def described(found: object) -> str:
    """Name what stands where something else is expected: a text in quotes, or its kind."""
    if isinstance(found, dict):
        return "a mapping"
    if isinstance(found, (list, tuple)):
        return "a list"
    return quoted(found) if str(found).strip() else "nothing"


def nearest(found: str, known: Iterable[str]) -> str | None:
    """Give the one of ``known`` that ``found`` is most likely a slip for; None if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(found[:_SHOWN].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Give ``did you mean "..."?`` for the nearest of ``known``, or nothing if none is near."""
    near = nearest(found, known)
    return f"did you mean {quoted(near)}?" if near else ""


class KeepoutError(Exception):
    """Whatever keepout itself has to complain of."""


class InputError(KeepoutError, ValueError):
    """What the user gave is wrong; the message says what, where, and what to do next.

    Parameters
    ----------
    message
        What was found and what is expected.
    at
        Keys below the value being read, where the fault lies deeper inside it.
    hint
        The next step, if there is one to suggest.
    """

    def __init__(self, message: str, *, at: Sequence[str | int] = (), hint: str = "") -> None:
        super().__init__(message if not hint else f"{message}; {hint}")
        self.message = message
        self.at = tuple(at)
        self.hint = hint


class UnitError(InputError):
    """A text is no quantity, position or time of the kind expected."""


class GeometryError(InputError):
    """No footprint, band, volume or track can be made of what was given."""


class VerticalError(InputError):
    """Two altitude limits of different references need a setting that is absent."""


class JournalError(InputError):
    """A journal is damaged, or of a version that this keepout does not read."""


class FormatError(InputError):
    """A document of another format is not what it says it is, or not to be read at all."""


class OutputError(KeepoutError, OSError):
    """A result cannot be written; nothing that was there before is lost."""


class ClusterError(KeepoutError, ConnectionError):
    """The machines that a sweep runs on are lost; what they had done is kept."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message if not hint else f"{message}; {hint}")
        self.message = message
        self.hint = hint


class Fault(NamedTuple):
    """One thing wrong with a scenario: where, what, and what to do next.

    ``path`` are the keys from the top of the document; ``line`` and ``column``
    count from one, and are None where the fault lies in no one place of a file.
    """

    message: str
    path: tuple[str | int, ...] = ()
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Give the fault as one line: ``file:line:column path: message; hint``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        path = ".".join(str(part) for part in self.path)
        head = " ".join(part for part in (place, path) if part)
        body = f"{self.message}; {self.hint}" if self.hint else self.message
        return f"{head}: {body}" if head else body


class ScenarioError(InputError):
    """A scenario has faults; ``faults`` holds them in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class ModelError(KeepoutError):
    """The model itself failed: a fault of keepout, not of the input."""
