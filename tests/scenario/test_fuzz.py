"""Whatever is read, the reader gives a scenario or says what is wrong, and soon."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.plan import prepare
from sim.scenario.reader import loads
from sim.scenario.schema import Scenario
from sim.scenario.starter import starter
from sim.scenario.tree import decode, parse_value
from sim.scenario.writer import dumps

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

SEED = (Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml").read_text("utf-8")
LINES = SEED.splitlines(keepends=True)
JUNK = [
    "", "nan", "-1", "0", "1e400", "[]", "{}", "[[", "}", ": ", "&a", "*a", "!!x", "? ", "- ",
    "~", "null", "-.inf", "FL999", "UNL", "90N 0E", "+0 s", "9999-12-31T23:59Z",
    "0001-01-01T00:00+14:00", "{lat: 90, lon: 180}", "{uniform: {min: 1, max: 0}}", "#", "\t",
    "\x85", "\u2028", "é", "x-", "us", "raid", "patrol#1", "1000000000000 km", "[SFC, UNL]",
    "[UNL, UNL]", "FL100", "5000 ft MSL", "120 m W84", "-5 h", "+99 h", "all", "[all]", "1",
    "{polygon: [36N 36E, 36N 36E, 36N 36E]}", "{corridor: {route: [36N 36E, 37N 37E], width: 1 m}}",
    "{buffer: 1 km}", "{fixed: 3 h}", "{mixture: [{weight: 1, value: 3 h}]}", "89.9N 0E", "100 %",
    "{at: 36N 36E, time: 3 h}", "-9999999999 s",
]  # fmt: skip
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BOUND_S = 5.0  # far above the milliseconds it takes, far below a hang


def outcome(read: Callable[[], Scenario]) -> Scenario | ScenarioError:
    """A scenario, or an error whose faults are each one readable line."""
    try:
        return read()
    except ScenarioError as error:
        lines = [str(fault) for fault in error.faults]
        assert lines
        assert not [line for line in lines if "\n" in line or "Input should" in line]
        return error


def read(text: str) -> None:
    began = time.perf_counter()
    result = outcome(lambda: loads(text, "fuzz.yaml"))
    if isinstance(result, Scenario):
        assert loads(dumps(result)) == result
    assert time.perf_counter() - began < BOUND_S


@given(st.binary(max_size=300))
@QUICK
def test_bytes(data: bytes) -> None:
    try:
        text = decode(data, "fuzz.yaml")
    except ScenarioError:
        return
    read(text)


@given(st.text(alphabet="{}[]:,-?&*!|>'\"%@` #\n\tabx1.", max_size=200))
@QUICK
def test_soup_of_yaml_signs(text: str) -> None:
    read(text)


@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), st.sampled_from(JUNK))))
@QUICK
def test_the_seed_scenario_with_pieces_replaced(edits: list[tuple[int, int, str]]) -> None:
    text = SEED
    for place, width, junk in edits[:5]:
        text = text[:place] + junk + text[place + width :]
    read(text)


@given(st.lists(st.integers(0, len(LINES) - 1), max_size=8), st.randoms(use_true_random=False))
@QUICK
def test_the_seed_scenario_with_lines_dropped_doubled_and_moved(
    places: list[int], random: Random
) -> None:
    lines = list(LINES)
    for place in places:
        action = random.choice(["drop", "double", "move", "indent"])
        line = lines[place % len(lines)]
        if action == "indent":
            lines[place % len(lines)] = "  " + line
        else:
            if action in ("drop", "move"):
                del lines[place % len(lines)]
            if action in ("double", "move"):
                lines.insert(random.randrange(len(lines)), line)
    read("".join(lines))


@given(st.data())
@QUICK
def test_shipped_scenarios_with_values_replaced(data: st.DataObject) -> None:
    scenario = loads(data.draw(st.sampled_from([SEED, starter()])))
    paths = list(_paths(scenario.document))
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3, unique=True))
    changes = {path: _value(data.draw(st.sampled_from(JUNK))) for path in chosen}
    result = outcome(lambda: scenario.replace(changes))
    if isinstance(result, Scenario):
        assert loads(dumps(result)) == result
        prepare(result)  # whatever is valid can be planned


def _value(text: str) -> object:
    try:
        return parse_value(text)
    except ScenarioError:
        return text


def _paths(tree: object, above: str = "") -> list[str]:
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    below = [path for key, value in items for path in _paths(value, f"{above}{key}.")]
    return below + ([above[:-1]] if above else [])
