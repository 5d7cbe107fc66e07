"""The altitude profile's artists and sentences: heights, references, bands that are in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.colors import to_hex

from sim import plots
from sim.errors import InputError
from sim.findings.run import Run, run
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.plots.canvas import figure
from sim.plots.palette import CAUSE_COLOURS
from sim.plots.passages import Heights, find_profile
from sim.scenario.reader import load
from tests.plots.drawn import beside, check, legend, title
from tests.stories import FLIGHT, MINUTE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    Drawn = Callable[[Axes, str], list[Any]]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FOOT = 0.3048
SETTINGS = {"terrain": "400 m", "qnh": "1000 hPa", "geoid": "30 m"}
UNTOLD = {key: ZONE[key] for key in ("party", "area", "altitude", "window")} | {"issued": "+1 min"}
OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["SFC", "FL300"],
    "window": {"start": "+60 min", "duration": "2 h"},
}


def flown(lower: str = "SFC", upper: str = "UNL", level: str = "FL200", **sections: Any) -> Run:
    """Let a flight go over the middle of a zone of which nobody told it."""
    story: dict[str, Any] = {
        "vertical": SETTINGS,
        "zones": {"area": UNTOLD | {"altitude": [lower, upper]}},
        "flights": {"mapper": FLIGHT | {"altitude": level}},
    }
    return run_of(**story | sections)


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


def box(patch: Any) -> tuple[float, float]:
    """Give the lower and upper edge of a rectangle."""
    return patch.get_y(), patch.get_y() + patch.get_height()


def test_a_run_of_nothing_says_so(drawn: Drawn) -> None:
    ax = plots.profile(run_of())
    (words,) = drawn(ax, "nothing")
    assert words.get_text() == "There are no flights."
    check(ax)


def test_a_stay_is_drawn_at_the_height_of_the_flight_in_its_cause_s_colour(drawn: Drawn) -> None:
    told = flown()
    ax = plots.profile(told)
    line, mark = drawn(ax, "violation:violation-1")
    (violation,) = told.violations
    assert to_hex(line.get_color()) == CAUSE_COLOURS["never_addressed"]
    seconds = [x * 86_400.0 - told.scenario.start_unix for x in line.get_xdata()]
    assert violation.exit is not None
    assert seconds == pytest.approx([violation.entry, violation.exit], abs=0.01)
    # at 1000 hPa a level lies 111 m (364 ft) lower than at the standard pressure
    assert line.get_ydata() == pytest.approx([20_000.0 - 364.0] * 2, abs=2.0)
    assert mark.get_ydata()[0] == line.get_ydata()[0]
    assert title(ax) == "mapper came into area at 01:39Z at FL200 (never told: never_addressed)."
    check(ax)


def test_a_band_stands_on_the_axis_for_as_long_as_the_flight_is_over_it(drawn: Drawn) -> None:
    told = flown("1000 ft AGL", "9000 ft MSL", "5000 ft MSL")
    ax = plots.profile(told)
    (band,) = drawn(ax, "declared:area/v1/1")
    assert box(band) == pytest.approx((1000.0 + 400.0 / FOOT, 9000.0))
    width = band.get_width() * 24.0 * 60.0
    assert width == pytest.approx(100.0 / 20.0, rel=1e-3)  # 100 km at 20 km a minute
    assert beside(ax).endswith("ground at 1,312 ft")
    (ground,) = drawn(ax, "ground")
    assert box(ground)[1] == pytest.approx(400.0 / FOOT)


def test_what_is_unbounded_goes_from_the_ground_beyond_the_axis(drawn: Drawn) -> None:
    ax = plots.profile(flown())
    (band,) = drawn(ax, "declared:area/v1/1")
    assert box(band)[0] == pytest.approx(400.0 / FOOT)
    assert box(band)[1] > ax.get_ylim()[1]
    (name,) = drawn(ax, "label:")
    assert name.get_text() == "area, SFC to UNL"


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        ("SFC", "FL180", "mapper passed 2,000 ft above area."),
        ("FL230", "UNL", "mapper passed 3,000 ft below area."),
    ],
)
def test_a_flight_that_keeps_clear_says_by_how_much(lower: str, upper: str, said: str) -> None:
    ax = plots.profile(flown(lower, upper))
    assert title(ax) == said
    assert not any("never" in entry for entry in legend(ax))
    check(ax)


def test_a_zone_that_is_not_active_is_an_outline(drawn: Drawn) -> None:
    later = UNTOLD | {"window": {"start": "+3 h", "duration": "1 h"}}
    ax = plots.profile(flown(zones={"area": later}))
    assert not drawn(ax, "declared:")
    (outline,) = drawn(ax, "idle:area/v1/1")
    assert outline.get_facecolor()[3] == 0.0
    assert title(ax) == "mapper was over area while it was not active."


def test_a_zone_that_does_not_bind_the_flight_is_another(drawn: Drawn) -> None:
    ax = plots.profile(flown(zones={"area": UNTOLD | {"exempt": ["mapper"]}}))
    assert len(drawn(ax, "free:area/v1/1")) == 1
    assert title(ax) == "mapper was over area, which does not bind it."


def test_a_zone_that_becomes_active_on_the_way_is_both(drawn: Drawn) -> None:
    meanwhile = UNTOLD | {"window": {"start": "+101 min", "duration": "1 h"}}
    told = flown(zones={"area": meanwhile})
    ax = plots.profile(told)
    (outline,), (band,) = drawn(ax, "idle:"), drawn(ax, "declared:")
    assert outline.get_x() < band.get_x()
    seconds = band.get_x() * 86_400.0 - told.scenario.start_unix
    assert seconds == pytest.approx(101 * MINUTE, abs=0.01)


def test_a_flight_over_nothing_says_so() -> None:
    ax = plots.profile(flown(zones={}))
    assert title(ax) == "mapper was over no zone."
    check(ax)


def test_operations_and_what_was_told_stand_beside_what_was_declared(drawn: Drawn) -> None:
    covering = ZONE | {"covers": "raid", "area": {"buffer": "40 km"}}
    del covering["party"]
    told = flown(
        operations={"raid": OPERATION},
        zones={"area": covering},
        parties={"north": {}, "south": {"response": {"comply": 0}}},
    )
    ax = plots.profile(told)
    assert len(drawn(ax, "true:raid/1")) == 1
    assert len(drawn(ax, "told:area/v1/south/1")) == 1
    (incursion,) = drawn(ax, "incursion:")
    assert len(incursion.get_xdata()) == 2
    check(ax)


def test_a_flight_that_went_elsewhere_has_what_it_was_to_cross() -> None:
    nw = run(load(SCENARIOS / "northwest_syria_2022.yaml"))
    found = find_profile(nw, "patrol")
    assert found is not None
    assert found.flight.id == "patrol#1"
    assert found.planned is not None
    assert {one.kind for one in found.passages} >= {"meant"}
    assert title(plots.profile(nw, "patrol")).startswith("patrol#1 kept out of raid-area, which it")


def test_a_flight_that_was_cancelled_is_drawn_as_planned(drawn: Drawn) -> None:
    story = flown(
        zones={"area": ZONE},
        parties={
            "north": {},
            "south": {"response": {"comply": 1, "reaction": "1 min", "actions": ["cancel"]}},
        },
    )
    ax = plots.profile(story)
    assert title(ax) == "mapper did not fly; it was to cross area at 01:39Z."
    assert drawn(ax, "planned")
    assert not drawn(ax, "flown")
    check(ax)


def test_without_a_name_the_first_that_entered_is_drawn(day: Run) -> None:
    found = find_profile(day)
    assert found is not None
    assert found.flight.id == day.violations[0].flight
    lifts = find_profile(day, "aid-lifts")
    assert lifts is not None
    entered = [one.flight for one in day.violations if one.flight.startswith("aid-lifts#")]
    assert lifts.flight.id == entered[0]


def test_no_such_flight_is_an_error() -> None:
    with pytest.raises(InputError, match='there is no flight "maper"; did you mean "mapper"'):
        plots.profile(flown(), "maper")


def test_it_is_drawn_on_axes_beside_others(day: Run) -> None:
    left, right = figure(14.0, 5.0).subplots(1, 2)
    plots.profile(day, "aid-lifts", left)
    plots.profile(day, ax=right)
    check(left)


def test_every_flight_of_a_large_run_has_a_profile(day: Run) -> None:
    for flight in [*day.flights][::40]:
        found = find_profile(day, flight)
        assert found is not None
        came = [one for one in day.violations if one.flight == flight]
        assert [one.id for one in found.entries if one.kind == "violation"] == [
            one.id for one in came
        ]


class TestHeights:
    def test_all_settings_bring_all_references_above_mean_sea_level(self) -> None:
        heights = Heights(Vertical(400.0, 30.0, 1013.25), {*Reference})
        assert heights.metres(Reference.FL, 1000.0) == pytest.approx(1000.0)
        assert heights.metres(Reference.AGL, 1000.0) == 1400.0
        assert heights.metres(Reference.W84, 1000.0) == 970.0
        assert heights.label == "feet above mean sea level"
        assert heights.about == (
            "flight levels at QNH 1013.25 hPa, ground at 1,312 ft,"
            " mean sea level 98 ft above the ellipsoid"
        )

    @pytest.mark.parametrize(
        ("reference", "label"),
        [
            (Reference.FL, "feet of pressure altitude"),
            (Reference.AGL, "feet above ground"),
            (Reference.W84, "feet above the WGS84 ellipsoid"),
        ],
    )
    def test_a_reference_that_is_alone_needs_no_setting(
        self, reference: Reference, label: str
    ) -> None:
        heights = Heights(Vertical(), {reference, Reference.SFC, Reference.UNL})
        assert (heights.label, heights.about) == (label, "")
        assert heights.metres(reference, 1000.0) == 1000.0
        assert heights.ground_m == (0.0 if reference is Reference.AGL else None)

    def test_what_cannot_be_compared_is_said(self) -> None:
        heights = Heights(Vertical(), {Reference.FL, Reference.MSL})
        assert heights.about == "FL as if above mean sea level"

    def test_a_band_without_limits_is_unbounded(self) -> None:
        everything = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, float("inf")))
        assert Heights(Vertical(), set()).limits(everything) == (-float("inf"), float("inf"))


def pointed(ax: Axes) -> dict[str, float]:
    """Give where along the axis the names of areas point to, in minutes, by the areas' ids."""
    named: list[Any] = [one for one in ax.texts if str(one.get_gid()).startswith("label:")]
    tracks: list[Any] = [*ax.lines]
    start = min(x for line in tracks for x in line.get_xdata())
    return {one.get_text().partition(",")[0]: (one.xy[0] - start) * 1440.0 for one in named}


def test_names_of_areas_that_reach_over_the_axis_point_apart() -> None:
    over = {"operations": {"firing": OPERATION | {"area": ZONE["area"]}}}
    places = pointed(plots.profile(flown("SFC", "FL300", "2000 m MSL", **over)))
    assert places["firing"] - places["area"] > 1.0


def test_the_name_of_an_area_does_not_point_to_a_top_that_it_shares() -> None:
    # From 2W at 20 km a minute: inside 50 km from 8.6 to 13.6 min, inside 10 km about 0.4W
    # from 8.4 to 9.4 min, which holds the first tenth of the wider one.
    small = UNTOLD | {"area": {"circle": {"center": "0N 0.4W", "radius": "10 km"}}}
    zones = {"area": UNTOLD, "small": small}
    limits = {name: zone | {"altitude": ["SFC", "FL300"]} for name, zone in zones.items()}
    places = pointed(plots.profile(flown(zones=limits)))
    assert 9.5 < places["area"] < 13.6
    assert 8.4 < places["small"] < 9.4
