"""What notebooks show: tables that do not flood, in which no text is markup."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
import sim.units
from sim.display import ROWS, Records, card, cell, interval_text, table

SCENARIOS = Path(__file__).parent.parent / "scenarios"
HOSTILE = "<script>alert(1)</script>"


class Parsed(HTMLParser):
    """Collects a page's tags, and the texts of its cells, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open, self._open

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.run(sim.load(SCENARIOS / "northwest_syria_2022.yaml"), 7)


def test_findings_are_tuples_that_show_as_tables(run: sim.Run) -> None:
    shown = Parsed(run.violations._repr_html_())  # type: ignore[attr-defined]
    assert shown.rows[0][:4] == ["id", "flight", "party", "zone"]
    assert [row[0] for row in shown.rows[1:]] == [violation.id for violation in run.violations]
    entry = run.scenario.start_unix + run.violations[0].entry
    assert shown.rows[1][4] == sim.units.show_instant(round(entry)).replace("T", " ")
    assert run.violations == tuple(run.violations)
    assert pickle.loads(pickle.dumps(run.violations)) == run.violations  # noqa: S301 - our own


def test_a_long_table_shows_its_first_rows_and_says_how_many_follow() -> None:
    titles, rows = ["n"], [[str(n)] for n in range(ROWS)]
    assert "... and 90 more" in table(titles, rows, 100)
    assert "more" not in table(titles, rows)
    assert table(titles, []) == "<p>None.</p>"


def test_records_show_no_more_than_ten_rows(run: sim.Run) -> None:
    many = Records(run.violations * 50, 0.0, ("id",))
    html = many._repr_html_()
    assert len(Parsed(html).rows) == 1 + ROWS
    assert f"{len(many) - ROWS:,} more" in html


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("exit", None, "-"),
        ("duration_s", 90.0, "1 min 30 s"),
        ("depth_m", 1852.0, "1.0 NM (1.9 km)"),
        ("entry", 60.4, "1970-01-01 00:01:00Z"),
        ("km2_h", float("nan"), "-"),
        ("parties", ("a", "b"), "a, b"),
        ("censored", True, "true"),
        ("n", 1234, "1,234"),
        ("km2_h", 26590.3, "26,590"),
        ("km2_h", 999.7, "1,000"),
        ("km2_h", 20.889, "20.9"),
    ],
)
def test_a_cell_reads_by_the_unit_in_its_name(name: str, value: object, text: str) -> None:
    assert cell(name, value) == text


def test_an_interval_is_shown_where_there_is_one() -> None:
    assert interval_text(0.25, 0.2, 0.314159) == "0.25 (0.2 to 0.314)"
    assert interval_text(1900.0, 1900.0, 1900.0) == "1,900"
    assert interval_text(2.0, float("nan"), float("nan")) == "2"


def test_a_card_leaves_out_what_is_empty_and_shows_a_sentence_whole() -> None:
    about = "One force tells another to stay out. " * 5
    rows = Parsed(card("x", [("about", about), ("sites", ""), ("much", "m" * 1000)])).rows
    assert [row[0] for row in rows] == ["about", "much"]
    assert rows[0][1] == about
    assert len(rows[1][1]) < 250


def test_everything_shows_itself_and_no_name_is_markup() -> None:
    scenario = sim.load(SCENARIOS / "northwest_syria_2022.yaml")
    hostile = scenario.replace({"name": HOSTILE, "about": HOSTILE, "parties.us.name": HOSTILE})
    later = hostile.replace({"zones.raid-area.notices.first.lead": "30 min"})
    for shown in (
        hostile,
        sim.run(hostile),
        sim.replicate(hostile, 3),
        sim.ask_why(hostile, 3),
        sim.compare(hostile, later, 8),
    ):
        html = shown._repr_html_()
        parsed = Parsed(html)
        assert set(parsed.tags) <= {
            "div",
            "strong",
            "table",
            "thead",
            "tbody",
            "tr",
            "td",
            "th",
            "p",
        }
        assert len(html) < 20_000


def test_a_comparison_shows_what_was_changed() -> None:
    scenario = sim.load(SCENARIOS / "northwest_syria_2022.yaml")
    later = scenario.replace({"zones.raid-area.notices.first.lead": "30 min"})
    rows = Parsed(sim.compare(scenario, later, 8)._repr_html_()).rows
    assert rows[0] == ["zones.raid-area.notices.first.lead", "2 h > 30 min"]
