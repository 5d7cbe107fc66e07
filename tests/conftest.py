"""What all tests share: generated cases are the same on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.beside import Beside

if TYPE_CHECKING:
    from pathlib import Path

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    """A folder for a scenario, with files beside it."""
    return Beside(tmp_path)
