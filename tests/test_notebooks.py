"""The notebooks: valid, without output, short cells, and what they say of their runs is so.

That they run from start to end is shown by ``make notebooks``.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

import sim
from sim.cli import main
from sim.scenario.importing import import_files
from sim.scenario.reader import build

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
MOST_LINES = 12  # of a cell of code
MOST_WORDS = 120  # of one of text


def read(name: str) -> Any:
    return nbformat.read(FOLDER / name, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(params=NAMES)
def book(request: pytest.FixtureRequest) -> Any:
    return read(request.param)


def cells(book: Any, kind: str) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == kind]


def entries(run: sim.Run) -> dict[str, set[str]]:
    """Give the causes of violations, by flight."""
    return {
        v.flight: {w.cause for w in run.violations if w.flight == v.flight} for v in run.violations
    }


def test_there_are_the_five_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name[0] for name in NAMES] == [*"12345"]
    assert [name for name in NAMES if f"notebooks/{name}" not in readme] == []


def test_each_is_valid_and_opens_as_python(book: Any) -> None:
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"
    assert book.metadata.language_info == {"name": "python"}


def test_each_is_kept_without_output(book: Any) -> None:
    for cell in cells(book, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert cell.metadata == {}


def test_each_begins_with_its_title_and_tells_a_story(book: Any) -> None:
    first = book.cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# [1-5] · \w", first.source)
    assert book.cells[-1].cell_type == "markdown"
    assert len(cells(book, "markdown")) >= len(cells(book, "code"))


def test_cells_are_short_and_compile(book: Any) -> None:
    for cell in cells(book, "code"):
        assert len(cell.source.splitlines()) <= MOST_LINES, cell.id
        ast.parse(cell.source)
    for cell in cells(book, "markdown"):
        assert len(cell.source.split()) <= MOST_WORDS, cell.id


def test_no_machinery(book: Any) -> None:
    for cell in cells(book, "code"):
        assert not re.search(r"sys\.path|^\s*[!%]|\bdef \w|\bclass \w", cell.source, re.MULTILINE)


def test_links_lead_somewhere(book: Any) -> None:
    for cell in cells(book, "markdown"):
        for link in re.findall(r"\]\(([^)#]+)\)", cell.source):
            assert (FOLDER / link).exists(), link


@pytest.mark.parametrize(
    ("figure", "what"),
    [
        ("timeline.svg", ["northwest_syria_2022.yaml", "--seed", "7", "--kind", "timeline"]),
        ("chain.svg", ["wrong_position.yaml", "--kind", "chain", "--entry", "violation-1"]),
    ],
)
def test_the_figures_that_the_readme_shows_are_drawn_again_alike(
    figure: str, what: list[str], tmp_path: Path
) -> None:
    scenario, *options = what
    again = tmp_path / figure
    command = ["plot", str(ROOT / "scenarios" / scenario), *options, "-o", str(again)]
    assert main(command) == 0
    assert again.read_bytes() == (FOLDER / "figures" / figure).read_bytes(), "try: make figures"


def test_the_readme_shows_three_small_figures() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[[^\]]+\]\((notebooks/figures/[\w.]+)\)", readme)
    assert len(shown) == 3
    assert {ROOT / name for name in shown} == {*(FOLDER / "figures").iterdir()}
    assert all((ROOT / name).stat().st_size < 110_000 for name in shown)


class TestWhatTheySay:
    def test_the_first_run(self) -> None:
        scenario = sim.load(ROOT / "scenarios/northwest_syria_2022.yaml")
        run = sim.run(scenario, seed=7)
        assert entries(run) == {"patrol#1": {"disregarded"}, "aid-flight": {"never_addressed"}}
        assert [entry.flight for entry in run.incursions] == ["aid-flight"]
        told = scenario.replace(
            {
                "channels.deconfliction-line": {"medium": "hotline", "from": "us", "to": "all"},
                "zones.raid-area.notices.first.to": ["russia", "civil"],
            }
        )
        assert entries(sim.run(told, seed=7)) == {"patrol#1": {"disregarded"}}
        causes = sim.replicate(told, replications=200, seed=7).causes
        assert causes["never_addressed"].violations == 0
        assert causes["disregarded"].share > 0.5
        assert causes["undeclared"].violations > 0

    def test_the_anatomy(self) -> None:
        scenario = sim.load(ROOT / "scenarios/wrong_position.yaml")
        run = sim.run(scenario, seed=0)
        assert entries(run) == {"transport": {"misinformed"}, "watch-early": {"unanswered"}}
        assert [entry.flight for entry in run.incursions] == ["transport"]
        assert [gap.holder for gap in run.gaps] == ["east"]
        books = {(claim.book, claim.flight) for claim in run.ledgers}
        assert ("east", "transport") not in books
        assert ("west", "watch-early") not in books
        mended = sim.run(scenario.replace({"channels.west-calls-east.read_back": 1}), seed=0)
        assert entries(mended) == {"watch-early": {"unanswered"}}

    def test_the_sweep_is_the_one_that_is_quoted(self) -> None:
        quoted = "\n".join(
            line
            for cell in cells(read(NAMES[2]), "markdown")
            for block in re.findall(r"```yaml\n(.*?)```", cell.source, re.DOTALL)
            for line in block.splitlines()
        )
        written = (FOLDER / "data/lead_and_breadth.yaml").read_text("utf-8").splitlines()
        assert quoted
        assert set(quoted.splitlines()) <= set(written)

    def test_the_two_policies(self) -> None:
        scenario = sim.load(ROOT / "scenarios/northwest_syria_2022.yaml").replace(
            {
                "zones.raid-area.notices.first.lead": "30 min",
                "zones.raid-area.exempt": ["aid-flight"],
            }
        )
        law = {"triangular": {"min": "1 min", "mode": "4 min", "max": "15 min"}}
        faster = scenario.replace({"parties.russia.desk.dissemination": law})
        earlier = scenario.replace({"zones.raid-area.notices.first.lead": "45 min"})
        helped = sim.compare(scenario, faster, replications=200).metrics
        assert helped["p_uninformed"].difference.high < 0 < helped["delay_s"].difference.low
        both = sim.compare(earlier, faster, replications=200)
        found = both.metrics["p_uninformed"]
        assert both.shows("p_uninformed")
        assert found.difference.low > 0 > both.metrics["delay_s"].difference.high
        assert found.before.high > found.after.low  # seen apart, they overlap
        pairs = zip(both.before.rows, both.after.rows, strict=True)
        assert all(one["p_uninformed"] <= other["p_uninformed"] for one, other in pairs)

    def test_the_replay(self) -> None:
        made = import_files(
            [str(FOLDER / f"data/{name}") for name in ("notices.txt", "positions.csv")]
        )
        assert sum("A1203/26" in line for line in made.told) == 1
        scenario = build(made.document)
        record = {"FERRY3": {"disregarded"}, "ISLE5": {"disregarded"}, "RING6": {"no_time"}}
        assert entries(sim.run(scenario)) == record
        heeding = scenario.replace({"parties.traffic.response.comply": 1})
        assert entries(sim.run(heeding)) == {"RING6": {"no_time"}}
