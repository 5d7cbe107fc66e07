"""The command: exit statuses, messages, pipes and folders, from outside and from inside."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import jsonschema
import pandas as pd
import pytest
import yaml

import sim
import sim.findings.run
from sim.cli import inputs, main, terminal
from sim.cli import keepout as commands
from sim.errors import GeometryError, InputError, ModelError, VerticalError
from sim.findings.causes import CAUSES
from sim.findings.remote import RemoteZone
from sim.report.figures import FIGURES
from sim.sweeps import work

if TYPE_CHECKING:
    from collections.abc import Sequence

# One party raids, tells one of two others an hour ahead over a line that always works; both
# fly through. Nothing is random.
SCENARIO = """\
keepout: 1
name: A small night
start: 2022-02-02T18:00Z
end: 2022-02-03T00:00Z
vertical: {terrain: 400 m, qnh: standard}
parties:
  us: {name: United States}
  russia: {response: {comply: 0}}
  civil: {}
channels:
  line:
    medium: hotline
    between: [us, russia]
    answer: {probability: 1, wait: 30 s, patience: 5 min}
    transfer: 5 min
    loss: 0
    garble: {probability: 0, offset: 0 m}
operations:
  raid:
    party: us
    area: {circle: {center: 36.3N 36.7E, radius: 6 km}}
    altitude: [SFC, FL180]
    window: {start: +2 h, duration: 2 h}
zones:
  raid-area:
    covers: raid
    area: {buffer: 20 km}
    window: {pad: 30 min}
    altitude: [SFC, UNL]
    notices:
      first: {to: russia, via: line, lead: 1 h}
flights:
  patrol:
    party: russia
    route: [36.3N 36.0E, 36.3N 37.4E]
    speed: 420 kt
    altitude: FL250
    departs: +2 h
  aid-flight:
    party: civil
    route: [36.0N 36.7E, 36.6N 36.7E]
    speed: 210 kt
    altitude: FL100
    departs: +3 h
"""
QUIET = SCENARIO.partition("flights:")[0]
FAULTY = SCENARIO.replace("radius: 6 km", "radius: 6 parsecs").replace("lead: 1 h", "lead: soon")

SWEEP = """\
keepout-sweep: 1
name: How early
scenario: night.yaml
factors: {zones.raid-area.notices.first.lead: [15 min, 1 h]}
replications: 3
metrics: [violations, denied_km2_h]
recommend: {metric: violations, target: 2, cost: denied_km2_h}
"""

NO_SCENARIO = (
    "a sweep file, where a scenario is expected; run it by keepout sweep early.yaml --out results"
)
UNTIL = "{until: {metric: violations, half-width: 1}, min: 3, max: 6, batch: 3}"

# A run that dies, without a word, as it writes a file (half of it) or puts it in its place.
KILLED = """
import os, pathlib, sys
step, name = sys.argv[1:]
real = getattr(pathlib.Path, step)
def fatal(path, *rest):
    if path.name.startswith(f".{name}."):
        if step == "write_bytes":
            real(path, rest[0][: len(rest[0]) // 2])
        os._exit(9)
    return real(path, *rest)
setattr(pathlib.Path, step, fatal)
from sim.cli import main
main(["run", "night.yaml", "--out", "a", "--seed", "2"])
"""


@pytest.fixture(autouse=True)
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a good, a quiet and a faulty scenario, and a sweep."""
    for name, text in (("night", SCENARIO), ("quiet", QUIET), ("faulty", FAULTY), ("early", SWEEP)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def keepout(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


class Said:
    """What a call in this process printed, and its exit status."""

    def __init__(self, capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> None:
        self.status = main(arguments)
        self.out, self.err = capsys.readouterr()


def test_help_answers_without_heavy_libraries() -> None:
    code = (
        "import sys; from sim.cli import main; status = main(['--help']);"
        "heavy = {'numpy', 'pydantic', 'shapely', 'rich', 'scipy', 'pandas', 'simpy', 'pyproj'};"
        "print(sorted(heavy & set(sys.modules)), status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[] 0\n")
    for command in (
        "new",
        "validate",
        "overlaps",
        "run",
        "compare",
        "sweep",
        "schema",
        "import",
        "export",
    ):
        assert f"  {command} " in done.stdout


def test_validating_imports_no_more_than_it_needs(scene: Path) -> None:
    code = (
        f"import sys; from sim.cli import main; main(['validate', {str(scene / 'night.yaml')!r}]);"
        "heavy = {'numpy', 'shapely', 'pyproj', 'rich', 'scipy', 'pandas', 'pyarrow', 'simpy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, ["--version"])
    assert (said.status, said.out) == (0, f"keepout, version {sim.__version__}\n")


class TestCalls:
    """What is wrong with a call is one message on standard error and status 2."""

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["run"], "keepout run: Missing argument 'FILE'."),
            (["run", "night.yaml", "--seed", "-1"], "Invalid value for '--seed': -1"),
            (["run", "night.yaml", "--seed", "x"], "Invalid value for '--seed': 'x'"),
            (["run", "night.yaml", "--replications", "0"], "Invalid value for '--replications'"),
            (["run", "night.yaml", "--format", "pdf"], "Invalid value for '--format': 'pdf'"),
            (["run", "night.yaml", "--fail-on", "rain"], "Invalid value for '--fail-on': 'rain'"),
            (["run", "night.yaml", "--set", "lead"], "--set lead: expected PATH=VALUE; for"),
            (["run", "night.yaml", "--set", "=5"], "--set =5: expected PATH=VALUE"),
            (["run", "night.yaml", "--set", "name="], "--set name=: expected PATH=VALUE"),
            (["run", "night.yaml", "--set", "zones.ride-area.covers=x"], "raid-area"),
            (["run", "night.yaml", "--set", "flights.patrol.speed=fast"], "flights.patrol.speed"),
            (["run", "night.yaml", "--set", "name=[x"], "--set name=[x: "),
            (["run", "absent.yaml"], "absent.yaml: the file cannot be read: No such file"),
            (["run", "."], ".: the file cannot be read: Is a directory"),
            (["run", ""], '"": the file cannot be read: its name is empty'),
            (["new", ""], '"": cannot be written: its name is empty'),
            (["validate"], "keepout validate: Missing argument 'FILE...'"),
            (["overlaps", "absent.yaml"], "absent.yaml"),
            (["overlaps", "night.yaml", "--set", "lead"], "--set lead: expected PATH=VALUE; for"),
            (["overlaps", "night.yaml", "--set", "zones.ride-area.covers=x"], "raid-area"),
            (["overlaps", "night.yaml", "--format", "pdf"], "Invalid value for '--format': 'pdf'"),
            (["compare"], "keepout compare: Missing argument 'FILE'."),
            (["compare", "night.yaml"], "night.yaml: nothing to compare it with; give another"),
            (["compare", "night.yaml", "--set", "name=X"], "nothing to compare it with"),
            (["compare", "a.yaml", "b.yaml", "c.yaml"], "unexpected extra argument (c.yaml)"),
            (["compare", "-", "-"], "-: standard input can be read once; give one FILE by its"),
            (["compare", "night.yaml", "absent.yaml"], "absent.yaml: the file cannot be read"),
            (["compare", "night.yaml", "--after", "lead"], "--after lead: expected PATH=VALUE"),
            (["compare", "night.yaml", "--before", "name=[x"], "--before name=[x: "),
            (["compare", "night.yaml", "--after", "zones.ride-area.covers=x"], "raid-area"),
            (["compare", "night.yaml", "quiet.yaml", "--replications", "0"], "'--replications'"),
            (["compare", "night.yaml", "quiet.yaml", "--format", "pdf"], "'--format': 'pdf'"),
            (["sail"], "No such command 'sail'"),
            (["--sail"], "No such option"),
        ],
    )  # fmt: skip
    def test_a_wrong_call(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
    ) -> None:
        said = Said(capsys, arguments)
        assert said.status == 2
        assert message in said.err
        assert said.out == ""
        assert len(said.err.splitlines()) == 1

    def test_no_command_at_all_shows_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, [])
        assert said.status == 2
        assert said.err.startswith("Usage: keepout")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_without_permission(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        (scene / "night.yaml").chmod(0)
        said = Said(capsys, ["run", "night.yaml"])
        assert said.status == 2
        assert "Permission denied" in said.err

    def test_a_fault_of_our_own_is_no_wrong_call(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_file: str) -> None:
            raise ZeroDivisionError("a fault of ours")

        monkeypatch.setattr(inputs, "read", broken)
        said = Said(capsys, ["run", "night.yaml", "--fail-on", "violations"])
        assert said.status == 70
        assert "ZeroDivisionError: a fault of ours" in said.err
        assert said.err.endswith("please report it.\n")

    def test_a_failure_of_the_model_is_told_as_ours(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ModelError("the flight patrol was at two places at +2 h")

        monkeypatch.setattr(sim.findings.run, "run", broken)
        said = Said(capsys, ["run", "night.yaml", "--fail-on", "violations"])
        assert (said.status, said.out) == (70, "")
        assert said.err == (
            "keepout: the flight patrol was at two places at +2 h\n"
            "keepout: this is a fault in keepout itself; please report it.\n"
        )

    @pytest.mark.parametrize("error", [GeometryError, VerticalError])
    @pytest.mark.parametrize(
        ("arguments", "planner"),
        [
            (["overlaps", "night.yaml"], "sim.scenario.plan.prepare"),
            (["overlaps", "night.yaml"], "sim.findings.overlaps.plan_overlaps"),
            (["run", "night.yaml"], "sim.findings.run.run"),
            (["run", "night.yaml", "--replications", "2"], "sim.sweeps.runner.replicate"),
            (["compare", "night.yaml", "--after", "name=X"], "sim.scenario.plan.prepare"),
            (["compare", "night.yaml", "--after", "name=X"], "sim.sweeps.comparing.compare_plans"),
        ],
    )
    def test_what_only_planning_finds_wrong_names_the_file(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        arguments: list[str],
        planner: str,
        error: type[InputError],
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise error("no way", hint="find one")

        monkeypatch.setattr(planner, refuse)
        said = Said(capsys, arguments)
        assert (said.status, said.err) == (2, "night.yaml: no way; find one\n")


class TestNew:
    def test_what_it_writes_is_valid_and_runs(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        assert Said(capsys, ["new", "mine.yaml"]).status == 0
        assert (scene / "mine.yaml").read_text("utf-8").startswith("#")
        assert Said(capsys, ["validate", "mine.yaml"]).status == 0
        assert Said(capsys, ["run", "mine.yaml"]).status == 0

    def test_it_never_overwrites(self, capsys: pytest.CaptureFixture[str], scene: Path) -> None:
        (scene / "mine.yaml").write_text("precious")
        said = Said(capsys, ["new", "mine.yaml"])
        assert said.status == 2
        assert said.err == "mine.yaml: exists already; choose another name\n"
        assert (scene / "mine.yaml").read_text() == "precious"

    def test_it_says_why_it_cannot_write(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["new", "nowhere/mine.yaml"])
        assert said.status == 2
        assert said.err == "nowhere/mine.yaml: cannot be written: No such file or directory\n"

    def test_a_dash_prints_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["new", "-"])
        assert sim.loads(said.out).name


class TestValidate:
    def test_a_valid_file_is_counted_up(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["validate", "night.yaml"])
        assert said.status == 0
        assert said.out == (
            "night.yaml: valid (3 parties, 1 channel, 1 operation, 1 zone, 2 flights)\n"
        )

    def test_all_faults_of_all_files_are_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["validate", "faulty.yaml", "night.yaml", "absent.yaml"])
        assert said.status == 2
        assert said.out.startswith("night.yaml: valid")
        places = [line.split(" ")[0] for line in said.err.splitlines()]
        assert len(places) == 3
        assert places[0].startswith("faulty.yaml:21:")
        assert places[1].startswith("faulty.yaml:31:")
        assert places[2] == "absent.yaml:"

    def test_a_dash_reads_standard_input(self) -> None:
        assert keepout("validate", "-", text=SCENARIO).stdout.startswith("-: valid (3 parties")
        wrong = keepout("validate", "-", text=FAULTY)
        assert wrong.returncode == 2
        assert wrong.stderr.startswith("<stdin>:21:")

    def test_a_sweep_says_how_many_runs_it_is(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["validate", "early.yaml", "night.yaml"])
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith("early.yaml: valid (1 factor, 2 points, 6 runs, about ")

    def test_a_sweep_is_checked_with_its_scenario(
        self, scene: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (scene / "early.yaml").write_text(SWEEP.replace("1 h", "soon").replace("night", "faulty"))
        said = Said(capsys, ["validate", "early.yaml"])
        assert (said.status, said.out) == (2, "")
        assert said.err.startswith("early.yaml:3:11 scenario: the scenario faulty.yaml has faults")
        assert "faulty.yaml:21:" in said.err


class TestRemoteZones:
    """The sign of swapped latitude and longitude is one line on standard error."""

    WARNING = (
        "swapped.yaml: zone raid-area: nothing of another party comes nearer to it than"
        " 56.3 NM (104.2 km) (flight patrol);"
        " check that latitudes and longitudes are not swapped\n"
    )

    @pytest.fixture(autouse=True)
    def swapped(self, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A raid far from the flights about 36.3N 36.7E, and a distance easy to read."""
        text = SCENARIO.replace("center: 36.3N 36.7E", "center: 10N 60E")
        (scene / "swapped.yaml").write_text(text, "utf-8")
        nearest = RemoteZone("raid-area", "flight", "patrol", 104_200.0)
        monkeypatch.setattr("sim.findings.remote.find_remote_zones", lambda _plan: (nearest,))

    @pytest.mark.parametrize(
        "command",
        [
            ["validate"],
            ["run"],
            ["run", "--replications", "2"],
            ["compare", "--after", "name=Later", "--replications", "1"],
        ],
    )
    def test_a_remote_zone_is_told_of_and_changes_nothing_else(
        self, capsys: pytest.CaptureFixture[str], command: list[str]
    ) -> None:
        said = Said(capsys, [*command, "swapped.yaml"])
        assert (said.status, said.err) == (0, self.WARNING)
        assert said.out

    @pytest.mark.parametrize("form", ["json", "markdown", "csv"])
    def test_other_formats_stay_quiet(self, capsys: pytest.CaptureFixture[str], form: str) -> None:
        assert Said(capsys, ["run", "swapped.yaml", "--format", form]).err == ""

    def test_what_is_near_beyond_doubt_is_not_asked_about(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert Said(capsys, ["validate", "night.yaml"]).err == ""

    def test_a_warning_really_comes_of_the_plan(self) -> None:
        said = keepout("validate", "swapped.yaml")
        assert said.returncode == 0
        assert said.stdout.startswith("swapped.yaml: valid")
        assert said.stderr.startswith("swapped.yaml: zone raid-area: nothing of another party")
        assert len(said.stderr.splitlines()) == 1


class TestOverlaps:
    def test_plans_are_checked_and_nothing_simulated(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(sim.findings.run, "simulate")
        said = Said(capsys, ["overlaps", "night.yaml"])
        assert said.status == 0
        # Both flights cross zone and operation; patrol at FL250 passes over the raid's FL180.
        assert "Plans overlap 3 times (1 flight-operation, 2 flight-zone)." in said.out
        assert "plans only" in said.out

    def test_several_files_follow_each_other(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["overlaps", "quiet.yaml", "night.yaml"])
        assert said.status == 0
        assert said.out.index("No plans overlap.") < said.out.index("Plans overlap 3 times")

    @pytest.mark.parametrize("form", ["text", "markdown"])
    def test_formats_for_people_say_the_same(
        self, capsys: pytest.CaptureFixture[str], form: str
    ) -> None:
        said = Said(capsys, ["overlaps", "night.yaml", "--format", form])
        assert said.status == 0
        assert said.out.startswith("# A small night\n" if form == "markdown" else "A small night\n")
        assert "Plans overlap 3 times (1 flight-operation, 2 flight-zone)." in said.out

    def test_as_json_they_are_those_of_a_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        alone = json.loads(Said(capsys, ["overlaps", "night.yaml", "--format", "json"]).out)
        run = json.loads(Said(capsys, ["run", "night.yaml", "--format", "json"]).out)
        assert {*alone} == {"schema", "scenario", "overlaps", "close"}  # nothing is drawn: no seed
        assert alone == {key: run[key] for key in alone}
        assert len(alone["overlaps"]) == 3

    def test_as_csv_they_are_a_row_each(self, capsys: pytest.CaptureFixture[str]) -> None:
        tree = json.loads(Said(capsys, ["overlaps", "night.yaml", "--format", "json"]).out)
        said = Said(capsys, ["overlaps", "night.yaml", "--format", "csv"])
        rows = list(csv.DictReader(io.StringIO(said.out)))
        for row, overlap in zip(rows, tree["overlaps"], strict=True):
            assert {*row} == {*overlap}
            assert row["first"] == overlap["first"]
            assert row["parties"] == " ".join(overlap["parties"])
            assert row["exempt"] == "false"
            assert row["area_km2"] == ""  # flights have none

    @pytest.mark.parametrize("form", ["json", "csv"])
    def test_formats_for_programs_are_of_one_file(
        self, capsys: pytest.CaptureFixture[str], form: str
    ) -> None:
        said = Said(capsys, ["overlaps", "night.yaml", "quiet.yaml", "--format", form])
        assert (said.status, said.out) == (2, "")
        assert said.err == f"--format {form} is for one FILE; call it once for each\n"

    def test_a_value_is_set_by_its_path(self, capsys: pytest.CaptureFixture[str]) -> None:
        # Over the raid's FL180 the aid flight meets the zone alone, which has no lid.
        changes = ["--set", "flights.aid-flight.altitude=FL200", "--set", "name=Higher"]
        said = Said(capsys, ["overlaps", "night.yaml", *changes])
        assert said.status == 0
        assert said.out.startswith("Higher\n")
        assert "Plans overlap 2 times (2 flight-zone)." in said.out

    def test_one_faulty_file_stops_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["overlaps", "night.yaml", "faulty.yaml"])
        assert (said.status, said.out) == (2, "")


class TestRun:
    def test_the_report_says_who_entered_and_why(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["run", "night.yaml", "--seed", "3"])
        assert said.status == 0
        assert said.err == ""
        assert "A small night" in said.out
        assert "seed 3" in said.out
        assert "2 of 2 flights entered a zone that they were bound by" in said.out
        assert "never_addressed" in said.out
        assert "disregarded" in said.out

    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        first = keepout("run", "night.yaml", "--seed", "7", "--format", "json")
        again = keepout("run", "-", "--seed", "7", "--format", "json", text=SCENARIO)
        assert first.returncode == 0
        assert first.stdout == again.stdout
        tree = json.loads(first.stdout)
        assert (tree["schema"], tree["seed"]) == ("keepout-report/1", 7)
        assert [v["cause"] for v in tree["violations"]] == ["disregarded", "never_addressed"]

    def test_every_metric_is_shown_under_a_name_for_people(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tree = json.loads(Said(capsys, ["run", "night.yaml", "--format", "json"]).out)
        assert {*FIGURES, *CAUSES} == set(tree["metrics"])

    def test_a_value_is_set_by_its_path(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(
            capsys,
            ["run", "night.yaml", "--format", "json", "--set", "parties.russia.response.comply=1",
             "--set", "flights.aid-flight.departs=+5 h", "--set", "name=Later = better",
             "--set", "operations.raid.overrun={uniform: {min: 0 s, max: 1 s}}"],
        )  # fmt: skip
        tree = json.loads(said.out)
        assert tree["violations"] == []
        assert tree["scenario"]["name"] == "Later = better"

    @pytest.mark.parametrize(
        ("file", "condition", "status"),
        [
            ("night.yaml", "violations", 1),
            ("night.yaml", "incursions", 1),
            ("night.yaml", "overlaps", 1),
            ("night.yaml", "gaps", 0),
            ("quiet.yaml", "violations", 0),
        ],
    )
    @pytest.mark.parametrize("many", [[], ["--replications", "2"]])
    def test_a_condition_decides_on_the_status(
        self,
        capsys: pytest.CaptureFixture[str],
        file: str,
        condition: str,
        status: int,
        many: list[str],
    ) -> None:
        said = Said(capsys, ["run", file, "--fail-on", condition, *many])
        assert said.status == status
        assert said.out

    def test_any_of_several_conditions_is_enough(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["run", "night.yaml", "--fail-on", "gaps", "--fail-on", "violations"]
        assert Said(capsys, arguments).status == 1

    @pytest.mark.parametrize(
        ("form", "begins"),
        [("text", "A small night\n"), ("markdown", "# A small night\n"), ("csv", "id,kind,")],
    )
    def test_each_format(self, capsys: pytest.CaptureFixture[str], form: str, begins: str) -> None:
        assert Said(capsys, ["run", "night.yaml", "--format", form]).out.startswith(begins)

    def test_replications_give_intervals(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["run", "night.yaml", "--replications", "5"]
        tree = json.loads(Said(capsys, [*arguments, "--format", "json"]).out)
        assert tree["replications"] == 5
        assert tree["metrics"]["violations"] == {
            "mean": 2.0,
            "low": 2.0,
            "high": 2.0,
            "confidence": 0.95,
            "n": 5,
        }
        assert tree["causes"]["never_addressed"]["violations"] == 5
        assert tree["causes"]["never_addressed"]["share"] == 0.5
        text = Said(capsys, arguments)
        assert "In 100.0% of 5 replications (95% interval 56.6% to 100.0%)" in text.out
        assert text.err == ""  # no progress where nobody watches
        rows = Said(capsys, [*arguments, "--format", "csv"]).out.splitlines()
        assert rows[0].startswith("replication,violations,")
        assert [row.split(",")[:2] for row in rows[1:]] == [[str(n), "2.0"] for n in range(5)]


class TestCompare:
    COMPLY = "parties.russia.response.comply"

    def test_one_file_as_it_is_and_as_it_is_changed(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = ["compare", "night.yaml", "--after", f"{self.COMPLY}=1", "--replications", "3"]
        said = Said(capsys, arguments)
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith("A small night: before and after\n")
        assert "The mean number of violations falls from 2 to 1: -1 in every pair." in said.out
        assert f"{self.COMPLY}  0       1" in said.out

    def test_lists_of_changes_are_of_either_side_or_of_both(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = Said(
            capsys,
            ["compare", "night.yaml", "--replications", "2", "--seed", "4", "--format", "json",
             "--before", f"{self.COMPLY}=1", "--after", "flights.patrol.altitude=FL260",
             "--set", "flights.aid-flight.departs=+5 h"],
        )  # fmt: skip
        tree = json.loads(said.out)
        assert tree["changes"] == [
            {"path": self.COMPLY, "before": "1", "after": "0"},
            {"path": "flights.patrol.altitude", "before": "FL250", "after": "FL260"},
        ]
        assert (tree["seed"], tree["replications"]) == (4, 2)
        violations = tree["metrics"]["violations"]
        assert (violations["before"]["mean"], violations["after"]["mean"]) == (0.0, 1.0)

    def test_two_files_are_read_as_they_are_given(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--replications", "2", "--format", "json"]
        tree = json.loads(Said(capsys, ["compare", "night.yaml", "quiet.yaml", *arguments]).out)
        assert [change["path"] for change in tree["changes"]] == [
            "flights.patrol",
            "flights.aid-flight",
        ]
        assert tree["metrics"]["violations"]["difference"]["mean"] == -2.0
        piped = keepout("compare", "night.yaml", "-", *arguments, text=QUIET)
        assert json.loads(piped.stdout) == tree

    def test_the_sides_are_those_of_runs(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--replications", "3", "--seed", "2", "--format", "json"]
        both = json.loads(Said(capsys, ["compare", "night.yaml", "quiet.yaml", *arguments]).out)
        for side, file in (("before", "night.yaml"), ("after", "quiet.yaml")):
            alone = json.loads(Said(capsys, ["run", file, *arguments]).out)
            assert {name: both["metrics"][name][side] for name in alone["metrics"]} == (
                alone["metrics"]
            )

    def test_the_same_twice_is_said_plainly(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["compare", "night.yaml", "night.yaml", "--replications", "1"])
        assert said.status == 0
        assert said.out.endswith(
            "\nThe two scenarios are the same, so no difference can come of them.\n"
        )

    @pytest.mark.parametrize(
        ("form", "begins"), [("markdown", "# A small night: before"), ("csv", "metric,before,")]
    )
    def test_other_formats(
        self, capsys: pytest.CaptureFixture[str], form: str, begins: str
    ) -> None:
        arguments = ["compare", "night.yaml", "quiet.yaml", "--replications", "1", "--format", form]
        assert Said(capsys, arguments).out.startswith(begins)

    def test_a_file_that_is_faulty_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = Said(capsys, ["compare", "night.yaml", "faulty.yaml"])
        assert (said.status, said.out) == (2, "")
        assert said.err.startswith("faulty.yaml:21:")


class TestSweep:
    def test_it_reports_and_keeps_every_run(
        self, scene: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = Said(capsys, ["sweep", "early.yaml", "--out", "a", "--workers", "1"])
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith(
            "How early\nA small night; lead varied; 2 points, 6 runs, seed 0\n"
        )
        assert "\nRecommended: point 0 (lead 15 min). It keeps violations within" in said.out
        assert len(pd.read_parquet(scene / "a" / "runs.parquet")) == 6
        manifest = json.loads((scene / "a" / "manifest.json").read_text())
        assert manifest["command"][:2] == ["sweep", "early.yaml"]

    def test_what_is_finished_is_told_again_in_any_format(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arguments = ["sweep", "early.yaml", "--out", "a", "--workers", "1"]
        first = Said(capsys, arguments)
        again = Said(capsys, arguments)
        assert (again.status, again.out) == (2, "")
        assert again.err == (
            "a: holds a sweep already; go on with it by --resume, or choose another folder\n"
        )
        monkeypatch.delattr("sim.sweeps.work.run_plan")  # nothing is run
        assert Said(capsys, [*arguments, "--resume"]).out == first.out
        tree = json.loads(Said(capsys, [*arguments, "--resume", "--format", "json"]).out)
        assert (tree["schema"], tree["recommended"]) == ("keepout-sweep-report/1", 0)
        rows = list(
            csv.DictReader(
                Said(capsys, [*arguments, "--resume", "--format", "csv"]).out.splitlines()
            )
        )
        assert [(row["lead"], row["runs"]) for row in rows] == [("15 min", "3"), ("1 h", "3")]
        markdown = Said(capsys, [*arguments, "--resume", "--format", "markdown"]).out
        assert markdown.startswith("# How early\n")

    def test_names_count_from_the_folder_of_the_file_or_from_here(self, scene: Path) -> None:
        (scene / "elsewhere").mkdir()
        (scene / "elsewhere" / "sweep.yaml").write_text(SWEEP.replace("night", "../night"))
        one = keepout("sweep", "elsewhere/sweep.yaml", "--out", "a", "--workers", "1")
        piped = keepout("sweep", "-", "--out", "b", "--workers", "1", text=SWEEP)
        assert one.returncode == piped.returncode == 0
        assert one.stdout == piped.stdout

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["sweep", "early.yaml"], "keepout sweep: Missing option '--out'."),
            (["sweep", "night.yaml", "--out", "a"], "night.yaml:1:1: keepout-sweep is missing"),
            (["run", "early.yaml"], f"early.yaml: {NO_SCENARIO}"),
            (["compare", "night.yaml", "early.yaml"], f"early.yaml: {NO_SCENARIO}"),
            (["overlaps", "early.yaml"], f"early.yaml: {NO_SCENARIO}"),
            (["sweep", "early.yaml", "--out", "night.yaml"], "night.yaml: a file is in the way"),
            (["sweep", "early.yaml", "--out", "."], '.: holds "early.yaml", which is not of a'),
            (["sweep", "early.yaml", "--out", "a", "--retry-failed"], "failed runs are tried"),
            (
                ["sweep", "early.yaml", "--out", "a", "--scheduler", "there"],
                'no Dask scheduler answers at "there"; start one with dask scheduler',
            ),
            (
                ["sweep", "early.yaml", "--out", "a", "--scheduler", "tcp://x:1", "--workers", "2"],
                "a scheduler has its own workers; leave out one of the two",
            ),
        ],
    )
    def test_what_is_wrong_is_said_in_a_line(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
    ) -> None:
        found = Said(capsys, arguments)
        assert (found.status, found.out) == (2, "")
        assert found.err.startswith(said)
        assert found.err.count("\n") == 1

    def test_an_interruption_says_how_to_go_on(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arguments = ["sweep", "early.yaml", "--out", "a", "--workers", "1"]
        monkeypatch.setattr("sim.sweeps.planning.CHUNK_S", 0.0)  # a run a chunk
        run_plan, numbers = vars(work)["run_plan"], []

        def interrupted(plan: Any, seed: int, number: int) -> Any:
            numbers.append(number)
            if len(numbers) == 2:
                signal.raise_signal(signal.SIGINT)
            return run_plan(plan, seed, number)

        monkeypatch.setattr(work, "run_plan", interrupted)
        stopped = Said(capsys, arguments)
        assert (stopped.status, stopped.out) == (130, "")
        assert stopped.err.strip() == (
            "keepout: stopped; what was done is in a: go on with it by --resume"
        )
        assert 2 <= len(numbers) < 6
        resumed = Said(capsys, [*arguments, "--resume"])
        assert (resumed.status, len(numbers)) == (0, 6)
        assert "2 points, 6 runs" in resumed.out

    @pytest.mark.parametrize(("replications", "about"), [("3", ""), (UNTIL, "at least ")])
    def test_on_a_terminal_progress_goes_to_standard_error(
        self,
        scene: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        replications: str,
        about: str,
    ) -> None:
        (scene / "early.yaml").write_text(
            SWEEP.replace("replications: 3", f"replications: {replications}")
        )
        arguments = ["sweep", "early.yaml", "--workers", "1", "--format", "csv", "--out"]
        quiet = Said(capsys, [*arguments, "a"])
        monkeypatch.setattr("rich.progress.Task.elapsed", 2.0)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        for name, value in {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}.items():
            monkeypatch.setenv(name, value)
        watched = Said(capsys, [*arguments, "b"])
        assert watched.out == quiet.out
        assert "6/6" in watched.err
        assert f"3.0 runs/s, {about}0 s left" in watched.err

    def test_an_interrupted_command_that_has_nothing_to_resume(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_text: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("sim.sweeps.kind.is_sweep", interrupted)
        said = Said(capsys, ["validate", "night.yaml"])
        assert (said.status, said.out, said.err.strip()) == (130, "", "keepout: interrupted")


class TestOutput:
    def test_a_reader_who_leaves_is_no_error(self) -> None:
        command = f"{sys.executable} -m sim run night.yaml --fail-on violations | head -c 1"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        assert done.returncode == 1  # the condition's, as if all had been read

    def test_a_full_disk_is_told(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full(io.StringIO):
            def flush(self) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(sys, "stdout", Full())
        monkeypatch.setattr(terminal, "discard", lambda _stream: None)
        assert main(["validate", "night.yaml"]) == 2
        assert "standard output: cannot be written: No space left" in capsys.readouterr().err

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
    @pytest.mark.parametrize("arguments", [["--help"], ["schema"], ["run", "night.yaml"]])
    def test_a_disk_that_is_really_full(self, arguments: list[str]) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "sim", *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert "No space left on device" in done.stderr
        assert len(done.stderr.splitlines()) == 1

    @pytest.mark.parametrize("end", ["full", "left", "closed"])
    @pytest.mark.parametrize(
        "arguments",
        [
            ["validate", "faulty.yaml", "night.yaml"],
            ["run", "faulty.yaml", "--fail-on", "violations"],
            ["sail"],
        ],
    )
    def test_a_complaint_that_cannot_be_written_keeps_its_status(
        self, arguments: list[str], end: str
    ) -> None:
        if end == "full" and not Path("/dev/full").exists():
            pytest.skip("no device that is always full")
        reader, writer = os.pipe()
        os.close(reader)  # whoever read standard error has left
        redirect = {"full": "2>/dev/full", "left": f"2>&{writer}", "closed": "2>&-"}[end]
        done = subprocess.run(
            ["bash", "-c", f'exec "$0" -m sim "$@" {redirect}', sys.executable, *arguments],  # noqa: S607
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            pass_fds=(writer,),
        )
        os.close(writer)
        assert done.returncode == 2
        assert ("night.yaml: valid" in done.stdout) == ("night.yaml" in arguments)

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), BrokenPipeError()])
    def test_a_fault_of_our_own_that_cannot_be_told_keeps_its_status(
        self, monkeypatch: pytest.MonkeyPatch, error: OSError
    ) -> None:
        class Deaf(io.StringIO):
            def write(self, _text: str) -> int:
                raise error

        def broken(_file: str) -> None:
            raise ZeroDivisionError("a fault of ours")

        monkeypatch.setattr(inputs, "read", broken)
        monkeypatch.setattr(sys, "stderr", Deaf())
        monkeypatch.setattr(terminal, "discard", lambda _stream: None)
        assert main(["run", "night.yaml"]) == 70

    def test_nobody_need_listen(self) -> None:
        command = f"{sys.executable} -m sim run night.yaml --fail-on violations >&-"
        done = subprocess.run(
            ["bash", "-c", command],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, "")

    def test_letters_that_an_old_terminal_lacks_do_not_stop_it(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "sim", "run", "-"],
            input=SCENARIO.replace("A small night", "Ночь").encode(),
            capture_output=True,
            check=False,
            env={
                **os.environ,
                "PYTHONIOENCODING": "ascii",
            },
        )
        assert done.returncode == 0
        assert done.stdout.startswith(rb"\u041d\u043e\u0447\u044c")


class TestFolder:
    def test_a_run_leaves_its_five_files(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        arguments = [
            "run",
            "night.yaml",
            "--set",
            "name=Kept",
            "--out",
            "runs/a",
            "--format",
            "json",
        ]
        said = Said(capsys, arguments)
        assert said.status == 0
        folder = scene / "runs" / "a"
        assert sorted(path.name for path in folder.iterdir()) == [
            "journal.jsonl",
            "manifest.json",
            "metrics.parquet",
            "report.json",
            "scenario.yaml",
        ]
        assert (folder / "report.json").read_text("utf-8") == said.out
        assert sim.load(folder / "scenario.yaml").name == "Kept"
        head = json.loads((folder / "journal.jsonl").read_text("utf-8").splitlines()[0])
        assert head["schema"] == "keepout-journal/1"
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert manifest["schema"] == "keepout-manifest/1"
        assert manifest["command"] == arguments
        assert (manifest["seed"], manifest["replications"]) == (0, 1)
        assert {"keepout", "python", "numpy", "simpy", "shapely"} <= set(manifest["versions"])
        table = pd.read_parquet(folder / "metrics.parquet")
        assert table["violations"].tolist() == [2.0]

    def test_the_same_run_leaves_the_same_bytes(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        contents = []
        for name in ("a", "b"):
            assert Said(capsys, ["run", "night.yaml", "--out", name]).status == 0
            folder = scene / name
            contents.append(
                {
                    path.name: path.read_bytes()
                    for path in folder.iterdir()
                    if path.name != "manifest.json"
                }
            )
        assert contents[0] == contents[1]

    def test_replications_leave_a_row_each_and_the_first_journal(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        assert Said(capsys, ["run", "night.yaml", "--out", "one"]).status == 0
        arguments = ["run", "night.yaml", "--out", "many", "--replications", "3"]
        assert Said(capsys, arguments).status == 0
        journals = [(scene / name / "journal.jsonl").read_bytes() for name in ("one", "many")]
        assert journals[0] == journals[1]
        table = pd.read_parquet(scene / "many" / "metrics.parquet")
        assert table["replication"].tolist() == [0, 1, 2]

    def test_a_run_may_replace_a_run_and_nothing_else(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        first = Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "1"])
        assert (first.status, first.err) == (0, "")
        second = Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "2"])
        assert (second.status, second.err) == (0, "a: the earlier run there was replaced\n")
        assert json.loads((scene / "a" / "manifest.json").read_text())["seed"] == 2
        said = Said(capsys, ["run", "night.yaml", "--out", "."])
        assert (said.status, said.out) == (2, "")
        assert said.err == (
            '.: holds "a", which is not of a run of keepout; choose a new or an empty folder\n'
        )
        assert (scene / "night.yaml").read_text("utf-8") == SCENARIO

    @pytest.mark.parametrize("name", ["notes.txt", ".hidden", "report.json.bak", ".report.json.x"])
    def test_what_a_run_did_not_leave_is_never_lost(
        self, capsys: pytest.CaptureFixture[str], scene: Path, name: str
    ) -> None:
        assert Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "1"]).status == 0
        (scene / "a" / name).write_text("precious")
        said = Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "2"])
        assert (said.status, said.out) == (2, "")
        assert f'a: holds "{name}", which is not of a run of keepout' in said.err
        assert json.loads((scene / "a" / "manifest.json").read_text())["seed"] == 1
        assert (scene / "a" / name).read_text() == "precious"

    @pytest.mark.parametrize("manifest", [None, "{}", "no JSON", '{"schema": "other/1"}'])
    def test_a_file_that_only_has_the_name_of_a_runs_is_kept(
        self, capsys: pytest.CaptureFixture[str], scene: Path, manifest: str | None
    ) -> None:
        (scene / "mine").mkdir()
        (scene / "mine" / "scenario.yaml").write_text(SCENARIO)
        if manifest is not None:
            (scene / "mine" / "manifest.json").write_text(manifest)
        assert Said(capsys, ["run", "night.yaml", "--out", "mine"]).status == 2
        assert (scene / "mine" / "scenario.yaml").read_text() == SCENARIO

    @pytest.mark.parametrize("step", ["write_bytes", "replace"])
    @pytest.mark.parametrize("name", ["scenario.yaml", "report.json", "manifest.json"])
    def test_a_killed_run_leaves_no_half_and_is_replaced(
        self, capsys: pytest.CaptureFixture[str], scene: Path, step: str, name: str
    ) -> None:
        assert Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "1"]).status == 0
        before = {path.name: path.read_bytes() for path in (scene / "a").iterdir()}
        killed = subprocess.run([sys.executable, "-c", KILLED, step, name], check=False)
        assert killed.returncode == 9
        whole = {path.name: path.read_bytes() for path in (scene / "a").iterdir()}
        if step == "write_bytes":
            assert {name: whole[name] for name in before} == before
        else:
            assert "manifest.json" not in whole
            assert sim.load(scene / "a" / "scenario.yaml").name == "A small night"
            assert json.loads(whole["report.json"])["schema"] == "keepout-report/1"
        said = Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "3"])
        assert (said.status, said.err) == (0, "a: the earlier run there was replaced\n")
        after = {path.name: path.read_bytes() for path in (scene / "a").iterdir()}
        assert {*after} == {*before}  # and nothing that the killed run had laid beside them
        assert json.loads(after["report.json"])["seed"] == 3
        assert json.loads(after["manifest.json"])["seed"] == 3

    def test_a_file_in_the_way_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        for out in ("night.yaml", "night.yaml/below"):
            said = Said(capsys, ["run", "night.yaml", "--out", out])
            assert said.status == 2
            assert said.err == f"{out}: a file is in the way of the folder\n"

    def test_a_full_disk_leaves_the_run_that_was_there(
        self, capsys: pytest.CaptureFixture[str], scene: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert Said(capsys, ["run", "night.yaml", "--out", "a"]).status == 0
        before = {path.name: path.read_bytes() for path in (scene / "a").iterdir()}
        write = Path.write_bytes

        def full(path: Path, data: bytes) -> int:
            if "report.json" in path.name:
                write(path, data[:10])
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(path, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        said = Said(capsys, ["run", "night.yaml", "--out", "a", "--seed", "9"])
        assert said.status == 2
        assert said.err == "a/report.json: cannot be written: No space left on device\n"
        assert {path.name: path.read_bytes() for path in (scene / "a").iterdir()} == before


class TestExport:
    def test_a_scenario_is_written_as_planned(
        self, capsys: pytest.CaptureFixture[str], scene: Path
    ) -> None:
        wide = ["--set", "zones.raid-area.area.buffer=30 km"]
        said = Said(capsys, ["export", "night.yaml", "--to", "geojson", "-o", "a.json", *wide])
        assert (said.status, said.out) == (0, "a.json: written\n")
        assert said.err == "night.yaml: flights: geojson has none: 2 left out\n"
        (feature,) = json.loads((scene / "a.json").read_text("utf-8"))["features"]
        assert feature["properties"]["radius"] == pytest.approx(36_000)
        assert feature["properties"]["start"] == "2022-02-02T19:30:00Z"

    def test_a_run_is_written_as_it_was(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert Said(capsys, ["run", "night.yaml", "--out", "a"]).status == 0
        said = Said(capsys, ["export", "a", "--to", "csv", "-o", "-"])
        assert said.status == 0
        rows = list(csv.DictReader(io.StringIO(said.out)))
        assert {row["keepout_track"] for row in rows} == {"patrol", "aid-flight"}
        told = Said(capsys, ["export", "a", "--to", "openair", "--told", "russia", "-o", "-"])
        assert "AN raid-area\n" in told.out
        none = Said(capsys, ["export", "a", "--to", "openair", "--told", "civil", "-o", "-"])
        assert (none.status, none.out) == (2, "")
        assert "zone raid-area: civil never held it" in none.err

    def test_standard_input_is_a_scenario_like_any(self) -> None:
        said = keepout("export", "-", "--to", "openair", "-o", "-", text=SCENARIO)
        assert said.returncode == 0
        assert "AC P\n" in said.stdout

    def test_it_never_overwrites(self, capsys: pytest.CaptureFixture[str], scene: Path) -> None:
        said = Said(capsys, ["export", "night.yaml", "--to", "kml", "-o", "quiet.yaml"])
        assert (said.status, said.out) == (2, "")
        assert said.err == "quiet.yaml: exists already; choose another name\n"
        assert (scene / "quiet.yaml").read_text("utf-8") == QUIET

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["night.yaml", "--to", "kmz"], "'kmz' is no format: expected one of notam, f3548"),
            (["night.yaml", "--to", "notam"], "name it: --fir EDGG, say"),
            (["night.yaml", "--to", "kml", "--told", "us"], "nobody has been told yet; give the"),
            (["kept", "--to", "kml", "--set", "name=x"], "kept: a run stays as it was; leave out"),
            (["kept", "--to", "kml", "--told", "u"], "u: there is no such party, only us,"),
            ([".", "--to", "kml"], ".: no run's folder, as it holds no manifest.json; keep a"),
            (["early.yaml", "--to", "kml"], NO_SCENARIO),
            (["nowhere", "--to", "kml"], "nowhere: the file cannot be read: No such file"),
        ],
    )
    def test_what_cannot_be_exported_is_one_message(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
    ) -> None:
        if arguments[0] == "kept":
            assert Said(capsys, ["run", "night.yaml", "--out", "kept"]).status == 0
        said = Said(capsys, ["export", *arguments, "-o", "out"])
        assert (said.status, said.out) == (2, "")
        assert message in said.err
        assert said.err.count("\n") == 1


def test_the_schema_is_one_that_the_scenario_satisfies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema = json.loads(Said(capsys, ["schema"]).out)
    jsonschema.validate(yaml.safe_load(SCENARIO), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"keepout": "1", "surprise": "x"}, schema)


def test_the_schema_of_sweeps_is_one_that_the_sweep_satisfies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema = json.loads(Said(capsys, ["schema", "--sweep"]).out)
    jsonschema.validate(yaml.safe_load(SWEEP), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(SCENARIO), schema)


def test_an_option_that_may_be_given_again_says_so() -> None:
    for command in commands.commands.values():
        for option in command.params:
            if isinstance(option, click.Option) and option.multiple:
                assert "repeatable" in (option.help or ""), f"{command.name} {option.name}"
