"""Slips of YAML in the seed scenario: the place of each, what is said of it, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sim.errors import ScenarioError
from sim.scenario import tree
from sim.scenario.reader import loads

SEED = (Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml").read_text("utf-8")
NO_KEY = "is no key with a value: expected a colon and a blank after the key"


class Case(NamedTuple):
    found: str
    ruined: str
    at: str
    """What stands at the place that the message gives."""
    message: str


CASES = [
    Case("    party: us", "    party us", "party us", f'"party us" {NO_KEY}; write "party: us"'),
    Case("keepout: 1", "keepout 1", "keepout 1", f'"keepout 1" {NO_KEY}; write "keepout: 1"'),
    Case("  russia:\n", "  russia\n", "russia\n", f'"russia" {NO_KEY}; write "russia:"'),
    Case("flights:\n", "flights # all\n", "flights #", f'"flights" {NO_KEY}; write "flights:"'),
    Case("officers: 1", "officers:1", "officers:1", f'"officers:1" {NO_KEY}; write "officers: 1"'),
    Case("lines: 1", "lines = 1", "lines = 1", f'"lines = 1" {NO_KEY}; write "lines: 1"'),
    Case(
        "    party: us\n",
        "    party us\n\n    # whose it is\n",
        "party us",
        f'"party us" {NO_KEY}; write "party: us"',
    ),
    Case(
        "departs: 2022-02-02T23:10Z",
        "departs2022-02-02T23:10Z",
        "departs2022",
        f'"departs2022-02-02T23:10Z" {NO_KEY}; write such as name: Northern range',
    ),
    Case(
        "start: 2022-02-02T18:00Z\nend: 2022",
        "start 2022-02-02T18:00Z\r\nend: 2022",
        "start 2022",
        f'"start 2022-02-02T18:00Z" {NO_KEY}; write "start: 2022-02-02T18:00Z"',
    ),
    Case(
        "name: Russia",
        "name: Russia: the other side",
        "Russia: the",
        '"Russia: the other side" has a colon with a blank after it, which ends a key;'
        " put the value in quotes",
    ),
    Case(
        "    party: us\n",
        "    party: us\n      x-note: 1\n",
        "x-note: 1",
        '"x-note: 1" is indented below line 48, which has its value already;'
        " begin it in column 5, as line 48",
    ),
    Case(
        "    speed: 210 kt",
        "     speed: 210 kt",
        "speed: 210 kt",
        '"speed: 210 kt" is indented by 5, as nothing above it is; indent it by 4, as line 74',
    ),
    Case(
        "  aid-flight:\n",
        " aid-flight:\n",
        "aid-flight:\n",
        '"aid-flight:" is indented by 1, as nothing above it is; indent it by 2, as line 65',
    ),
    Case(
        "    repeat: {every: 2 h, count: 3, jitter: {uniform: {min: -15 min, max: 15 min}}}",
        "    - repeat: {every: 2 h}",
        "- repeat",
        '"- repeat: {every: 2 h}" is an item of a list among keys;'
        " leave the dash out, or indent the list below its key",
    ),
    Case(
        "[SFC, FL180]",
        "[SFC, FL180",
        "[SFC, FL180\n",
        '"[SFC, FL180" is not closed; close it with ]',
    ),
    Case(
        "radius: 6 km}}",
        "radius: 6 km}",
        "{circle: {",
        '"{circle: {center: 36.3N 36.7E, radius: 6 km}" is not closed; close it with }',
    ),
    Case(
        "[SFC, FL180]",
        "[SFC, FL180}",
        "}\n",
        'expected a comma or ], found "}"; close [ with ]',
    ),
    Case(
        "36.7E, radius: 6 km}}",
        "36.7E radius: 6 km}}",
        "radius: 6 km}}",
        'expected a comma or } before "radius: 6 km}}"; part entries by commas',
    ),
    Case(
        "exempt: []",
        "exempt: []]",
        "]\n",
        '"]" stands after the end of the value; take it out, or put the whole value in quotes',
    ),
    Case(
        "name: Northwest Syria, February 2022",
        'name: "Northwest Syria, February 2022',
        '"Northwest',
        'the quotes that open before "Northwest Syria, February 2022" close only on a later line;'
        " close them where the text ends",
    ),
    Case(
        "departs: 2022-02-02T23:10Z",
        "departs: '2022-02-02T23:10Z",
        "'2022",
        'the quotes that open before "2022-02-02T23:10Z" never close;'
        " close them where the text ends",
    ),
    Case(
        "name: Russia",
        "name: @Russia",
        "@Russia",
        '"@Russia" begins with @, which no plain value can; put the value in quotes',
    ),
    Case("    exempt: []", "\texempt: []", "\texempt", "found a tab; indent with spaces"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.ruined.strip() for case in CASES])
@pytest.mark.parametrize("parser", [tree._Loader, yaml.SafeLoader], ids=["default", "without C"])
def test_each_slip_is_shown_where_it_was_made(
    monkeypatch: pytest.MonkeyPatch, case: Case, parser: type
) -> None:
    monkeypatch.setattr(tree, "_Loader", parser)
    assert case.found in SEED
    text = SEED.replace(case.found, case.ruined, 1)
    with pytest.raises(ScenarioError) as caught:
        loads(text, "s.yaml")
    (fault,) = caught.value.faults
    assert fault.line is not None
    assert fault.column is not None
    shown = text.split("\n")[fault.line - 1][fault.column - 1 :] + "\n"
    assert shown.startswith(case.at)
    assert str(fault).partition(": ")[2] == f"this is no YAML: {case.message}"


@pytest.mark.parametrize("text", ["a: b\r? c: d: e", "a: b\x85x: y: z", "a: b\u2028x: y: z"])
def test_lines_are_counted_as_yaml_does(text: str) -> None:
    with pytest.raises(ScenarioError, match=":2:"):
        loads(text, "s.yaml")
