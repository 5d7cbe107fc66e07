"""Cuts through designs, told as (level, values along) of each curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import InputError
from sim.plots.slices import MOST_CURVES, cells_of, curves_of
from sim.stats import Interval
from tests.sweeps.studies import ANSWERED, LEAD, at_points, made_up

if TYPE_CHECKING:
    from sim.plots.slices import Curves
    from sim.sweeps.answers import Answers

OFFICERS = "parties.south.desk.officers"
LEADS, CHANCES, STAFF = ["5 min", "10 min", "20 min"], ["0.5", "0.9"], ["1", "2", "3", "4"]


def flat(axes: dict[str, list[str]], **keys: Any) -> Answers:
    return at_points(axes, "violations", lambda *_: 1.0, **keys)


def told(curves: Curves) -> list[tuple[str, list[str]]]:
    along = curves.along.name
    return [(c.level, [e.point.values[along] for e in c.estimates]) for c in curves.curves]


def test_a_grid_of_two_is_cut_along_the_longer_with_a_curve_for_each_value_of_the_other() -> None:
    found = curves_of(flat({ANSWERED: CHANCES, LEAD: LEADS}))
    assert (found.along.name, found.by, found.is_joined, found.note) == (
        *("lead", "answered"),
        *(True, ""),
    )
    assert told(found) == [("0.5", LEADS), ("0.9", LEADS)]
    other = curves_of(flat({ANSWERED: CHANCES, LEAD: LEADS}), "answered")
    assert told(other) == [(lead, CHANCES) for lead in LEADS]


def test_a_third_factor_is_held_in_its_middle_or_at_the_recommended_point() -> None:
    axes = {ANSWERED: CHANCES, LEAD: LEADS, OFFICERS: STAFF}
    found = curves_of(flat(axes), "lead", "answered")
    assert (told(found), found.note) == ([("0.5", LEADS), ("0.9", LEADS)], "at officers 3")

    def value(answered: float, lead: float, officers: float) -> Interval:
        worst = 0.0 if (answered, lead, officers) == (0.9, 600.0, 2.0) else 1.0
        return Interval(worst, worst, worst, 0.95, 20)

    asked = {"metric": "violations", "target": "0.5", "cost": "violations"}
    wanted = at_points(axes, "violations", value, recommend=asked)
    assert wanted.recommended is not None
    held = curves_of(wanted, "lead", "answered")
    assert held.note == "at officers 2"
    assert wanted.recommended in held.estimates


def test_one_factor_at_a_time_is_cut_through_its_base() -> None:
    rows = [("10 min", "0.9"), ("5 min", "0.9"), ("20 min", "0.9"), ("10 min", "0.5")]
    keys: Any = {"rows": rows, "design": "one-at-a-time"}
    found = curves_of(flat({LEAD: LEADS, ANSWERED: CHANCES}, **keys))
    assert (told(found), found.note, found.is_joined) == ([("", LEADS)], "at answered 0.9", True)
    other = curves_of(flat({LEAD: LEADS, ANSWERED: CHANCES}, **keys), "answered")
    assert (told(other), other.note) == ([("", CHANCES)], "at lead 10 min")


def test_factors_that_go_together_make_one_curve_and_it_is_said() -> None:
    rows = [("20 min", "0.5"), ("5 min", "0.9")]
    found = curves_of(flat({LEAD: LEADS, ANSWERED: CHANCES}, rows=rows, design="zip"), "lead")
    assert (told(found), found.is_joined) == ([("", ["5 min", "20 min"])], True)
    assert found.note == "answered varies too"


def test_points_that_differ_in_other_factors_too_are_not_joined() -> None:
    found = curves_of(
        made_up(
            {"violations": [1.0, 2.0, 3.0]},
            factors=(LEAD, ANSWERED),
            design={"latin-hypercube": {"points": "3"}},
        )
    )
    assert found.is_joined is False
    assert found.note == "answered varies too"


def test_of_many_levels_some_make_curves_both_ends_among_them() -> None:
    many = [f"{k} min" for k in range(1, 21)]
    found = curves_of(flat({LEAD: many, OFFICERS: STAFF}), "officers")
    levels = [curve.level for curve in found.curves]
    assert (len(levels), levels[0], levels[-1]) == (MOST_CURVES, "1 min", "20 min")
    assert found.note == "6 of 20 values of lead"


def test_what_does_not_vary_is_neither_axis_nor_curve() -> None:
    found = curves_of(flat({ANSWERED: ["0.9"], LEAD: LEADS}))
    assert (found.along.name, found.by) == ("lead", None)
    one = curves_of(flat({ANSWERED: ["0.9"], LEAD: ["5 min"]}))
    assert told(one) == [("", ["0.9"])]


def test_words_are_not_joined() -> None:
    laws = ["1 min", "{uniform: {min: 1 min, max: 2 min}}"]
    assert curves_of(flat({"channels.line.transfer": laws})).is_joined is False


def test_curves_along_a_factor_have_no_value_of_it() -> None:
    with pytest.raises(InputError, match="curves along lead cannot each have one value of lead"):
        curves_of(flat({ANSWERED: CHANCES, LEAD: LEADS}), "lead", "lead")


def test_a_grid_gives_a_cell_for_each_pair_and_absent_points_leave_theirs_empty() -> None:
    found = cells_of(flat({ANSWERED: CHANCES, LEAD: LEADS}))
    assert (found.across.name, found.up.name) == ("lead", "answered")
    assert {*found.cells} == {(lead, chance) for lead in LEADS for chance in CHANCES}
    rows = [("5 min", "0.5"), ("10 min", "0.9"), ("20 min", "0.5")]
    some = cells_of(
        flat({LEAD: LEADS, ANSWERED: CHANCES}, rows=rows, design={"list": [{"a": "1"}]})
    )
    assert {*some.cells} == {*rows}


def test_a_grid_of_three_is_held_in_the_third() -> None:
    found = cells_of(flat({ANSWERED: CHANCES, LEAD: LEADS, OFFICERS: STAFF}), ["lead", "answered"])
    assert found.note == "at officers 3"
    assert {e.point.values["officers"] for e in found.cells.values()} == {"3"}


@pytest.mark.parametrize(
    ("axes", "rows", "factors", "said"),
    [
        ({LEAD: LEADS}, None, None, "of two factors that vary, and here lead does"),
        ({LEAD: LEADS[:1]}, None, None, r"here none does; sim\.plots\.responses shows one"),
        ({LEAD: LEADS, ANSWERED: CHANCES}, None, ["lead", "lead"], "both across and up"),
        (
            {LEAD: LEADS, ANSWERED: CHANCES},
            [("5 min", "0.5"), ("10 min", "0.9"), ("10 min", "0.9")],
            ["lead", "answered"],
            r"form no grid of lead and answered; sim\.plots\.responses shows them",
        ),
        (
            {LEAD: LEADS, ANSWERED: ["0.1", "0.2", "0.3"]},
            [("5 min", "0.1"), ("10 min", "0.2"), ("20 min", "0.3")],
            None,
            "form no grid",
        ),
    ],
)
def test_what_is_no_grid_of_two_is_refused_with_the_next_step(
    axes: Any, rows: Any, factors: Any, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        cells_of(flat(axes, rows=rows), factors)
