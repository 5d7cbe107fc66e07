"""The command that makes pages: of a run's folder or a sweep's, or one clear message."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.cli import main

SCENARIO = str(Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml")
SWEEP = f"""
keepout-sweep: 1
name: Two leads
scenario: {SCENARIO}
factors: {{zones.raid-area.notices.first.lead: [15 min, 2 h]}}
replications: 8
metrics: [p_uninformed, delay_s]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_runs_folder_becomes_one_small_file(here: Path) -> None:
    assert main(["run", SCENARIO, "--seed", "7", "--out", "kept"]) == 0
    assert main(["report", "kept", "-o", "page.html"]) == 0
    page = (here / "page.html").read_bytes()
    assert page.startswith(b"<!doctype html>")
    assert b"2 of 4 flights entered a zone" in page
    assert len(page) < 6_000_000
    assert main(["report", "kept", "-o", "again.html"]) == 0
    assert len((here / "again.html").read_bytes()) == len(page)


def test_a_sweeps_folder_becomes_its_figures_and_its_points(here: Path) -> None:
    (here / "sweep.yaml").write_text(SWEEP)
    assert main(["sweep", "sweep.yaml", "--workers", "1", "--out", "kept"]) == 0
    assert main(["report", "kept", "-o", "page.html"]) == 0
    page = (here / "page.html").read_text("utf-8")
    assert page.count("data:image/svg+xml") >= 2
    assert 'id="points-table"' in page


def test_many_replications_show_the_first(here: Path) -> None:
    assert main(["run", SCENARIO, "--replications", "3", "--out", "kept"]) == 0
    assert main(["report", "kept", "-o", "page.html"]) == 0
    assert "seed 0" in (here / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["kept", "-o", "page.pdf"], "page.pdf: a page is an .html; try -o page.html"),
        (["kept", "-o", "page.html"], "kept: not there; keep a run by keepout run FILE --out DIR"),
        ([SCENARIO, "-o", "page.html"], f"first: keepout run {SCENARIO} --out results"),
        ([".", "-o", "page.html"], "no run's folder, as it holds no manifest.json"),
    ],
)
def test_what_makes_no_page_is_told_in_one_message(
    call: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *call]) == 2
    assert said in capsys.readouterr().err
    assert not [*here.iterdir()]


def test_an_unfinished_sweep_says_how_to_go_on(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "kept" / "parts").mkdir(parents=True)
    assert main(["report", "kept", "-o", "page.html"]) == 2
    assert "--resume" in capsys.readouterr().err


def test_without_bokeh_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "bokeh.plotting", None)
    assert main(["report", "kept", "-o", "page.html"]) == 2
    assert "needs Bokeh, which is not installed; pip install 'keepout[page]'" in (
        capsys.readouterr().err
    )
