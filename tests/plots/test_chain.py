"""The chain's artists: dots, numbers and words of all steps, and the link that broke."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from sim import plots
from sim.findings.causes import CAUSES
from sim.findings.run import run
from sim.plots.anatomy import anatomy
from sim.plots.chains import height
from sim.plots.palette import CAUSE_COLOURS
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    Drawn = Callable[[Axes, str], list[Artist]]

GALLERY = Path(__file__).parents[2] / "scenarios" / "causes"


def words(ax: Axes, drawn: Drawn) -> list[str]:
    found = [one for one in drawn(ax, "moment:") if (one.get_gid() or "").endswith("/words")]
    return [one.get_text() for one in found]  # type: ignore[attr-defined]


def test_a_run_without_entries_says_so(drawn: Drawn) -> None:
    ax = plots.chain(run_of())
    (said,) = drawn(ax, "nothing")
    assert said.get_text() == "Nobody entered anything."  # type: ignore[attr-defined]
    assert height(run_of()) == 4.0


@pytest.mark.parametrize("leaf", CAUSES)
def test_every_cause_has_its_link_in_its_colour(leaf: str, drawn: Drawn) -> None:
    entered = run(load(GALLERY / f"{leaf}.yaml"))
    ax = plots.chain(entered)
    found = anatomy(entered)
    assert found is not None
    line, mark, name = drawn(ax, f"broken:{found.id}")
    assert to_hex(line.get_color()) == CAUSE_COLOURS[leaf]  # type: ignore[attr-defined]
    assert to_hex(mark.get_markerfacecolor()) == CAUSE_COLOURS[leaf]  # type: ignore[attr-defined]
    assert name.get_text()  # type: ignore[attr-defined]
    assert words(ax, drawn) == [moment.text for moment in found.moments]
    assert ax.get_title("left").replace("\n", " ") == found.finding


@pytest.mark.parametrize("leaf", CAUSES)
def test_no_words_lie_upon_others_or_leave_the_figure(leaf: str) -> None:
    ax = plots.chain(run(load(GALLERY / f"{leaf}.yaml")))
    boxes = extents(ax)
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not first.overlaps(second), (one, other)
    width, top = ax.get_figure(root=True).bbox.max  # type: ignore[union-attr]
    for what, box in boxes.items():
        assert -1 <= box.x0 <= box.x1 <= width + 1, what
        assert -1 <= box.y0 <= box.y1 <= top + 1, what


def extents(ax: Axes) -> dict[str, Any]:
    figure = ax.get_figure(root=True)
    assert figure is not None
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [*ax.texts, *ax.get_yticklabels(), *figure.legends[0].get_texts()]
    return {
        f"{text.get_gid()} {text.get_text()}": text.get_window_extent(canvas.get_renderer()).padded(
            -1
        )
        for text in texts
        if text.get_text()
    }


def test_what_came_too_late_is_hollow(drawn: Drawn) -> None:
    ax = plots.chain(run(load(GALLERY / "in_transit.yaml")))
    (known,), (late,) = drawn(ax, "moments:known"), drawn(ax, "moments:late")
    assert len(known.get_xdata()) == 5  # type: ignore[attr-defined]
    assert len(late.get_xdata()) == 4  # type: ignore[attr-defined]


def test_very_many_steps_are_told_in_part(drawn: Drawn) -> None:
    deaf = LINE | {
        "answer": {"probability": 0, "wait": "1 min", "patience": "1 min"},
        "retry": {"after": "0 min", "attempts": 50},
    }
    entered = run_of(channels={"line": deaf}, zones={"area": ZONE}, flights={"mapper": FLIGHT})
    ax = plots.chain(entered)
    (rest,) = drawn(ax, "moments:left-out")
    said = words(ax, drawn)
    assert len(said) == 24
    assert rest.get_text() == f"... and {len(entered.violations[0].evidence) - 24} more"  # type: ignore[attr-defined]
    assert "entered area: still unanswered" in said
    assert height(entered) <= 14.0


def test_an_entry_is_chosen_by_its_id() -> None:
    entered = run(load(GALLERY / "lost.yaml"))
    assert "entered firing" in plots.chain(entered, "incursion-1").get_title("left")


def test_numbers_stand_over_the_bars_of_their_row(drawn: Drawn) -> None:
    ax = plots.chain(run(load(GALLERY.parent / "launch_hazard.yaml")))
    boxes = extents(ax)
    (inside,) = drawn(ax, "flight:northbound#1/incursion")
    bar = inside.get_window_extent()
    numbers = [one for gid, one in boxes.items() if gid.startswith("numbers:flight:")]
    numbers = [one for one in numbers if one.x1 > one.x0]  # the rest are before the time shown
    assert len(numbers) == 2
    assert all(box.y0 > bar.y1 for box in numbers)
