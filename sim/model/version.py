"""Which results these are: the model's own version, and those of the libraries under it."""

from __future__ import annotations

import platform
from importlib.metadata import version

MODEL_VERSION = 2
"""Raised whenever the same scenario, seed and replication give other results than before.

Rows of a sweep made under another version are never mixed with new ones. A test compares
a digest of what the shipped scenarios give, and fails until this is raised.
"""

_LIBRARIES = ("numpy", "scipy", "simpy", "shapely", "pyproj", "pydantic", "PyYAML", "pyarrow")


def versions() -> dict[str, str]:
    """Give the versions of keepout, of Python, and of all that results depend on."""
    return {
        "keepout": version("keepout"),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
