"""The command that draws: an image of each kind, or one clear message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.cli import main
from sim.plots.kinds import KINDS

SCENARIO = str(Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml")
STARTS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
OF_A_RUN = [name for name, kind in KINDS.items() if kind.of == "run"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", OF_A_RUN)
def test_every_kind_of_a_run_is_drawn(kind: str, here: Path) -> None:
    assert main(["plot", SCENARIO, "--kind", kind, "-o", "a.png"]) == 0
    assert (here / "a.png").read_bytes().startswith(STARTS["png"])


@pytest.mark.parametrize("kind", ["causes", "why", "differences"])
def test_figures_of_many_runs_are_drawn_of_a_scenario(kind: str, here: Path) -> None:
    more = ["--after", "zones.raid-area.notices.first.lead=30 min"] if kind == "differences" else []
    call = ["plot", SCENARIO, "--kind", kind, "--replications", "8", *more, "-o", "a.png"]
    assert main(call) == 0
    assert (here / "a.png").read_bytes().startswith(STARTS["png"])


def test_figures_of_a_sweep_are_drawn_of_its_folder(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "sweep.yaml").write_text(
        "keepout-sweep: 1\nname: Two leads\n"
        f"scenario: {SCENARIO}\n"
        "factors: {zones.raid-area.notices.first.lead: [15 min, 2 h]}\n"
        "replications: 8\nmetrics: [p_uninformed, delay_s]\n"
    )
    assert main(["sweep", "sweep.yaml", "--workers", "1", "--out", "kept"]) == 0
    call = ["plot", "kept", "--kind", "responses", "-o", "a.png"]
    assert main([*call, "--metric", "delay_s"]) == 0
    assert (here / "a.png").read_bytes().startswith(STARTS["png"])
    capsys.readouterr()
    assert main([*call, "--metric", "delay_s", "--metric", "p_uninformed"]) == 2
    assert "--metric: one is drawn, and not 2" in capsys.readouterr().err
    assert main(["plot", SCENARIO, "--kind", "pareto", "-o", "a.png"]) == 2
    assert "first: keepout sweep" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", STARTS)
def test_the_name_says_what_image_it_is_and_the_same_run_gives_the_same_bytes(
    suffix: str, here: Path
) -> None:
    for name in ("a", "b"):
        assert main(["plot", SCENARIO, "--kind", "timeline", "-o", f"{name}.{suffix}"]) == 0
    image = (here / f"a.{suffix}").read_bytes()
    assert image.startswith(STARTS[suffix])
    assert image == (here / f"b.{suffix}").read_bytes()


def test_a_runs_folder_is_drawn_as_it_was(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", SCENARIO, "--seed", "7", "--out", "kept"]) == 0
    assert main(["plot", "kept", "--kind", "timeline", "-o", "kept.svg"]) == 0
    assert main(["plot", SCENARIO, "--seed", "7", "--kind", "timeline", "-o", "run.svg"]) == 0
    assert (here / "kept.svg").read_bytes() == (here / "run.svg").read_bytes()
    assert main(["plot", "kept", "--seed", "8", "--kind", "timeline", "-o", "other.svg"]) == 2
    assert "the run in a folder stays as it was; leave out --seed" in capsys.readouterr().err


def test_a_figure_may_be_of_some_flights_and_less_time(here: Path) -> None:
    call = ["plot", SCENARIO, "--kind", "timeline", "--flight", "patrol#2", "-o", "a.svg"]
    assert main([*call, "--between", "+5 h", "2022-02-03T02:00Z"]) == 0
    drawn = set(re.findall(r'<g id="(flight:[^"]+)/planned"', (here / "a.svg").read_text("utf-8")))
    assert drawn == {"flight:patrol#2"}


def test_a_map_may_be_of_one_time_and_a_profile_of_one_flight(here: Path) -> None:
    call = ["plot", SCENARIO, "--kind", "map", "--at", "2022-02-02T23:20Z", "-o", "map.svg"]
    assert main(call) == 0
    found = re.findall(
        r'<g id="((?:flight|declared):[^"]+)"', (here / "map.svg").read_text("utf-8")
    )
    assert found == ["declared:raid-area/v1", "flight:aid-flight"]
    call = ["plot", SCENARIO, "--kind", "profile", "--flight", "patrol", "-o", "profile.svg"]
    assert main(call) == 0
    assert 'id="meant:raid-area/v1/1"' in (here / "profile.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--kind", "timeline", "-o", "a.gif"], "a.gif: an image is an .svg, a .png or a .pdf"),
        (["--kind", "latency", "--entry", "V1", "-o", "a.svg"], "--entry: not an option of"),
        (["--kind", "chain", "--entry", "V99", "-o", "a.svg"], "V99"),
        (["--kind", "timeline", "--flight", "patrl", "-o", "a.svg"], "did you mean"),
        (["--kind", "timeline", "--between", "+1 h", "noon", "-o", "a.svg"], "noon"),
        (["--kind", "map", "--at", "+13 h", "-o", "a.svg"], "is not in the run"),
        (["--kind", "map", "--at", "noon", "-o", "a.svg"], "noon"),
        (["--kind", "timeline", "--at", "+1 h", "-o", "a.svg"], "it is one of map"),
        (["--kind", "timeline", "-o", "no/where/a.svg"], "no/where/a.svg: cannot be written"),
    ],
)
def test_what_is_wrong_is_told_in_one_message(
    more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", SCENARIO, *more]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
