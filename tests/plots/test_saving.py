"""Figures as images."""

from __future__ import annotations

import pytest

from sim.findings.run import run
from sim.plots.saving import IMAGES, image, slim
from tests.stories import ZONE, scenario


def test_an_svg_is_slim_and_shows_the_same() -> None:
    drawn = b"""<svg>
  <path d="M 10.123456 -0.004
L 2000.5 3 z" style="stroke-width: 0.123456"/>
  <use transform="translate(1.005001 0) scale(0.015625)"/>
</svg>"""
    expected = b"""<svg>
<path d="M 10.12 -0 L 2000.5 3 z" style="stroke-width: 0.123456"/>
<use transform="translate(1.01 0) scale(0.015625)"/>
</svg>"""
    assert slim(drawn) == expected


@pytest.mark.parametrize("suffix", IMAGES)
def test_letters_that_the_face_lacks_are_drawn_without_a_warning(suffix: str) -> None:
    named = scenario(
        name="\N{SMALL AIRPLANE}",
        parties={"north": {"name": "\u6771\u4eac"}, "south": {"name": "\u5317 $x"}},
        zones={"area": ZONE},
    )
    assert image("timeline", run(named), suffix)
