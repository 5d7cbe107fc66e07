"""Real files that stand beside the repository; a fresh clone has none."""

from __future__ import annotations

from pathlib import Path

import pytest

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(folder: str) -> Path:
    """Give a folder of real files, or skip the test."""
    found = _DATA / folder
    if not found.is_dir():
        pytest.skip(f"no ../shared/data/{folder} beside the repository")
    return found


def real_file(name: str) -> bytes:
    """Read a real file by its folder and name, or skip the test."""
    folder, _, file = name.partition("/")
    return (shared_data(folder) / file).read_bytes()
