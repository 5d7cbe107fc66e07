"""Sweep files: what they mean, and ruined ones with the message that each gets, as shipped.

The lines and columns are counted by hand in the text below.
"""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sim.errors import ScenarioError
from sim.scenario import tree
from sim.scenario.parts import Frozen
from sim.sweeps import reader
from sim.sweeps.editor import sweep_json_schema
from sim.sweeps.kind import is_sweep
from sim.sweeps.reader import Study, check_study, load_sweep, loads_sweep
from sim.sweeps.schema import Precision, Sweep
from sim.sweeps.sizing import estimate_s, runs_of, sweep_summary
from tests.scenario.test_editor import as_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted((SCENARIOS / "sweeps").glob("*.yaml"))
LEAD = "zones.raid-area.notices.first.lead"
BUFFER = "zones.raid-area.area.buffer"
TEXT = """\
keepout-sweep: 1
name: Lead and breadth
scenario: night.yaml
factors:
  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]
  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}
design: grid
replications: 200
"""
TABLES = {
    "bad_value.csv": "lead,buffer\n1 h,10 km\n2 h,20 kmm\n",
    "empty.csv": "",
    "head.csv": "lead,buffer\n",
    "column.csv": "leed,buffer\n1 h,5 km\n",
    "short.csv": "lead,buffer\n1 h\n",
    "quote.csv": 'lead,buffer\n"1 h,5 km\n',
    "paths.csv": "zones.raid-area.notices.first.lede\n1 h\n",
    "twice.csv": "lead,lead\n1 h,2 h\n",
    "bracket.csv": 'lead,buffer\n"{uniform: {min: 1 h",5 km\n',
    "good.csv": f'{LEAD},buffer\n\n1 h,5 km\n"{{uniform: {{min: 1 h, max: 2 h}}}}",8 km\n',
    "columns.csv": f"{LEAD},{BUFFER}\n1 h,5 km\n2 h,8 km\n",
}


class Case(NamedTuple):
    kind: str
    found: str
    ruined: str
    message: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seed scenario, a faulty one, and tables of points."""
    folder = tmp_path_factory.mktemp("sweeps")
    seed = SCENARIOS / "northwest_syria_2022.yaml"
    shutil.copy(seed, folder / "night.yaml")
    faulty = seed.read_text("utf-8").replace("radius: 6 km", "radius: 6")
    (folder / "faulty.yaml").write_text(faulty, "utf-8")
    for name, text in TABLES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "bytes.csv").write_bytes(b"\xff\xfe\n")
    return folder


@pytest.fixture(autouse=True)
def _beside_the_scenario(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


CASES = [
    Case(
        "unknown key",
        "replications:",
        "replication:",
        "s.yaml:8:1 replication: unknown key: expected keepout-sweep, name, about,"
        " sources, scenario, set, seed, factors, design, replications, metrics, pareto,"
        ' recommend; did you mean "replications"?',
    ),
    Case(
        "unknown key of a factor",
        "steps: 5",
        "step: 5",
        "s.yaml:6:56 factors.zones.raid-area.area.buffer.step: unknown key: expected name,"
        " values, from, to, steps, scale, distribution, tied, times, plus; did you mean"
        ' "steps"?',
    ),
    Case(
        "no sweep",
        "keepout-sweep: 1\n",
        "",
        's.yaml:1:1: keepout-sweep is missing: expected "keepout-sweep: 1", by which'
        " sweeps are told",
    ),
    Case(
        "a scenario",
        "keepout-sweep: 1\n",
        "keepout: 1\n",
        's.yaml:1:1: keepout-sweep is missing: expected "keepout-sweep: 1", by which'
        " sweeps are told; this is a scenario: keepout run runs it",
    ),
    Case(
        "other version",
        "keepout-sweep: 1",
        "keepout-sweep: 2",
        's.yaml:1:16 keepout-sweep: "2" is no version that this keepout reads: expected 1',
    ),
    Case(
        "scenario missing",
        "night.yaml",
        "nigt.yaml",
        "s.yaml:3:11 scenario: nigt.yaml: the file cannot be read: No such file or"
        " directory; names of files count from the sweep's own folder",
    ),
    Case(
        "scenario key missing",
        "scenario: night.yaml\n",
        "",
        's.yaml:1:1: scenario is missing; write such as "scenario: ../night.yaml", seen'
        " from this file",
    ),
    Case(
        "scenario faulty",
        "night.yaml",
        "faulty.yaml",
        "s.yaml:3:11 scenario: the scenario faulty.yaml has faults\n"
        'faulty.yaml:49:50 operations.raid.area.circle.radius: "6" has no unit: expected'
        " m, km, NM, ft, such as 6 km or 12 NM",
    ),
    Case(
        "a path that leads nowhere",
        "notices.first.lead",
        "notices.first.lede",
        "s.yaml:5:3 factors.zones.raid-area.notices.first.lede: no path of the scenario:"
        ' at zones.raid-area.notices.first there is no "lede" here, only to, via, priority,'
        ' lead, at, unacknowledged; did you mean "lead"?',
    ),
    Case(
        "an id that is not there",
        "raid-area.area",
        "raid-aria.area",
        "s.yaml:6:3 factors.zones.raid-aria.area.buffer: no path of the scenario: at zones"
        ' there is no "raid-aria" here, only raid-area; did you mean "raid-area"?',
    ),
    Case(
        "a value, a slip of unit",
        "1 h,",
        "1 hr,",
        's.yaml:5:48 factors.zones.raid-area.notices.first.lead.1: "1 hr" does not fit:'
        ' "hr" in "1 hr" is no unit of a duration: expected ms, s, min, h, d, such as 90'
        ' min, 1 h 30 min or PT1H30M; did you mean "h"?',
    ),
    Case(
        "a value of another kind",
        "1 h,",
        "1 km,",
        's.yaml:5:48 factors.zones.raid-area.notices.first.lead.1: "1 km" does not fit:'
        ' "km" in "1 km" is no unit of a duration: expected ms, s, min, h, d, such as 90'
        " min, 1 h 30 min or PT1H30M",
    ),
    Case(
        "an end of another unit",
        "to: 80 km",
        "to: 80 kt",
        's.yaml:6:49 factors.zones.raid-area.area.buffer.to: "80 kt" is in another unit'
        ' than "5 km": expected one unit for both',
    ),
    Case(
        "both ends of another kind",
        "from: 5 km, to: 80 km",
        "from: 5 kt, to: 80 kt",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.from: "5 kt" does not fit: "kt"'
        ' in "5 kt" is no unit of a length: expected m, km, NM, ft, such as 6 km or 12 NM\n'
        's.yaml:6:49 factors.zones.raid-area.area.buffer.to: "80 kt" does not fit: "kt" in'
        ' "80 kt" is no unit of a length: expected m, km, NM, ft, such as 6 km or 12 NM',
    ),
    Case(
        "an end that is impossible",
        "from: 5 km, to: 80 km, steps: 5, scale: log",
        "from: -5 km, to: 80 km, steps: 5",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.from: "-5 km" does not fit: "-5'
        ' km" is negative: expected 0 or more',
    ),
    Case(
        "a range without steps in a grid",
        ", steps: 5, scale: log",
        "",
        "s.yaml:6:3 factors.zones.raid-area.area.buffer: steps is missing: expected such"
        " as 5, as this design goes by steps",
    ),
    Case(
        "two units of a kind",
        "from: 5 km",
        "from: 5000 m",
        's.yaml:6:51 factors.zones.raid-area.area.buffer.to: "80 km" is in another unit'
        ' than "5000 m": expected one unit for both; write 80000 m',
    ),
    Case(
        "units of two kinds",
        "from: 5 km",
        "from: 5 min",
        's.yaml:6:50 factors.zones.raid-area.area.buffer.to: "80 km" is in another unit'
        ' than "5 min": expected one unit for both',
    ),
    Case(
        "no logarithm",
        "from: 5 km",
        "from: 0 km",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.from: "0 km" has no logarithm:'
        " expected more than 0 for scale: log; write scale: linear, or a small end",
    ),
    Case(
        "one step",
        "steps: 5",
        "steps: 1",
        's.yaml:6:63 factors.zones.raid-area.area.buffer.steps: "1" is no count: expected'
        " a whole number from 2 to 1000000",
    ),
    Case(
        "a range of nothing",
        "from: 5 km",
        "from: 80 km",
        "s.yaml:6:50 factors.zones.raid-area.area.buffer.to: the range ends where it"
        ' begins, at "80 km"',
    ),
    Case(
        "a range without an end",
        ", to: 80 km",
        "",
        "s.yaml:6:3 factors.zones.raid-area.area.buffer: to is missing: expected where the"
        " range ends",
    ),
    Case(
        "values and a range",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{from: 5 km, to: 80 km, values: [5 km]}",
        "s.yaml:6:3 factors.zones.raid-area.area.buffer: expected at most one of values,"
        " from with to, distribution, tied, found values and from",
    ),
    Case(
        "steps of a list",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{values: [5 km], steps: 3}",
        "s.yaml:6:56 factors.zones.raid-area.area.buffer.steps: steps is for what has from",
    ),
    Case(
        "a distribution in a grid",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{distribution: {uniform: {min: 5 km, max: 80 km}}}",
        "s.yaml:6:3 factors.zones.raid-area.area.buffer: expected values that this design"
        " can go through, found a distribution; write a list of values, or from, to and"
        " steps",
    ),
    Case(
        "a distribution that reaches what does not fit",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}\ndesign: grid",
        "{distribution: {normal: {mean: 20 km, sd: 5 km}}}\ndesign: {random: {points: 4}}",
        's.yaml:6:33 factors.zones.raid-area.area.buffer.distribution: "-9.98903507504 km"'
        ' does not fit: "-9.98903507504 km" is negative: expected 0 or more',
    ),
    Case(
        "a distribution in two units",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{distribution: {uniform: {min: 5 km, max: 80 NM}}}",
        's.yaml:6:74 factors.zones.raid-area.area.buffer.distribution.uniform.max: "80 NM"'
        ' is in another unit than "5 km": expected one unit for both; write 148.16 km',
    ),
    Case(
        "no distribution",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{distribution: {unifrom: {min: 5 km, max: 80 km}}}",
        's.yaml:6:48 factors.zones.raid-area.area.buffer.distribution.unifrom: "unifrom"'
        " is no distribution: expected one of fixed, uniform, triangular, normal,"
        " lognormal, exponential, gamma, weibull, empirical, mixture; did you mean"
        ' "uniform"?',
    ),
    Case(
        "a distribution that is a value",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{distribution: 5 km}",
        "s.yaml:6:47 factors.zones.raid-area.area.buffer.distribution: expected a"
        ' distribution, found "5 km"; write such as {uniform: {min: 0.5, max: 1}}',
    ),
    Case(
        "tied to what is not there",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{tied: laed}",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.tied: no factor is called "laed";'
        ' did you mean "lead"?',
    ),
    Case(
        "tied in a circle",
        "  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]\n"
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n",
        "  zones.raid-area.notices.first.lead: {tied: buffer}\n"
        "  zones.raid-area.area.buffer: {tied: lead}\n",
        "s.yaml:5:46 factors.zones.raid-area.notices.first.lead.tied: these factors are"
        " tied in a circle: lead, buffer; give one of them values of its own",
    ),
    Case(
        "tied with an amount of another kind",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{tied: lead, plus: 5 km}",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.tied: of "30 min" this cannot be'
        ' computed: "km" and "min" measure different things',
    ),
    Case(
        "a multiple of nothing",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}",
        "{times: 2}",
        "s.yaml:6:40 factors.zones.raid-area.area.buffer.times: times is for what has tied",
    ),
    Case(
        "zipped lists of different length",
        "design: grid",
        "design: zip",
        "s.yaml:7:9 design: zip takes first values together, second values together, and"
        " so on: lead has 3, buffer has 5; give all factors as many, or write design: grid",
    ),
    Case(
        "unknown design",
        "design: grid",
        "design: gird",
        's.yaml:7:9 design: "gird" is no design: expected one of grid, zip, one-at-a-time,'
        ' list, csv, latin-hypercube, sobol, random, saltelli, morris; did you mean "grid"?',
    ),
    Case(
        "a design that needs points",
        "design: grid",
        "design: sobol",
        's.yaml:7:9 design: "sobol" needs to be told more; write {sobol: {points: 64}}',
    ),
    Case(
        "two designs",
        "design: grid",
        "design: {grid: {}, zip: {}}",
        "s.yaml:7:1 design: expected exactly one of grid, zip, list, csv, one-at-a-time,"
        " latin-hypercube, sobol, random, saltelli, morris, found grid and zip",
    ),
    Case(
        "a listed point with an unknown factor",
        "design: grid",
        "design: {list: [{lead: 1 h, bufer: 5 km}]}",
        's.yaml:7:36 design.list.0.bufer: no factor is called "bufer"; did you mean "buffer"?',
    ),
    Case(
        "a listed point that lacks a factor",
        "design: grid",
        "design: {list: [{lead: 1 h}]}",
        "s.yaml:7:17 design.list.0: no value for buffer",
    ),
    Case(
        "a listed value that does not fit",
        "design: grid",
        "design: {list: [{lead: 1 h, buffer: 5 km}, {lead: 1 h, buffer: 5 hm}]}",
        's.yaml:7:64 design.list.1.buffer: "5 hm" does not fit: "hm" in "5 hm" is no unit'
        ' of a length: expected m, km, NM, ft, such as 6 km or 12 NM; did you mean "m"?',
    ),
    Case(
        "an unknown factor in the base",
        "design: grid",
        "design: {one-at-a-time: {base: {leed: 1 h}}}",
        's.yaml:7:39 design.one-at-a-time.base.leed: no factor is called "leed"; did you'
        ' mean "lead"?',
    ),
    Case(
        "a base that does not fit",
        "design: grid",
        "design: {one-at-a-time: {base: {lead: 1 k}}}",
        's.yaml:7:39 design.one-at-a-time.base.lead: "1 k" does not fit: "k" in "1 k" is'
        " no unit of a duration: expected ms, s, min, h, d, such as 90 min, 1 h 30 min or"
        " PT1H30M",
    ),
    Case(
        "a table with a value that does not fit",
        "design: grid",
        "design: {csv: bad_value.csv}",
        'bad_value.csv:3 buffer: "20 kmm" does not fit: "kmm" in "20 kmm" is no unit of a'
        ' length: expected m, km, NM, ft, such as 6 km or 12 NM; did you mean "km"?',
    ),
    Case(
        "an empty table",
        "design: grid",
        "design: {csv: empty.csv}",
        "empty.csv: the table is empty: expected a line of paths or names of factors, then"
        " a line a point",
    ),
    Case(
        "a table without points",
        "design: grid",
        "design: {csv: head.csv}",
        "head.csv:1: the table has no points: expected a line for each",
    ),
    Case(
        "a table with an unknown column",
        "design: grid",
        "design: {csv: column.csv}",
        'column.csv:1 leed: no factor is called "leed"; did you mean "lead"?',
    ),
    Case(
        "a table with a short line",
        "design: grid",
        "design: {csv: short.csv}",
        "short.csv:2: expected 2 values as in the first line, found 1; put a value with a"
        " comma in quotes",
    ),
    Case(
        "a table with an open quote",
        "design: grid",
        "design: {csv: quote.csv}",
        "quote.csv:2: this is no table: unexpected end of data",
    ),
    Case(
        "a table that is no text",
        "design: grid",
        "design: {csv: bytes.csv}",
        "bytes.csv:1: this is no UTF-8: expected a text file",
    ),
    Case(
        "no table",
        "design: grid",
        "design: {csv: none.csv}",
        "none.csv: the file cannot be read: No such file or directory",
    ),
    Case(
        "a table of paths, one leading nowhere",
        "  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]\n"
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n"
        "design: grid",
        "  {}\ndesign: {csv: paths.csv}",
        "paths.csv:1 zones.raid-area.notices.first.lede: no path of the scenario: at"
        ' zones.raid-area.notices.first there is no "lede" here, only to, via, priority,'
        ' lead, at, unacknowledged; did you mean "lead"?',
    ),
    Case(
        "a name that is a column already",
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n",
        "  zones.raid-area.area.buffer: {name: seed, values: [5 km]}\n",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.name: "seed" is a column of the'
        " table of runs already; give it another name",
    ),
    Case(
        "a factor that would be called as a column",
        "design: grid",
        "  flights: [{}]\ndesign: grid",
        's.yaml:7:3 factors.flights: "flights" is a column of the table of runs already;'
        " give it another name",
    ),
    Case(
        "no factors and no table",
        f"{TEXT.splitlines()[4]}\n{TEXT.splitlines()[5]}\ndesign: grid",
        "  {}\ndesign: {csv: none.csv}",
        "none.csv: the file cannot be read: No such file or directory",
    ),
    Case(
        "points of nothing",
        f"{TEXT.splitlines()[4]}\n{TEXT.splitlines()[5]}\ndesign: grid",
        "  {}\ndesign: {list: [{}]}",
        "s.yaml:4:1 factors: nothing varies: expected a factor with values;"
        ' write such as "factors: {zones.area.notices.first.lead: [1 h, 2 h]}"',
    ),
    Case(
        "a factor within another",
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n",
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n"
        "  zones.raid-area.area: [{buffer: 1 km}]\n",
        "s.yaml:6:3 factors.zones.raid-area.area.buffer: this lies within"
        " zones.raid-area.area, which varies as a whole; vary one of the two",
    ),
    Case(
        "nothing varies",
        "  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]\n"
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n",
        "  {}\n",
        "s.yaml:4:1 factors: nothing varies: expected a factor with values; write such as"
        ' "factors: {zones.area.notices.first.lead: [1 h, 2 h]}"',
    ),
    Case(
        "Sobol' points, no power of 2",
        "design: grid",
        "design: {sobol: {points: 60}}",
        's.yaml:7:26 design.sobol.points: "60" is no power of 2, which these points need'
        " to be evenly spread; write 32 or 64",
    ),
    Case(
        "base points, no power of 2",
        "design: grid",
        "design: {saltelli: {points: 60}}",
        's.yaml:7:29 design.saltelli.points: "60" is no power of 2, which these points'
        " need to be evenly spread; write 32 or 64",
    ),
    Case(
        "zero points",
        "design: grid",
        "design: {random: {points: 0}}",
        's.yaml:7:27 design.random.points: "0" is no count: expected a whole number from 1'
        " to 1000000",
    ),
    Case(
        "too many points",
        "design: grid",
        "design: {random: {points: 2000000}}",
        's.yaml:7:27 design.random.points: "2000000" is no count: expected a whole number'
        " from 1 to 1000000",
    ),
    Case(
        "a grid of too many points",
        "steps: 5",
        "steps: 900000",
        "s.yaml:7:9 design: this design has 2700000 points: expected at most 1000000; give"
        " factors fewer values, or sample them",
    ),
    Case(
        "an odd number of levels",
        "design: grid",
        "design: {morris: {trajectories: 5, levels: 5}}",
        's.yaml:7:44 design.morris.levels: "5" is odd: expected an even number, by which'
        " each level is as likely; write 6",
    ),
    Case(
        "a metric, a slip",
        "design: grid",
        "metrics: [p_uninfromed]",
        's.yaml:7:11 metrics.0: "p_uninfromed" is no metric; did you mean "p_uninformed"?',
    ),
    Case(
        "no metric",
        "design: grid",
        "pareto: [xyz, delay_s]",
        's.yaml:7:10 pareto.0: "xyz" is no metric: expected one of violations, incursions,'
        " uninformed, p_uninformed, never_addressed, not_yet_sent, relay_gap, in_transit,"
        " unanswered, lost, misinformed, not_disseminated, no_time, unable, disregarded,"
        " undeclared, violation_s, overlaps, gap_km2_h, denied_km2_h, notices_sent,"
        " notices_in_time, latency_p50_s, latency_p95_s, flights, delay_s, extra_km,"
        " cancelled, diverted, line_utilisation, held_s, site_incursions, postponed_s",
    ),
    Case(
        "a front in one metric",
        "design: grid",
        "pareto: [delay_s]",
        "s.yaml:7:1 pareto: expected two metrics or more, found one, of which the smallest is best",
    ),
    Case(
        "a target and a cost",
        "design: grid",
        "recommend: {metric: p_uninformed, target: 1 percent, cost: denied_km2h}",
        's.yaml:7:43 recommend.target: "percent" in "1 percent" is no unit of a number:'
        " expected %, such as 0.01 or 1 %\n"
        's.yaml:7:60 recommend.cost: "denied_km2h" is no metric; did you mean'
        ' "denied_km2_h"?',
    ),
    Case(
        "at least more than at most",
        "replications: 200",
        "replications: {until: {metric: p_uninformed, half-width: 0.02}, min: 500, max: 200}",
        "s.yaml:8:70 replications.min: min 500 is more than max 200",
    ),
    Case(
        "no half-width",
        "replications: 200",
        "replications: {until: {metric: p_uninformed, half-width: 0}}",
        's.yaml:8:58 replications.until.half-width: "0" is too small: expected more than 0',
    ),
    Case(
        "a missing half-width",
        "replications: 200",
        "replications: {until: {metric: p_uninformed}}",
        "s.yaml:8:16 replications.until: half-width is missing",
    ),
    Case(
        "until nothing",
        "replications: 200",
        "replications: {min: 20}",
        "s.yaml:8:1 replications: until is missing: expected such as {metric:"
        " p_uninformed, half-width: 0.02}",
    ),
    Case(
        "zero replications",
        "replications: 200",
        "replications: 0",
        's.yaml:8:15 replications: "0" is no count: expected a whole number from 1 to 1000000',
    ),
    Case(
        "a negative seed",
        "design: grid",
        "seed: -1",
        's.yaml:7:7 seed: "-1" is no seed: expected a whole number from 0 to 4294967295',
    ),
    Case(
        "a value twice",
        "1 h, 2 h",
        "1 h, 1 h",
        's.yaml:5:53 factors.zones.raid-area.notices.first.lead.2: "1 h" stands here twice',
    ),
    Case(
        "set where nothing is",
        "design: grid",
        "set: {zones.raid-area.notice: x}",
        "s.yaml:7:7 set.zones.raid-area.notice: no path of the scenario: at"
        ' zones.raid-area there is no "notice" here, only covers, party, area, altitude,'
        " window, vertical, exempt, issued, notices, objections, amend; did you mean"
        ' "notices"?',
    ),
    Case(
        "a set value that does not fit",
        "design: grid",
        "set: {zones.raid-area.notices: {first: {to: [russia], via: deconfliction-line,"
        " lead: 2 hh}}}",
        's.yaml:7:86 set.zones.raid-area.notices.first.lead: "hh" in "2 hh" is no unit of'
        " a duration: expected ms, s, min, h, d, such as 90 min, 1 h 30 min or PT1H30M; did"
        ' you mean "h"?',
    ),
    Case(
        "set values that contradict the scenario",
        "design: grid",
        "set: {zones.raid-area.notices: {first: {to: [civil], via: deconfliction-line,"
        " lead: 2 h}}}",
        "s.yaml:7:1 set: with this set, zones.raid-area.notices.first.via:"
        " deconfliction-line does not lead from us to civil: it is between us and russia",
    ),
    Case(
        "a point that contradicts itself",
        "2 h]",
        "6 h]",
        "s.yaml:5:3 factors.zones.raid-area.notices.first.lead: point 10 (lead 6 h, buffer"
        " 5 km): the notice may have to be drafted at 2022-02-02T16:00:00Z, before the"
        " scenario's start 2022-02-02T18:00:00Z (and so at 4 more points); start the"
        " scenario at 2022-02-02T16:00:00Z or earlier",
    ),
    Case(
        "several faults together",
        "name: Lead and breadth\nscenario: night.yaml",
        "nam: x\nscenario: faulty.yaml\nseed: x\nmetrics: [p]",
        "s.yaml:2:1 nam: unknown key: expected keepout-sweep, name, about, sources,"
        " scenario, set, seed, factors, design, replications, metrics, pareto, recommend;"
        ' did you mean "name"?\n'
        "s.yaml:3:11 scenario: the scenario faulty.yaml has faults\n"
        's.yaml:4:7 seed: "x" is no seed: expected a whole number from 0 to 4294967295\n'
        's.yaml:5:11 metrics.0: "p" is no metric: expected one of violations, incursions,'
        " uninformed, p_uninformed, never_addressed, not_yet_sent, relay_gap, in_transit,"
        " unanswered, lost, misinformed, not_disseminated, no_time, unable, disregarded,"
        " undeclared, violation_s, overlaps, gap_km2_h, denied_km2_h, notices_sent,"
        " notices_in_time, latency_p50_s, latency_p95_s, flights, delay_s, extra_km,"
        " cancelled, diverted, line_utilisation, held_s, site_incursions, postponed_s\n"
        'faulty.yaml:49:50 operations.raid.area.circle.radius: "6" has no unit: expected'
        " m, km, NM, ft, such as 6 km or 12 NM",
    ),
    Case(
        "a distribution among values",
        "1 h,",
        "{unifrom: {min: 1 h, max: 2 h}},",
        's.yaml:5:49 factors.zones.raid-area.notices.first.lead.1.unifrom: "unifrom" is no'
        " distribution: expected one of fixed, uniform, triangular, normal, lognormal,"
        ' exponential, gamma, weibull, empirical, mixture; did you mean "uniform"?',
    ),
    Case(
        "a factor that is a text",
        "  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]",
        "  zones.raid-area.notices.first.lead: 30 min",
        "s.yaml:5:39 factors.zones.raid-area.notices.first.lead: expected a mapping with"
        ' name, values, from, to, steps, scale, distribution, tied, times, plus, found "30'
        ' min"; write such as {from: 5 km, to: 80 km, steps: 5}',
    ),
    Case(
        "no values",
        "[30 min, 1 h, 2 h]",
        "[]",
        "s.yaml:5:3 factors.zones.raid-area.notices.first.lead: expected at least 1"
        " entries, found 0",
    ),
    Case(
        "two factors of a name",
        "  zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h]\n"
        "  zones.raid-area.area.buffer: {from: 5 km, to: 80 km, steps: 5, scale: log}\n",
        "  zones.raid-area.notices.first.lead: {name: a, values: [1 h]}\n"
        "  zones.raid-area.area.buffer: {name: a, values: [5 km]}\n",
        's.yaml:6:39 factors.zones.raid-area.area.buffer.name: two factors are called "a";'
        " give them different names",
    ),
    Case(
        "a label that is a path",
        "{from: 5 km,",
        "{name: zones.raid-area.notices.first.lead, from: 5 km,",
        "s.yaml:6:39 factors.zones.raid-area.area.buffer.name:"
        ' "zones.raid-area.notices.first.lead" is the path of another factor',
    ),
    Case(
        "a factor without values",
        "[30 min, 1 h, 2 h]",
        "{}",
        "s.yaml:5:3 factors.zones.raid-area.notices.first.lead: expected values that this"
        " design can go through, found nothing; write a list of values, or from, to and"
        " steps",
    ),
    Case(
        "tied to what is no number",
        "[30 min, 1 h, 2 h]",
        "[{fixed: 1 h}]\n  channels.deconfliction-line.retry.after: {tied: lead, times: 0.5}",
        's.yaml:6:51 factors.channels.deconfliction-line.retry.after.tied: of "{fixed: 1'
        ' h}" this cannot be computed: expected one value, found a mapping',
    ),
    Case(
        "a tied column",
        "design: grid",
        "  channels.deconfliction-line.retry.after: {tied: lead}\n"
        "design: {list: [{lead: 1 h, buffer: 5 km, after: 5 min}]}",
        "s.yaml:8:50 design.list.0.after: after is tied to another factor, and has no"
        " values of its own",
    ),
    Case(
        "a base for what is tied",
        "design: grid",
        "  channels.deconfliction-line.retry.after: {tied: lead}\n"
        "design: {one-at-a-time: {base: {after: 5 min}}}",
        "s.yaml:8:40 design.one-at-a-time.base.after: after is tied to another factor, and has no"
        " values of its own",
    ),
    Case(
        "a column by two names",
        "design: grid",
        "design: {list: [{lead: 1 h, buffer: 5 km, zones.raid-area.area.buffer: 6 km}]}",
        "s.yaml:7:72 design.list.0.zones.raid-area.area.buffer: buffer stands here twice",
    ),
    Case(
        "morris with a distribution without ends",
        "{from: 5 km, to: 80 km, steps: 5, scale: log}\ndesign: grid",
        "{distribution: {exponential: {mean: 5 km}}}\ndesign: {morris: {trajectories: 4}}",
        "s.yaml:6:33 factors.zones.raid-area.area.buffer.distribution: this distribution"
        " has no ends, and morris goes from end to end; give it a min and a max",
    ),
    Case(
        "too many base points",
        "design: grid",
        "design: {saltelli: {points: 524288}}",
        "s.yaml:7:1 design: this design has 2097152 points: expected at most 1000000; take"
        " fewer points",
    ),
    Case(
        "a table with a column twice",
        "design: grid",
        "design: {csv: twice.csv}",
        'twice.csv:1: the column "lead" stands here twice',
    ),
    Case(
        "an open bracket in a table",
        "design: grid",
        "design: {csv: bracket.csv}",
        'bracket.csv:2: lead: this is no YAML: "{min: 1 h" is not closed; close it with }',
    ),
    Case(
        "a key twice",
        "replications: 200\n",
        "replications: 200\nseed: 1\nseed: 2\n",
        "s.yaml:10:1 seed: this key stands here twice (first on line 9); keep one of the two",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_faults_are_told_with_their_place_and_the_next_step(case: Case) -> None:
    assert case.found in TEXT
    with pytest.raises(ScenarioError) as error:
        loads_sweep(TEXT.replace(case.found, case.ruined, 1), "s.yaml")
    assert str(error.value) == case.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "s.yaml: the file is empty: expected a sweep"),
        ("[a]", "s.yaml:1:1: expected a sweep: keys with values, found a list"),
        ("abc", 's.yaml:1:1: expected a sweep: keys with values, found "abc"'),
        (
            f"{TEXT}---\na: b\n",
            "s.yaml:9:1: a second document starts here: expected one sweep a file",
        ),
    ],
)
def test_what_is_no_file_of_keys(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loads_sweep(text, "s.yaml")
    assert str(error.value) == message


def read(found: str = "", put: str = "") -> Study:
    assert found in TEXT
    return loads_sweep(TEXT.replace(found, put, 1) if found else TEXT, "s.yaml")


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ScenarioError, match=r"^no\.yaml: the file cannot be read: No such file"):
        load_sweep("no.yaml")


def test_a_study_has_the_sweep_its_scenario_and_its_points() -> None:
    study = read()
    assert study.scenario.name == "Northwest Syria, February 2022"
    assert study.labels == {LEAD: "lead", BUFFER: "buffer"}
    assert len(study.points) == 15
    assert study.points[7].changes == {LEAD: "1 h", BUFFER: "20 km"}
    assert study.points[7].values == {"lead": "1 h", "buffer": "20 km"}
    assert study.points[7].numbers == {"lead": 3600.0, "buffer": 20_000.0}
    assert study.sweep.replications == 200
    assert runs_of(study) == (3000, 3000)


def test_scenarios_are_found_from_the_folder_of_the_sweep(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT.replace("night", f"{folder}/night"), "utf-8")
    assert len(load_sweep(tmp_path / "s.yaml").points) == 15
    assert len(loads_sweep(TEXT, folder=folder).points) == 15


def test_replications_until_an_interval_is_narrow() -> None:
    study = read("200", "{until: {metric: p_uninformed, half-width: 2 %}, min: 50, max: 900}")
    often = study.sweep.replications
    assert isinstance(often, Precision)
    assert (often.metric, often.half_width) == ("p_uninformed", 0.02)
    assert (often.min, often.max, often.batch) == (50, 900, 100)
    assert runs_of(study) == (750, 13_500)


@pytest.mark.parametrize(("target", "share"), [("1 %", 0.01), ("0.01", 0.01), ("1%", 0.01)])
def test_a_target_is_a_number_or_a_percentage(target: str, share: float) -> None:
    put = f"recommend: {{metric: p_uninformed, target: {target}, cost: denied_km2_h}}"
    recommend = read("design: grid", put).sweep.recommend
    assert recommend is not None
    assert recommend.target == share


def test_metrics_named_anywhere_are_kept() -> None:
    more = (
        "metrics: [violations]\npareto: [delay_s, p_uninformed]\n"
        "recommend: {metric: p_uninformed, target: 1 %, cost: denied_km2_h}"
    )
    study = read("design: grid", more)
    assert study.sweep.kept == ("violations", "p_uninformed", "denied_km2_h", "delay_s")


def test_a_table_gives_the_points() -> None:
    study = read("design: grid", "design: {csv: good.csv}")
    assert [point.values for point in study.points] == [
        {"lead": "1 h", "buffer": "5 km"},
        {"lead": "{uniform: {min: 1 h, max: 2 h}}", "buffer": "8 km"},
    ]


@pytest.mark.parametrize("factors", ["factors: {}\n", ""])
def test_a_table_of_paths_needs_no_factors(factors: str) -> None:
    head, _, rest = TEXT.partition("factors:")
    rest = rest.partition("design: grid")[2]
    study = loads_sweep(f"{head}{factors}design: {{csv: columns.csv}}{rest}", "s.yaml")
    assert study.labels == {LEAD: "lead", BUFFER: "buffer"}
    assert [point.values["buffer"] for point in study.points] == ["5 km", "8 km"]


def test_what_is_set_is_put_in_before_anything_varies() -> None:
    longer = TEXT.replace("2 h]", "6 h]")
    with pytest.raises(ScenarioError, match="before the scenario's start"):
        loads_sweep(longer, "s.yaml")
    study = loads_sweep(longer + "set: {start: 2022-02-02T12:00Z}\n", "s.yaml")
    assert study.scenario.document["start"] == "2022-02-02T12:00Z"
    assert len(study.points) == 15


def test_a_point_is_named_by_its_factors() -> None:
    assert str(read().points[3]) == "point 3 (lead 30 min, buffer 40 km)"


def test_checking_again_tells_the_same() -> None:
    study = read()
    check_study(study)
    late = {**study.points[0].changes, LEAD: "30 h"}
    bad = Study(
        study.sweep,
        study.scenario,
        (type(study.points[0])(0, late, study.labels),),
        study.labels,
        study.source,
        (),
    )
    with pytest.raises(ScenarioError, match=r"^s.yaml:5:3 factors.*point 0 \(lead 30 h"):
        check_study(bad)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (TEXT, True),
        ("\ufeff" + TEXT, True),
        ("# a comment\nkeepout-sweep : 1\n", True),
        ("keepout: 1\n", False),
        ("about: keepout-sweep: 1\n", False),
    ],
)
def test_sweeps_are_told_from_scenarios(text: str, answer: bool) -> None:
    assert is_sweep(text) is answer


def test_documents_are_told_too() -> None:
    assert is_sweep(tree.parse(TEXT, "").document)
    assert not is_sweep({"keepout": "1"})


@pytest.mark.parametrize("kind", sorted(reader.WORDS.examples))
def test_every_example_in_a_hint_can_stand_there(kind: str) -> None:
    example = tree.parse_value(reader.WORDS.examples[kind])
    models = {model.__name__: model for model in Frozen.__subclasses__()}
    models[kind].model_validate({example: {}} if isinstance(example, str) else example)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
class TestShipped:
    def test_is_valid(self, path: Path) -> None:
        study = load_sweep(path)
        assert sweep_summary(study).startswith("2 factors, 30 points, 12000 to 60000 runs, about ")
        least, most = estimate_s(study)
        assert 0.0 < least < most

    def test_opens_with_what_it_shows(self, path: Path) -> None:
        head = path.read_text("utf-8").partition("keepout-sweep")[0]
        assert "What it shows." in head
        assert "Assumed." in head

    def test_fits_the_json_schema(self, path: Path) -> None:
        schema = json.loads(json.dumps(sweep_json_schema()))
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(as_loaded(path.read_text("utf-8")))


def test_the_json_schema_accepts_what_the_reader_accepts_and_refuses_slips() -> None:
    validator = Draft202012Validator(sweep_json_schema())
    assert validator.is_valid(as_loaded(TEXT))
    for found, put in [
        ("design: grid", "design: {sobol: {points: 64}}"),
        ("design: grid", "x-note: mine"),
        ("replications: 200", "replications: {until: {metric: delay_s, half-width: 1}}"),
    ]:
        assert validator.is_valid(as_loaded(TEXT.replace(found, put))), put
    for found, put in [
        ("steps: 5", "step: 5"),
        ("steps: 5", "steps: 1"),
        (", to: 80 km", ""),
        ("design: grid", "design: gird"),
        ("design: grid", "design: {grid: {}, zip: {}}"),
        ("design: grid", "metrics: [p_uninfromed]"),
        ("replications: 200", "replications: 0"),
        ("replications: 200\n", ""),
    ]:
        assert not validator.is_valid(as_loaded(TEXT.replace(found, put))), put


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("design: grid", "design: {morris: {trajectories: 4}}\nsources: {all: assumed}"),
        (
            "{from: 5 km, to: 80 km, steps: 5, scale: log}",
            "{distribution: {normal: {mean: 20 km, sd: 5 km, min: 0 km}}}",
        ),
        ("{from: 5 km, to: 80 km, steps: 5, scale: log}", "{tied: lead, times: 2, plus: -1 h}"),
        ("200", "{until: {metric: delay_s, half-width: 2 %}}\npareto: [delay_s, violations]"),
        ("200", "5\nrecommend: {metric: delay_s, target: 1 %, cost: flights}\nset: {name: x}"),
    ],
)
def test_a_sweep_written_as_a_tree_reads_back(found: str, put: str) -> None:
    sweep = Sweep.model_validate(tree.parse(TEXT.replace(found, put, 1), "").document)
    written = sweep.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert Sweep.model_validate(as_read(json.loads(json.dumps(written)))) == sweep


def as_read(value: Any) -> Any:
    """A tree of texts, as files are read."""
    if isinstance(value, dict):
        return {key: as_read(one) for key, one in value.items()}
    return [as_read(one) for one in value] if isinstance(value, list) else str(value)


def test_a_study_can_be_sent_to_another_process() -> None:
    study = read()
    again = pickle.loads(pickle.dumps(study))  # noqa: S301 - our own
    assert again == study
    assert again.points[3].changes == study.points[3].changes


def test_every_key_is_described() -> None:
    parts = sweep_json_schema()["$defs"].items()
    lacking = {
        f"{name}.{key}"
        for name, part in [*parts, ("Sweep", sweep_json_schema())]
        for key, field in part["properties"].items()
        if not field.get("description")
    }
    assert lacking == set()


def test_nothing_heavy_is_imported_with_the_reader() -> None:
    heavy = "{'numpy', 'scipy', 'shapely', 'pyproj', 'simpy', 'pandas'}"
    code = f"import sys, sim.sweeps.reader; print(sorted({heavy} & sys.modules.keys()))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


PIECES = ("{", "}", "[]", ": ", ", ", "{from: 1}", "x", "-1", "1 km", "{tied: lead}", '"', "\n  ")


@given(st.sampled_from([case.ruined for case in CASES]), st.data())
def test_ruins_of_ruins_are_faults_and_nothing_else(ruined: str, data: st.DataObject) -> None:
    case = next(case for case in CASES if case.ruined == ruined)
    text = TEXT.replace(case.found, ruined, 1)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        piece = data.draw(st.sampled_from(PIECES))
        text = text[:place] + piece + text[place + data.draw(st.integers(0, 9)) :]
    with suppress(ScenarioError):
        loads_sweep(text, "s.yaml")


@given(st.text(max_size=60))
def test_no_value_of_a_factor_makes_the_reader_fail_otherwise(value: str) -> None:
    text = TEXT.replace("[30 min, 1 h, 2 h]", json.dumps([value]))
    with suppress(ScenarioError):
        loads_sweep(text, "s.yaml")
