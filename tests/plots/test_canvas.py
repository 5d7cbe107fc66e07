"""What all figures share: where they are drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from sim.findings.causes import CAUSES
from sim.plots.canvas import cause_mark, edge_on_dark, figure, headline
from sim.plots.palette import CAUSE_COLOURS

if TYPE_CHECKING:
    from pathlib import Path

EAGER = """
import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

matplotlib.interactive(True)
"""
DRAWS = """
import matplotlib
from sim.plots.canvas import drawing

with drawing(None):
    pass
print(matplotlib.is_interactive())
"""


def test_a_figure_leaves_on_what_the_backend_switches_on(tmp_path: Path) -> None:
    """As the notebooks' one does, which shows no figure of a cell once it is off."""
    (tmp_path / "eager.py").write_text(EAGER, "utf-8")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"MPLBACKEND": "module://eager", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", DRAWS], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "True\n", done.stderr


@pytest.mark.parametrize("length", range(60, 100))
def test_no_line_of_a_title_ends_between_a_number_and_its_unit(length: int) -> None:
    ax = figure().subplots()
    headline(ax, f"{'word ' * (length // 5)}{'x' * (length % 5)} (buffer 2 km, lead -15 min).")
    (first, *_), title = (ax.get_title("left").split("\n"), ax.get_title("left"))
    assert not first[-1].isdigit()
    assert "2 km" in title
    assert "-15 min" in title


def test_a_star_is_as_large_to_the_eye_as_other_marks() -> None:
    # Of the circle round it a five-pointed star covers 0.36: grown by 1.45, 0.75 of another's.
    star, circle = cause_mark("misinformed"), cause_mark("disregarded")
    assert (star["marker"], circle["marker"]) == ("*", "o")
    shares = 5.0 * np.sin(np.pi / 5.0) * 0.382 / np.pi
    assert 0.7 < shares * (star["markersize"] / circle["markersize"]) ** 2 < 1.0
    assert cause_mark("misinformed", 14.0)["markersize"] == 2.0 * star["markersize"]


@pytest.mark.parametrize("cause", CAUSES)
def test_lines_that_dark_ground_would_swallow_have_an_edge(cause: str) -> None:
    colour = CAUSE_COLOURS[cause]
    lines = [Line2D([], [], color=colour), Line2D([], [], color=colour)]
    edge_on_dark(lines[0])
    with mpl.style.context("dark_background"):
        edge_on_dark(lines[1])
    assert lines[0].get_path_effects() == []
    # WCAG 2.2 asks for a contrast of 3 to 1 of what is no text; black is 0.05 in it.
    linear = [
        ((one + 0.055) / 1.055) ** 2.4 if one > 0.04 else one / 12.92 for one in to_rgb(colour)
    ]
    contrast = (float(np.dot(linear, (0.2126, 0.7152, 0.0722))) + 0.05) / 0.05
    assert bool(lines[1].get_path_effects()) is (contrast < 3.0)
