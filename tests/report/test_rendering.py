"""Text and Markdown: widths, colour, and texts that would be taken for markup."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.cells import cell_len

from sim.report import markdown, text
from sim.report.account import account

HOSTILE = "[red]x[/] \x1b[31mred\x1b[0m\r\n\u202eesrever *bold* <b> `c` | _u_"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


pytestmark = pytest.mark.usefixtures("_plain_environment")


@pytest.mark.parametrize("width", [60, 80, 132, 200])
def test_no_line_is_longer_than_the_terminal(night: Any, made: Any, width: int) -> None:
    long = "a-flight-with-quite-a-long-name_of-its-own#12"
    run = night(violations=(made.violation(), made.violation(flight=long, incursions=())))
    said = text.render(account(run), io.StringIO(), width)
    assert max(cell_len(line) for line in said.splitlines()) <= width
    assert not any(line != line.rstrip() for line in said.splitlines())


def test_at_80_columns_the_tables_are_whole(night: Any) -> None:
    lines = text.render(account(night()), io.StringIO(), 80).splitlines()
    assert "  aid-flight  civil   23:00:05Z  23:30:00Z  29.9 min  10.0 NM  never_addressed" in lines
    assert "  patrol      russia  23:00:05Z  not yet    29.9 min  10.0 NM  disregarded" in lines


def test_long_ids_are_broken_never_cut(night: Any, made: Any) -> None:
    long = "f" * 70 + "end"
    outline = account(night(violations=(made.violation(flight=long, incursions=()),)))
    said = text.render(outline, io.StringIO(), 80)
    assert "…" not in said
    table = said.partition("Who entered what")[2].partition("Operation raid")[0]
    pieces = [line[2:].split(" ")[0] for line in table.splitlines() if line.startswith("  f")]
    assert "".join(piece for piece in pieces if piece != "flight").startswith("f" * 70)


@pytest.mark.parametrize("width", [40, 60, 79, 80, 100, 200])
def test_no_word_is_broken_and_no_number_parted_from_its_unit(
    night: Any, made: Any, width: int
) -> None:
    run = night(
        violations=(made.violation(flight="second-lesson", cause="not_disseminated"),),
        notices=(made.notice(), made.notice(notice="airline-call", recipient="airline")),
    )
    said = text.render(account(run), io.StringIO(), width)
    words = set(text.render(account(run), io.StringIO(), 1000).split())
    assert set(said.split()) <= words
    assert not re.search(r"(?<!\S)\(?-?[\d,.]+\n +(?:min|NM|km2?|ft)\b", said)


def test_columns_keep_two_blanks_apart(night: Any, made: Any) -> None:
    """Take the longest ids that go, and see that headers do not run together."""
    for length in range(8, 30):
        run = night(violations=(made.violation(flight="f" * length, incursions=()),))
        lines = text.render(account(run), io.StringIO(), 80).splitlines()
        header = next(line for line in lines if "inside" in line and "deepest" in line)
        assert re.search(r"inside {2,}deepest {2,}cause", header)
        assert all(len(line) <= 80 for line in lines)


def test_a_terminal_gets_no_blanks_at_the_end_of_a_line(night: Any) -> None:
    for line in text.render(account(night()), Terminal(), 80).splitlines():
        bare = re.sub(r"\x1b\[[\d;]*m", "", line)
        assert bare == bare.rstrip()


def test_piped_text_is_plain_and_a_terminal_gets_colour(
    night: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    outline = account(night())
    assert "\x1b" not in text.render(outline, io.StringIO())
    coloured = text.render(outline, Terminal())
    assert "\x1b[1;31mnever_addressed" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in text.render(outline, Terminal())
    assert "31m" not in text.render(outline, Terminal())


def test_a_pipe_is_taken_to_be_80_columns_wide_unless_told(
    night: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    outline = account(night())
    assert text.render(outline, io.StringIO()) == text.render(outline, io.StringIO(), 80)
    monkeypatch.setenv("COLUMNS", "200")
    assert text.render(outline, io.StringIO()) == text.render(outline, io.StringIO(), 200)


def test_hostile_names_are_shown_and_not_obeyed(night: Any, plan: Any) -> None:
    outline = account(night(plan(name=HOSTILE, party=HOSTILE)))
    said = text.render(outline, Terminal(), 200)
    assert "[red]x[/] \\x1b[31mred\\x1b[0m\\r\\n\\u202eesrever" in said
    assert "\x1b[31m" not in said
    assert "\u202e" not in said


def test_markdown_shows_what_would_be_markup(night: Any, plan: Any) -> None:
    said = markdown.render(account(night(plan(name=HOSTILE, party=HOSTILE))))
    assert said.splitlines()[0] == (
        r"# \[red\]x\[/\] \\x1b\[31mred\\x1b\[0m\\r\\n\\u202eesrever"
        r" \*bold\* \<b> \`c\` \| \_u\_"
    )


def test_the_facts_and_the_cause_of_an_entry_are_paragraphs_of_their_own(night: Any) -> None:
    said = markdown.render(account(night()))
    assert (
        "\n\n23:00:05Z to 23:30:00Z, 29.9 min\n\n"
        "**never_addressed**: no notice of raid-area names civil\n\n- "
    ) in said


def test_markdown_tables_have_as_many_cells_as_columns(night: Any) -> None:
    said = markdown.render(account(night()))
    tables = re.findall(r"(?:^\|.*\n)+", said, re.MULTILINE)
    assert len(tables) == 6
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert "| aid-flight | civil | 23:00:05Z | 23:30:00Z | 29.9 min | 10.0 NM |" in said
