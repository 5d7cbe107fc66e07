"""Designs: how many points, where they lie, and which stay where a design grows."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import units
from sim.errors import InputError, UnitError
from sim.scenario.tree import parse_value
from sim.sweeps import sensitivity
from sim.sweeps.amounts import Amount, amount, converted, in_si
from sim.sweeps.design import Point, draw_points
from sim.sweeps.factors import Factor
from sim.sweeps.fitting import checked_points, extremes
from sim.sweeps.labels import factor_called, labels_of
from sim.sweeps.schema import Sweep
from sim.sweeps.tables import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SAMPLING = (
    "{latin-hypercube: {points: 16}}",
    "{sobol: {points: 16}}",
    "{random: {points: 16}}",
    "{saltelli: {points: 4}}",
    "{morris: {trajectories: 4}}",
)


def sweep(factors: dict[str, str], design: str = "grid", seed: int = 0) -> Sweep:
    return Sweep.model_validate(
        {
            "keepout-sweep": "1",
            "name": "A sweep",
            "scenario": "s.yaml",
            "seed": str(seed),
            "factors": {path: parse_value(text) for path, text in factors.items()},
            "design": parse_value(design),
            "replications": "10",
        }
    )


def values(points: Sequence[Point]) -> list[tuple[str, ...]]:
    return [tuple(point.values.values()) for point in points]


def drawn(factors: dict[str, str], design: str = "grid", **more: Any) -> list[tuple[str, ...]]:
    points = draw_points(sweep(factors, design, more.pop("seed", 0)), **more)
    assert [point.number for point in points] == [*range(len(points))]
    return values(points)


AB = {"a": "[1, 2]", "b": "[x, y, z]"}


class TestSteps:
    def test_in_a_grid_the_last_factor_changes_fastest(self) -> None:
        assert drawn(AB) == [(a, b) for a in "12" for b in "xyz"]

    def test_zipped_values_go_together(self) -> None:
        assert drawn({"a": "[1, 2]", "b": "{from: 1 m, to: 3 m, steps: 2}"}, "zip") == [
            ("1", "1 m"),
            ("2", "3 m"),
        ]

    def test_one_at_a_time_the_others_are_held(self) -> None:
        assert drawn(AB, "one-at-a-time") == [
            *(("1", "x"), ("2", "x")),
            *(("1", "y"), ("1", "z")),
        ]

    def test_the_base_is_the_scenarios_own_or_is_given(self) -> None:
        own = drawn(AB, "one-at-a-time", base={"a": "7"})
        assert own == [("7", "x"), ("1", "x"), ("2", "x"), ("7", "y"), ("7", "z")]
        given = drawn(AB, "{one-at-a-time: {base: {b: y}}}", base={"b": "z"})
        assert given == [("1", "y"), ("2", "y"), ("1", "x"), ("1", "z")]

    def test_a_base_in_another_unit_is_not_repeated(self) -> None:
        made = drawn({"a": "[30 min, 1 h]"}, "one-at-a-time", base={"a": "60 min"})
        assert made == [("60 min",), ("30 min",)]

    def test_points_are_written_out_by_path_or_name(self) -> None:
        factors = {"p.a": "{name: first}", "p.b": "{}"}
        assert drawn(factors, "{list: [{first: 1, b: 2}, {p.b: 4, p.a: 3}]}") == [
            ("1", "2"),
            ("3", "4"),
        ]
        rows = [Row({"first": "1", "p.b": "2"}, ("design", "csv"), "t.csv", 2)]
        assert drawn(factors, "{csv: t.csv}", rows=rows) == [("1", "2")]

    @given(st.lists(st.integers(0, 99), min_size=1, max_size=5, unique=True), st.data())
    def test_a_grid_grown_keeps_its_old_points(self, first: list[int], data: Any) -> None:
        more = data.draw(st.lists(st.integers(100, 199), max_size=3, unique=True))
        small = drawn({"a": str(first), "b": "[x, y]"})
        large = drawn({"a": str(first + more), "b": "[x, y, z]"})
        assert set(small) <= set(large)
        assert [point for point in large if point in set(small)] == small


def test_ranges_meet_their_ends_and_are_even() -> None:
    even = drawn({"a": "{from: 5 km, to: 80 km, steps: 4}"})
    assert even == [("5 km",), ("30 km",), ("55 km",), ("80 km",)]
    log = drawn({"a": "{from: 5 km, to: 80 km, steps: 5, scale: log}"})
    assert log == [("5 km",), ("10 km",), ("20 km",), ("40 km",), ("80 km",)]
    falling = drawn({"a": "{from: 1, to: 0, steps: 3}"})
    assert falling == [("1",), ("0.5",), ("0",)]


def test_offsets_in_time_keep_their_sign() -> None:
    assert drawn({"a": "{from: -1 h, to: +1 h, steps: 3}"}) == [("-1 h",), ("+0 h",), ("+1 h",)]


numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
UNITS = [
    (unit, read)
    for unit, read in (("km", units.length), ("min", units.duration), ("kt", units.speed))
]


@given(numbers, numbers, st.integers(2, 40), st.sampled_from(UNITS))
def test_values_made_of_a_range_read_back(
    low: float, high: float, steps: int, unit: tuple[str, Any]
) -> None:
    name, read = unit
    assume(float(f"{low:.12g}") != float(f"{high:.12g}"))
    made = drawn({"a": f"{{from: {low:.12g} {name}, to: {high:.12g} {name}, steps: {steps}}}"})
    assert len(made) == steps
    scale = read(f"1 {name}") * max(abs(low), abs(high))
    sizes = [read(text) for (text,) in made]
    assert sizes == pytest.approx(
        [read(f"1 {name}") * (low + (high - low) * k / (steps - 1)) for k in range(steps)],
        abs=1e-10 * scale,
        rel=1e-10,
    )
    assert [in_si(text) for (text,) in made] == sizes


@given(st.floats(1e-3, 1e3), st.floats(1.01, 1e4), st.floats(0.0, 1.0))
def test_a_log_range_is_even_by_ratio(low: float, ratio: float, u: float) -> None:
    factor = Factor.model_validate(
        {"from": f"{low:.12g} km", "to": f"{low * ratio:.12g} km", "scale": "log"}
    )
    at = units.length(str(factor.at(u))) / 1000.0
    assert math.log(at / low) == pytest.approx(u * math.log(ratio), abs=1e-8)


class TestAmounts:
    @given(numbers, st.sampled_from(["", "km", "%", "kt", "deg", "ft MSL", "per h"]))
    def test_round_trip(self, number: float, unit: str) -> None:
        text = Amount(number, unit).of(number)
        assert str(amount(text)) == text

    def test_durations_of_several_units_are_seconds(self) -> None:
        assert amount("1 h 30 min") == amount("PT1H30M") == Amount(5400.0, "s")

    @pytest.mark.parametrize("text", ["FL180", "tomorrow", "", "36.3N 36.7E"])
    def test_what_is_none(self, text: str) -> None:
        with pytest.raises(UnitError):
            amount(text)

    def test_conversion_is_within_a_kind(self) -> None:
        assert converted(amount("2 h"), "min") == 120.0
        assert converted(amount("1 NM"), "m") == pytest.approx(1852.0)
        with pytest.raises(UnitError, match='"km" and "min" measure different things'):
            converted(amount("2 km"), "min")

    @pytest.mark.parametrize(
        ("text", "size"),
        [
            ("6 km", 6000.0),
            ("90 min", 5400.0),
            ("1 h 30 min", 5400.0),
            ("50 %", 0.5),
            ("150 %", 1.5),
            ("7", 7.0),
            ("12 per h", 12 / 3600),
            ("FL100", 3048.0),
            ("1000 ft MSL", 304.8),
            ("1970-01-01T01:00Z", 3600.0),
            ("UNL", math.nan),
            ("hotline", math.nan),
            ({"uniform": {}}, math.nan),
        ],
    )
    def test_in_si(self, text: object, size: float) -> None:
        assert in_si(text) == pytest.approx(size, nan_ok=True)


class TestTies:
    def test_the_same_value_a_multiple_and_a_sum(self) -> None:
        factors = {
            "a.lead": "[1 h, 90 min]",
            "b.same": "{tied: lead}",
            "b.half": "{tied: a.lead, times: 0.5}",
            "b.later": "{tied: half, plus: 15 min}",
        }
        assert drawn(factors) == [
            ("1 h", "1 h", "0.5 h", "0.75 h"),
            ("90 min", "90 min", "45 min", "60 min"),
        ]

    def test_what_hangs_on_what_may_stand_in_any_order(self) -> None:
        factors = {"c": "{tied: b, times: 2}", "b": "{tied: a, times: 2}", "a": "[1 m]"}
        (point,) = draw_points(sweep(factors))
        assert dict(point.changes) == {"c": "4 m", "b": "2 m", "a": "1 m"}
        assert list(point.changes) == ["c", "b", "a"]


RANGES = {"a": "{from: 0, to: 1}", "b": "{from: 1, to: 100, scale: log}"}


class TestSampling:
    @pytest.mark.parametrize("design", SAMPLING)
    def test_the_same_seed_gives_the_same_points(self, design: str) -> None:
        once, again, other = (drawn(RANGES, design, seed=seed) for seed in (5, 5, 6))
        assert once == again
        assert once != other

    @pytest.mark.parametrize("seed", range(5))
    def test_a_latin_hypercube_has_one_point_in_each_layer(self, seed: int) -> None:
        made = drawn(RANGES, "{latin-hypercube: {points: 20}}", seed=seed)
        assert len(made) == 20
        shares = np.array([(float(a), math.log10(float(b)) / 2.0) for a, b in made])
        for column in shares.T:
            assert sorted((column * 20).astype(int)) == [*range(20)]

    @pytest.mark.parametrize("seed", range(5))
    def test_sobol_points_fill_all_boxes_alike(self, seed: int) -> None:
        made = drawn(RANGES, "{sobol: {points: 16}}", seed=seed)
        boxes = {(int(float(a) * 4), int(math.log10(float(b)) * 2)) for a, b in made}
        assert len(boxes) == len(made) == 16

    @pytest.mark.parametrize("kind", ["sobol", "random"])
    def test_a_larger_design_begins_with_the_smaller(self, kind: str) -> None:
        small = drawn(RANGES, f"{{{kind}: {{points: 8}}}}")
        assert drawn(RANGES, f"{{{kind}: {{points: 32}}}}")[:8] == small

    @pytest.mark.parametrize(
        ("design", "points"),
        [
            ("{saltelli: {points: 8}}", 8 * (2 + 2)),
            ("{saltelli: {points: 8, second-order: yes}}", 8 * (2 * 2 + 2)),
            ("{morris: {trajectories: 7}}", 7 * (2 + 1)),
        ],
    )
    def test_designs_of_sensitivities_have_the_points_of_theirs(
        self, design: str, points: int
    ) -> None:
        assert len(drawn(RANGES, design)) == points

    def test_a_morris_walk_changes_one_factor_at_a_time(self) -> None:
        made = drawn(RANGES, "{morris: {trajectories: 6}}")
        for start in range(0, len(made), 3):
            for before, after in pairwise(made[start : start + 3]):
                assert sum(x != y for x, y in zip(before, after, strict=True)) == 1

    def test_cubes_become_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cube = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.5], [1.0, 1.0, 1.0]])

        def stub(*_: object, **__: object) -> NDArray[np.float64]:
            return cube

        monkeypatch.setattr(sensitivity, "morris_sample", stub)
        factors = {
            "a": "{from: 2 km, to: 4 km}",
            "b": "[x, y, z]",
            "c": "{distribution: {triangular: {min: 0 min, mode: 1 min, max: 2 min}}}",
        }
        assert drawn(factors, "{morris: {trajectories: 2}}") == [
            ("2 km", "x", "0 min"),
            ("3 km", "y", "1 min"),
            ("4 km", "z", "2 min"),
        ]

    def test_lists_have_equal_shares(self) -> None:
        made = drawn({"a": "[x, y, z, w]"}, "{latin-hypercube: {points: 40}}")
        assert {value: made.count((value,)) for value in "xyzw"} == dict.fromkeys("xyzw", 10)

    def test_laws_are_followed(self) -> None:
        law = "{distribution: {lognormal: {median: 5 min, p95: 12 min}}}"
        made = drawn({"a": law}, "{sobol: {points: 1024}}")
        sizes = np.array([units.duration(text) for (text,) in made])
        assert np.mean(sizes <= 300.0) == pytest.approx(0.5, abs=2 / 1024)
        assert np.mean(sizes <= 720.0) == pytest.approx(0.95, abs=2 / 1024)


class TestNames:
    def test_the_shortest_end_that_tells_them_apart(self) -> None:
        paths = ["zones.a.notices.x.lead", "zones.b.notices.x.lead", "channels.c.lines"]
        labels = labels_of(sweep(dict.fromkeys(paths, "[1 h]")))
        assert labels == {
            "zones.a.notices.x.lead": "a.notices.x.lead",
            "zones.b.notices.x.lead": "b.notices.x.lead",
            "channels.c.lines": "lines",
        }

    def test_neither_a_column_of_the_table_nor_a_number(self) -> None:
        labels = labels_of(sweep({"x.seed": "[1]", "x.altitude.0": "[1]", "flights": "[1]"}))
        assert [*labels.values()] == ["x.seed", "altitude.0", "flights"]

    def test_names_that_are_given_go_first(self) -> None:
        labels = labels_of(sweep({"a.lead": "{values: [1], name: b}", "c.b": "[1]"}))
        assert labels == {"a.lead": "b", "c.b": "c.b"}

    def test_factors_are_found_by_path_and_by_name(self) -> None:
        labels = {"zones.a.lead": "lead"}
        assert factor_called("lead", labels) == factor_called("zones.a.lead", labels)
        with pytest.raises(InputError, match='no factor is called "led"; did you mean "lead"'):
            factor_called("led", labels)


class TestWhatIsLookedAt:
    def test_extremes_are_the_ends_of_each_factor(self) -> None:
        points = draw_points(sweep({"a": "[2, 1, 3]", "b": "[x, y]"}))
        found = extremes(points)
        assert values(found) == [("2", "x"), ("3", "y"), ("3", "x"), ("1", "x")]

    def test_of_very_many_points_only_some(self) -> None:
        points = draw_points(sweep({"a": "{from: 0, to: 9999, steps: 10000}"}))
        some = checked_points(points)
        assert len(some) <= 2004
        assert (some[0], some[-1]) == (points[0], points[-1])
        assert checked_points(points[:100]) == points[:100]
