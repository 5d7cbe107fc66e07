"""What every format is read into: zones of volumes, and problems with what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.geometry.altitude import Vertical
    from sim.geometry.volume import Volume


@dataclass(frozen=True, slots=True)
class Zone:
    """Airspace that somebody published, as volumes that are each active in one window.

    Windows are Unix seconds; a zone that is active again and again has a volume
    for each time, or for each layer and time.

    Parameters
    ----------
    id
        What the source calls it; unique within one file, if need be by a number.
    name
        What people call it.
    volumes
        At least one.
    kind
        The source's own word for what is asked: ``PROHIBITED``, ``R``, ``REQ_AUTHORISATION``.
    attributes
        What else the source says of it, by the source's names, as text.
    vertical
        The settings by which its altitudes are brought to other references, where they
        are not those of whatever it is written among.
    """

    id: str
    name: str
    volumes: tuple[Volume, ...]
    kind: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    vertical: Vertical | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, while the rest could.

    Parameters
    ----------
    place
        Where it stands: ``line 12``, ``features[3].geometry``.
    message
        What is wrong: found and expected.
    hint
        The next step, if there is one.
    """

    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Give all of it in one line."""
        return f"{self.place}: {self.message}" + (f"; {self.hint}" if self.hint else "")
