"""OpenAir: airspace as glider pilots exchange it, read and written.

The format is WinPilot's of 1998 (``AC``, ``AN``, ``AH``, ``AL``, ``D.``, ``V``) with Naviter's
extensions up to version 2.1 (``AY``, ``AF``, ``AG``, ``AX``, ``AA``); both are read. Sections
named in what follows are those of Naviter's specification.
"""

from sim.formats.openair.reading import zones
from sim.formats.openair.writing import write

__all__ = ["write", "zones"]
