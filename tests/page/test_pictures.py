"""Figures that do not move: within the page, and as dots where there are too many lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.page import pictures as module
from sim.page.pictures import pictures
from tests.stories import FLIGHT, ZONE, run_of
from tests.sweeps.studies import made_up

if TYPE_CHECKING:
    import pytest


def test_figures_are_held_as_lines_and_say_what_they_show() -> None:
    (timeline,) = pictures(("timeline",), run_of(zones={"area": ZONE}, flights={"one": FLIGHT}))
    assert timeline.address.startswith("data:image/svg+xml;base64,")
    assert timeline.about == "Who was told when, what was active when, who was where."


def test_a_figure_of_what_there_is_none_of_is_left_out() -> None:
    one_factor = made_up({"violations": [1.0, 2.0]})
    shown = pictures(("heatmap", "responses", "sensitivity"), one_factor)
    assert [picture.about.partition(",")[0] for picture in shown] == ["A metric along a factor"]


def test_a_figure_of_very_many_lines_is_held_as_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 1_000)
    (timeline,) = pictures(("timeline",), run_of(flights={"one": FLIGHT}))
    assert timeline.address.startswith("data:image/png;base64,")
