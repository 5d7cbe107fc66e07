"""Real files that lie beside the repository, where they do."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real_file(name: str) -> bytes:
    """Read a shared file, or skip the test that needs it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not in ../shared/data")
    return path.read_bytes()
