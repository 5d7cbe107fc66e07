"""A headless Chromium that looks at pages on disk, and counts whatever they ask for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.page.looking import Looked, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    Look = Callable[..., Looked]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, or skip with what is missing."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Open files; whatever was opened must have asked for nothing and complained of nothing."""
    opened: list[Looked] = []

    def open_one(path: str, **options: object) -> Looked:
        opened.append(look_at(browser, path, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.page.context.close()
        assert one.complaints == []
        assert one.requests == [one.address]
