"""The charts of a page as data: what there is to see, where, when, and by which name."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.findings.run import run as make_run
from sim.model.journal import FlightFlown
from sim.page.legends import keys
from sim.page.mapchart import KINDS, MapChart
from sim.page.playing import Player, player
from sim.page.timechart import TimeChart
from sim.plots.glyphs import bar_styles
from sim.plots.lanes import lanes
from sim.plots.places import find_places
from sim.plots.timelines import row_places
from sim.scenario.reader import load
from tests.stories import FLIGHT, START, ZONE, run_of

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from sim.findings.run import Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ENTERED: dict[str, Any] = {
    "zones": {"area": ZONE | {"notices": {}, "issued": "+1 min"}},
    "flights": {"one": FLIGHT},
}


@pytest.fixture(scope="module")
def seed() -> Run:
    return make_run(load(SCENARIOS / "northwest_syria_2022.yaml"), 7)


def play(run: Run) -> Player:
    played = player(run)
    assert played is not None
    return played


def columns(chart: figure, name: str) -> dict[str, Any]:
    found: Any = chart.select_one({"name": name})
    return dict(found.data_source.data)


class TestMap:
    def test_a_flight_is_where_its_track_has_it(self) -> None:
        run = run_of(**ENTERED)
        places = find_places(run)
        flown = columns(MapChart(places).draw(), "flown")
        (record,) = run.journal.of(FlightFlown)
        times, xs, ys = (flown[name][0] for name in ("ts", "xs", "ys"))
        there = record.track.at(5_500.0)
        ((x, y),) = places.projection.project(there.lon, there.lat)
        assert np.interp(5_500.0, times, xs) == pytest.approx(x, abs=20.0)
        assert np.interp(5_500.0, times, ys) == pytest.approx(y, abs=20.0)

    def test_footprints_have_their_times_and_their_layers(self, seed: Run) -> None:
        chart = MapChart(find_places(seed)).draw()
        declared = columns(chart, "declared")
        assert declared["name"] == ["raid-area"]
        assert (declared["start"], declared["end"]) == ([14_400.0], [28_800.0])
        order = [one.name for one in chart.renderers if one.name in KINDS]
        assert order == [*KINDS]

    def test_entries_stand_on_the_border_of_what_was_entered(self) -> None:
        run = run_of(**ENTERED)
        places = find_places(run)
        entries = columns(MapChart(places).draw(), "entries")
        ((x, y),) = places.projection.project(0.0, 0.0)
        away = np.hypot(entries["x"][0] - x, entries["y"][0] - y)
        assert away == pytest.approx(50_000.0, rel=1e-3)
        assert entries["key"] == ["violation:violation-1"]

    def test_a_map_of_one_place_is_still_wide(self) -> None:
        west, east, south, north = MapChart(find_places(run_of())).bounds
        assert east - west >= 1_000.0
        assert north - south >= 1_000.0


class TestTimeline:
    def test_all_that_lasts_can_be_chosen_once_where_and_when_it_is(self, seed: Run) -> None:
        laid = lanes(seed)
        chart = TimeChart(laid, seed.scenario.start_unix)
        chart.draw()
        bars = chart.index()["bars"]
        expected = Counter(bar.gid for row in laid.rows for bar in row.bars)
        assert Counter(bars["key"]) == expected
        number = bars["key"].index("violation:violation-1")
        entry = seed.violations[0]
        assert bars["left"][number] == round((seed.scenario.start_unix + entry.entry) * 1000.0)
        middle = (bars["top"][number] + bars["bottom"][number]) / 2.0
        assert middle == pytest.approx(row_places(laid)["flight:patrol#1"])

    def test_rows_and_parties_are_named(self, seed: Run) -> None:
        laid = lanes(seed)
        chart = TimeChart(laid, seed.scenario.start_unix).draw()
        named = chart.yaxis[0].major_label_overrides
        assert [*named.values()] == [row.label for row in laid.rows]

    def test_a_timeline_of_nothing_has_its_axis_and_its_cursor(self) -> None:
        run = run_of()
        chart = TimeChart(lanes(run), run.scenario.start_unix)
        assert chart.draw().select_one({"name": "cursor"}) is not None
        assert chart.index()["bars"]["key"] == []

    def test_many_flights_share_strips_and_none_is_lost(self) -> None:
        day = make_run(load(SCENARIOS / "deconfliction_day.yaml"), 7)
        chart = TimeChart(lanes(day), day.scenario.start_unix)
        chart.draw()
        keys = set(chart.index()["bars"]["key"])
        assert {f"violation:{one.id}" for one in day.violations} <= keys
        assert chart.height_px < 1_200

    def test_names_of_parties_stand_over_what_passes_through_their_lanes(self, seed: Run) -> None:
        chart = TimeChart(lanes(seed), seed.scenario.start_unix).draw()
        names: Any = chart.select_one({"name": "parties"})
        below = [one for one in chart.renderers if getattr(one, "name", "") != "parties"]
        passing = [one for one in below if type(getattr(one, "glyph", None)).__name__ == "Segment"]
        assert passing
        places = [chart.renderers.index(one) for one in passing]
        assert max(places) < chart.renderers.index(names)
        assert names.glyph.background_fill_alpha > 0.5
        assert "background_fill_color=ground" in names.glyph.tags

    def test_the_legend_tells_of_lines_before_zones_and_of_stays_inside_operations(
        self, seed: Run
    ) -> None:
        pen = TimeChart(lanes(seed), seed.scenario.start_unix)
        pen.draw()
        texts = {one.text: one for one in keys(pen.styles)}
        assert texts["zone announced, not in force yet"].path == texts["notice passed"].path
        assert "inside an operation" in texts


def test_the_legend_crosses_its_hatch_where_the_chart_does() -> None:
    closed, down = keys([bar_styles()["desk", "closed"], bar_styles()["channel", "down"]])
    assert down.path.startswith(closed.path)
    assert down.path.count("M") == 2 * closed.path.count("M")


class TestPlayer:
    def test_all_is_plain_data(self, seed: Run) -> None:
        played = play(seed)
        assert json.loads(json.dumps(played.data, allow_nan=False))["horizon"] == 43_200.0

    def test_what_is_chosen_at_first_is_the_first_entry(self, seed: Run) -> None:
        played = play(seed)
        assert played.data["first"] == {
            "key": "violation:violation-1",
            "at": seed.violations[0].entry,
        }
        assert played.start == seed.violations[0].entry

    def test_where_there_is_nothing_to_be_seen_nothing_is_played(self) -> None:
        assert player(run_of()) is None

    def test_without_entries_it_is_the_start_of_the_first_zone(self) -> None:
        run = run_of(zones={"area": ZONE})
        assert play(run).data["first"] == {"key": "", "at": 3_600.0}

    def test_the_usual_speed_is_among_those_offered_and_plays_within_a_minute(
        self, seed: Run
    ) -> None:
        played = play(seed)
        assert played.speed in {speed for speed, _ in played.speeds}
        assert 10.0 <= played.horizon / played.speed <= 60.0

    def test_a_slider_ends_where_the_run_does(self, seed: Run) -> None:
        played = play(seed)
        assert played.horizon % played.step == 0.0

    def test_zones_and_operations_have_their_windows(self, seed: Run) -> None:
        windows = {(one["what"], one["name"]): one for one in play(seed).data["windows"]}
        zone = windows["zone", "raid-area"]
        assert (zone["start"], zone["end"]) == (14_400.0, 28_800.0)
        assert windows["operation", "raid"]["start"] == 16_200.0

    def test_times_are_told_with_their_day_where_there_are_several(self) -> None:
        run = run_of(end=START.replace(day=4).isoformat(), flights={"one": FLIGHT})
        assert play(run).data["dated"]
