"""Third parties that answer for geometry, where they are installed."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def pymeos() -> Any:
    """PyMEOS, started: a process may do so but once, and it ends with the process."""
    module = pytest.importorskip("pymeos", reason="PyMEOS has no wheel here", exc_type=ImportError)
    module.pymeos_initialize()
    return module


@pytest.fixture(scope="session")
def spherely() -> Any:
    return pytest.importorskip(
        "spherely", reason="spherely has no wheel here", exc_type=ImportError
    )
