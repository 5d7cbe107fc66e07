"""The map's artists: where areas, tracks, sites and entries stand, of runs of every size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from sim import plots
from sim.errors import InputError
from sim.findings.run import Run, run
from sim.geometry.earth import LONGEST_M
from sim.plots.canvas import figure
from sim.plots.maps import height
from sim.plots.palette import CAUSE_COLOURS
from sim.scenario.reader import load
from tests.plots.drawn import beside, check, legend, title
from tests.stories import FLIGHT, LINE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    Drawn = Callable[[Axes, str], list[Any]]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["SFC", "FL300"],
    "window": {"start": "+60 min", "duration": "2 h"},
}
UNTOLD = {key: ZONE[key] for key in ("party", "area", "altitude", "window")} | {"issued": "+1 min"}
COVERING = {"covers": "raid", "area": {"buffer": "40 km"}, "altitude": ["SFC", "UNL"]}
STORY: dict[str, Any] = {
    "operations": {"raid": OPERATION},
    "zones": {"area": COVERING | {"issued": "+1 min"}},
    "flights": {"mapper": FLIGHT},
}


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


@pytest.fixture(scope="module")
def entered() -> Run:
    return run_of(**STORY)


def at(where: str, radius: str = "50 km") -> dict[str, Any]:
    return UNTOLD | {"area": {"circle": {"center": where, "radius": radius}}}


def degrees(ax: Axes, drawn: Drawn) -> set[str]:
    """Give the labels of meridians and parallels."""
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    return {tick.get_text() for tick in ticks} | {one.get_text() for one in drawn(ax, "degrees")}


def segments(ax: Axes, drawn: Drawn, gid: str) -> list[np.ndarray[Any, Any]]:
    """Give the lines of the only collection of a gid."""
    (lines,) = [one for one in drawn(ax, gid) if one.get_gid() == gid]
    found: list[np.ndarray[Any, Any]] = lines.get_segments()
    return found


def test_a_run_of_nothing_says_so(drawn: Drawn) -> None:
    ax = plots.map(run_of())
    (words,) = drawn(ax, "nothing")
    assert words.get_text() == "There is nothing to show."
    assert title(ax) == "There are no flights. No plans overlap."
    check(ax)


def test_areas_are_as_declared_told_and_true_in_metres_from_the_middle(drawn: Drawn) -> None:
    ax = plots.map(run_of(operations={"raid": OPERATION}, zones={"area": ZONE}))
    for gid, radius in (
        ("declared:area/v1", 50e3),
        ("told:area/v1/south", 50e3),
        ("true:raid", 10e3),
    ):
        (patch,) = drawn(ax, gid)
        distance = np.hypot(*patch.get_path().vertices.T)
        assert distance == pytest.approx(np.full(len(distance), radius), abs=2.0)
    assert not drawn(ax, "planned:")  # it came true
    assert legend(ax) == ["zone as declared", "operation as it really was", "zone as told"]
    check(ax)


def test_what_was_told_wrongly_stands_beside_what_was_declared(drawn: Drawn) -> None:
    garbling = LINE | {"garble": {"probability": 1, "offset": "9 km", "bearing": "90 deg"}}
    ax = plots.map(run_of(channels={"line": garbling}, zones={"area": ZONE}))
    (declared,), (told,) = drawn(ax, "declared:"), drawn(ax, "told:")
    middles = [one.get_path().vertices[:-1].mean(axis=0) for one in (declared, told)]
    assert middles[1] - middles[0] == pytest.approx([9_000.0, 0.0], abs=60.0)
    assert drawn(ax, "label:area as south holds it")


def test_an_operation_that_never_was_is_drawn_as_planned(drawn: Drawn) -> None:
    ax = plots.map(run_of(operations={"raid": OPERATION | {"cancel": 1}}))
    assert len(drawn(ax, "planned:raid")) == 1
    assert not drawn(ax, "true:")


def test_a_violation_is_a_line_and_a_mark_in_the_colour_of_its_cause(
    entered: Run, drawn: Drawn
) -> None:
    ax = plots.map(entered)
    line, mark = drawn(ax, "violation:violation-1")
    colour = CAUSE_COLOURS["never_addressed"]
    assert to_hex(line.get_color()) == to_hex(mark.get_markerfacecolor()) == colour
    x, y = line.get_data()
    assert x[[0, -1]] == pytest.approx([-50e3, 50e3], abs=2.0)
    assert np.abs(y).max() < 0.01
    assert mark.get_xdata()[0] == pytest.approx(-50e3, abs=2.0)
    (inside,) = drawn(ax, "incursion:")
    assert inside.get_xdata()[[0, -1]] == pytest.approx([-10e3, 10e3], abs=2.0)
    assert {"inside an operation", "never_addressed: never told"} <= {*legend(ax)}


def test_few_flights_are_named_and_have_their_ends_marked(entered: Run, drawn: Drawn) -> None:
    ax = plots.map(entered)
    (line,) = segments(ax, drawn, "flown")
    assert line[[0, -1], 0] == pytest.approx([-222_639.0, 222_639.0], abs=1.0)
    (end,) = drawn(ax, "end:mapper")
    assert end.get_xdata()[0] == pytest.approx(222_639.0, abs=1.0)
    assert drawn(ax, "label:mapper")
    assert drawn(ax, "label:raid")


def test_names_stand_off_the_way_inside(entered: Run, drawn: Drawn) -> None:
    ax = plots.map(entered)
    check(ax)
    (line,) = [one for one in drawn(ax, "violation:") if not one.get_gid().endswith("/entry")]
    first, last = ax.transData.transform(np.array(line.get_data()).T[[0, -1]])
    way = np.linspace(first, last, 200)
    for label in drawn(ax, "label:"):
        extent = Text.get_window_extent(label)
        assert not any(extent.contains(x, y) for x, y in way), label


def test_the_frame_holds_everything_and_metres_are_as_long_both_ways(entered: Run) -> None:
    ax = plots.map(entered)
    check(ax)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    assert west < -222_639.0
    assert east > 222_639.0
    assert south < -50e3
    assert north > 50e3
    box = ax.get_window_extent()
    assert box.width / (east - west) == pytest.approx(box.height / (north - south), rel=1e-6)


@pytest.mark.parametrize("size", [(4.0, 7.0), (12.0, 4.0)])
def test_the_map_fills_the_axes_that_it_is_given(entered: Run, size: tuple[float, float]) -> None:
    ax = plots.map(entered, figure(*size).subplots())
    check(ax)
    slot, box = ax.get_position(original=True), ax.get_position()
    assert (box.width, box.height) == pytest.approx((slot.width, slot.height), rel=0.01)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    assert min((east - west) / 445_278.0, (north - south) / 100e3) == pytest.approx(1.12, abs=0.06)


def test_it_is_drawn_on_axes_beside_others(entered: Run) -> None:
    left, right = figure(12.0, 5.0).subplots(1, 2)
    plots.map(entered, left)
    plots.map(entered, right, at="+101 min")
    check(left)


def test_the_scale_is_a_round_length_and_true(entered: Run, drawn: Drawn) -> None:
    ax = plots.map(entered)
    bar, text = drawn(ax, "scale")
    x, _ = bar.get_data()
    assert text.get_text() == "100 km (54 NM)"
    assert x[1] - x[0] == pytest.approx(100e3)
    assert x[1] == ax.get_xlim()[1]


def test_degrees_are_written_on_two_sides(entered: Run, drawn: Drawn) -> None:
    ax = plots.map(entered)
    assert {"2°W", "0°", "2°E"} <= {tick.get_text() for tick in ax.get_xticklabels()}
    assert {"1°N", "0°", "1°S"} <= {tick.get_text() for tick in ax.get_yticklabels()}
    assert len(drawn(ax, "graticule")) == 1


def test_an_instant_has_what_is_active_and_flights_where_they_are(
    entered: Run, drawn: Drawn
) -> None:
    ax = plots.map(entered, at="+99 min")
    (flight,) = drawn(ax, "flight:mapper")
    assert flight.get_xdata()[0] == pytest.approx(-222_639.0 + 9 * 20_000.0, abs=1.0)
    assert to_hex(flight.get_markerfacecolor()) == CAUSE_COLOURS["never_addressed"]
    line = next(one for one in drawn(ax, "violation:") if len(one.get_xdata()) > 1)
    assert line.get_xdata()[-1] == pytest.approx(flight.get_xdata()[0])
    (past,) = segments(ax, drawn, "flown")
    assert past[-1, 0] == pytest.approx(flight.get_xdata()[0])
    assert title(ax) == (
        "At 01:39Z area is active, raid is under way and 1 flight is in the air;"
        " mapper is inside area (never told: never_addressed)."
    )


def test_before_anything_the_map_is_empty_and_the_same(entered: Run, drawn: Drawn) -> None:
    before, whole = plots.map(entered, at=0.0), plots.map(entered)
    assert title(before) == "At 00:00Z no zone is active and no flight is in the air."
    assert not drawn(before, "declared:")
    assert before.get_xlim() == pytest.approx(whole.get_xlim(), rel=0.05)
    check(before)


def test_a_flight_that_flies_clear_is_grey(drawn: Drawn) -> None:
    ax = plots.map(run_of(flights={"mapper": FLIGHT}), at="+95 min")
    (flight,) = drawn(ax, "flight:mapper")
    assert to_hex(flight.get_markerfacecolor()) not in CAUSE_COLOURS.values()
    assert "flight" in legend(ax)


def test_a_stretch_has_what_happened_then(entered: Run, drawn: Drawn) -> None:
    ax = plots.map(entered, between=("+90 min", "+95 min"))
    (line,) = segments(ax, drawn, "flown")
    assert line[-1, 0] == pytest.approx(-222_639.0 + 5 * 20_000.0, abs=1.0)
    assert not drawn(ax, "violation:")
    assert title(ax) == "The one flight came into nothing that is shown, 01:30-01:35Z."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at": "+99 h"}, "is not in the run"),
        ({"at": "+1 h", "between": ("+1 h", "+2 h")}, "an instant is shown, or a span"),
        ({"flights": ["maper"]}, 'there is no flight "maper"; did you mean "mapper"?'),
    ],
)
def test_what_cannot_be_shown_is_an_error(
    entered: Run, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        plots.map(entered, **arguments)


def test_sites_stand_where_they_are_with_what_came_over_them(drawn: Drawn) -> None:
    ax = plots.map(run_of(**STORY, sites={"clinic": {"party": "south", "at": "0N 0.01E"}}))
    (house,), (over,) = drawn(ax, "site:clinic"), drawn(ax, "site_incursion:")
    assert house.get_xdata()[0] == over.get_xdata()[0]
    assert house.get_markersize() > over.get_markersize()
    assert "people on the ground" in legend(ax)


def test_across_the_antimeridian_a_zone_is_whole(drawn: Drawn) -> None:
    hopper = FLIGHT | {"route": ["17S 179E", "17S 179W"]}
    ax = plots.map(run_of(zones={"lagoon": at("17S 179.9E")}, flights={"hopper": hopper}))
    (zone,) = drawn(ax, "declared:lagoon/v1")
    assert np.ptp(zone.get_path().vertices[:, 0]) == pytest.approx(100e3, rel=1e-3)
    (line,) = segments(ax, drawn, "flown")
    assert np.isfinite(line).all()
    assert np.abs(np.diff(line[:, 0])).max() < 15e3
    assert {"179.5°E", "180°", "179.5°W"} <= degrees(ax, drawn)
    check(ax)


def test_at_a_pole_meridians_meet_and_all_have_degrees(drawn: Drawn) -> None:
    survey = FLIGHT | {"route": ["86N 60E", "86N 120W"]}
    ax = plots.map(run_of(zones={"ice": at("89.5N 40E", "150 km")}, flights={"survey": survey}))
    (zone,) = drawn(ax, "declared:ice/v1")
    assert np.ptp(zone.get_path().vertices, axis=0) == pytest.approx([300e3, 300e3], rel=1e-2)
    (line,) = segments(ax, drawn, "flown")
    assert np.ptp(line, axis=0).max() < 2 * 447e3 + 1e3  # over the pole and straight
    written = degrees(ax, drawn)
    assert {"0°", "90°E", "90°W"} <= written
    assert any(label.endswith("N") for label in written)
    check(ax)


def test_degrees_within_a_map_keep_off_entries_and_names(drawn: Drawn) -> None:
    zone = UNTOLD | {"area": {"circle": {"center": "89.2N 30E", "radius": "180 km"}}}
    ways = {"over": ["85N 90W", "85N 95E"], "sonde": ["88.5N 120E", "89.6N 150W"]}
    flights = {name: FLIGHT | {"route": way} for name, way in ways.items()}
    sites = {"camp": {"party": "south", "at": "89.5N 100W"}}
    ax = plots.map(run_of(zones={"closed": zone}, flights=flights, sites=sites))
    check(ax)
    inside = [one for one in drawn(ax, "degrees") if one.get_ha() == "right"]
    assert len(inside) > 2
    others = [*drawn(ax, "violation:"), *drawn(ax, "label:")]
    marks = [one for one in others if not str(one.get_gid()).startswith("violation:")]
    marks += [one for one in others if str(one.get_gid()).endswith("/entry")]
    assert len(marks) > 4
    for text in inside:
        extent = Text.get_window_extent(text)
        for mark in marks:
            box = (
                Text.get_window_extent(mark) if isinstance(mark, Text) else mark.get_window_extent()
            )
            assert not extent.overlaps(box), (text.get_text(), mark.get_gid())


def test_entries_at_one_place_stand_side_by_side(drawn: Drawn) -> None:
    flights = {"first": FLIGHT, "second": FLIGHT | {"departs": "+95 min"}}
    ax = plots.map(run_of(zones={"area": UNTOLD}, flights=flights))
    check(ax)
    found = drawn(ax, "violation:")
    marks = [one for one in found if str(one.get_gid()).endswith("/entry")]
    first, second = (one.get_window_extent() for one in marks)
    assert second.x0 + second.x1 - first.x0 - first.x1 > first.width
    assert [one.get_xydata()[0].tolist() for one in marks] == [
        pytest.approx(marks[0].get_xydata()[0].tolist(), abs=1.0)
    ] * 2


def test_of_many_flights_those_that_came_in_are_named_where_they_did(drawn: Drawn) -> None:
    clear = {
        f"clear-{number}": FLIGHT | {"route": [f"{number}N 2W", f"{number}N 2E"]}
        for number in range(2, 20)
    }
    ax = plots.map(run_of(zones={"area": UNTOLD}, flights={"into": FLIGHT, **clear}))
    named = {text.get_text(): text for text in drawn(ax, "label:")}
    assert set(named) == {"area", "into"}
    (mark,) = [one for one in drawn(ax, "violation:") if str(one.get_gid()).endswith("/entry")]
    assert named["into"].xy == pytest.approx(mark.get_xydata()[0].tolist())
    check(ax)


def test_the_whole_world_ends_at_its_rim(drawn: Drawn) -> None:
    everywhere = ("17S 179.9E", "60N 10E", "0N 90W", "80S 0E", "20N 80E")
    zones = {f"z{number}": at(where, "700 km") for number, where in enumerate(everywhere)}
    ax = plots.map(run_of(zones=zones))
    (rim,) = drawn(ax, "rim")
    assert np.hypot(*rim.get_data()) == pytest.approx(np.full(361, LONGEST_M))
    assert len(drawn(ax, "declared:")) == 5
    assert drawn(ax, "scale:text")[0].get_text().endswith("in the middle")
    check(ax)


def test_a_large_run_draws_every_entry_once_and_every_flight(day: Run, drawn: Drawn) -> None:
    ax = plots.map(day)
    marks = [one.get_gid() for one in drawn(ax, "violation:") if one.get_gid().endswith("/entry")]
    assert len(marks) == len({*marks}) == len(day.violations)
    flown = [flight for flight in day.flights if f"flown:{flight}"]
    assert len(segments(ax, drawn, "flown")) == len(flown)
    assert not drawn(ax, "end:")
    names = [one.get_gid() for one in drawn(ax, "label:")]
    assert {"label:night-area", "label:hospital"} <= {*names}
    assert len(names) < 15
    check(ax)


def test_areas_that_many_hold_are_drawn_once(day: Run, drawn: Drawn) -> None:
    gids = [one.get_gid() for one in drawn(plots.map(day), "told:")]
    assert len(gids) == len({gid.partition("/")[0] for gid in gids}) == 4


def test_a_zone_asked_for_is_seen_closely(day: Run, drawn: Drawn) -> None:
    near, far = plots.map(day, zones=["night-area"]), plots.map(day)
    assert np.ptp(near.get_xlim()) < np.ptp(far.get_xlim()) / 3.0
    assert {one.get_gid() for one in drawn(near, "declared:")} == {"declared:night-area/v1"}
    came = {one.flight for one in day.violations if one.zone == "night-area"}
    assert title(near).startswith(f"{len(came)} of {len(day.flights)} flights came into night-area")
    check(near)


def test_the_size_goes_with_the_shape_of_what_there_is(entered: Run, day: Run) -> None:
    assert 4.5 <= height(entered) < height(day) < height(day, zones=["night-area"]) <= 10.0


def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    odd = load(_hostile(tmp_path))
    ax = plots.map(run(odd))
    assert "<script>$x^2$</script>" in beside(ax)
    ax.get_figure(root=True).savefig(tmp_path / "odd.svg")  # type: ignore[union-attr]
    assert (tmp_path / "odd.svg").stat().st_size > 1000


def _hostile(folder: Path) -> Path:
    text = (SCENARIOS / "northwest_syria_2022.yaml").read_text("utf-8")
    name = "name: Northwest Syria, February 2022"
    path = folder / "odd.yaml"
    path.write_text(text.replace(name, 'name: "<script>$x^2$</script>"'), "utf-8")
    return path
