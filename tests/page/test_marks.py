"""Marks and legends: every marker of the figures has its shape, outline and one entry."""

from __future__ import annotations

import re

import pytest
from bokeh.core.enums import MarkerType

from sim.findings.causes import CAUSES
from sim.page.legends import keys
from sim.page.marks import bokeh_shape, mark_of, outline_of
from sim.plots.glyphs import bar_styles, link_styles, mark_styles

MARKERS = [*dict.fromkeys(style.look["marker"] for style in mark_styles().values())]


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_has_a_shape_of_bokehs_and_an_outline(cause: str) -> None:
    mark = mark_of(cause)
    assert mark.shape in MarkerType
    assert re.fullmatch(r"(M[-\d. L]+Z)+", mark.path)


def test_causes_differ_by_shape_and_turn() -> None:
    assert len({(mark.shape, mark.turned) for mark in map(mark_of, CAUSES)}) == len(CAUSES)


@pytest.mark.parametrize("marker", MARKERS, ids=str)
def test_what_happens_has_a_shape_and_an_outline(marker: object) -> None:
    assert bokeh_shape(marker)[0] in MarkerType
    assert outline_of(marker).startswith("M")


def test_a_legend_says_each_thing_once_in_order() -> None:
    styles = [*bar_styles().values(), *mark_styles().values(), *link_styles().values()]
    said = [key.text for key in keys([*styles, *styles])]
    assert said == [*dict.fromkeys(style.about for style in styles if style.about)]


def test_what_is_drawn_in_ink_has_the_colour_of_the_text_around() -> None:
    (key,) = keys([link_styles()["passed"]])
    assert key.stroke == "currentColor"
    assert key.dash == ""
    assert keys([link_styles()["lost"]])[0].dash
