"""What all figures share: where they are drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sim.plots.canvas import figure, headline

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
