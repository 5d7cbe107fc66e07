"""Figures as images."""

from __future__ import annotations

from sim.plots.saving import slim


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
