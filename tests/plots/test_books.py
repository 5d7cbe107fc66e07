"""The books side by side: which have what, told as lines and drawn as a matrix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim import plots
from sim.findings.run import run
from sim.plots.claims import compare_books
from sim.scenario.reader import load
from tests.stories import FLIGHT, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run

    Drawn = Callable[[Axes, str], list[Artist]]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
UNTOLD = ZONE | {"notices": {}, "issued": "+1 min"}


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


def test_empty_books_have_no_lines(drawn: Drawn) -> None:
    found = compare_books(run_of())
    assert (found.books, found.lines) == ((), ())
    assert found.finding == "No book has any flight in a zone."
    assert drawn(plots.ledgers(run_of()), "nothing")


def test_who_was_not_told_lacks_what_the_others_have() -> None:
    found = compare_books(run_of(zones={"area": UNTOLD}, flights={"mapper": FLIGHT}))
    assert found.books == ("truth", "north", "south")
    (line,) = found.lines
    assert line.label == "01:39Z mapper in area"  # 172.6 km at 20 km a minute
    assert (line.has, line.lacks) == (frozenset({"truth", "north"}), frozenset({"south"}))
    assert line.reasons == (("south", "not_told"),)
    assert line.cause == "never_addressed"
    assert found.finding == (
        "The one stay in a zone is missing from somebody's book,"
        " because the flight's party had not been told of the zone."
    )


def test_what_the_declarer_alone_claims_has_no_cause() -> None:
    exempt = run_of(zones={"area": UNTOLD | {"exempt": ["mapper"]}}, flights={"mapper": FLIGHT})
    (line,) = compare_books(exempt).lines
    assert (line.cause, line.has, line.lacks) == (
        "",
        frozenset({"north"}),
        frozenset({"truth", "south"}),
    )
    assert dict(line.reasons) == {"south": "exempt", "truth": "exempt"}


def test_books_that_agree_say_so() -> None:
    knew = run_of(
        parties={"north": {}, "south": {"response": {"comply": 0}}},
        zones={"area": ZONE},
        flights={"mapper": FLIGHT},
    )
    assert compare_books(knew).finding == "All books agree on 1 stay in a zone."


def test_every_claim_and_every_disagreement_is_in_some_line(day: Run) -> None:
    found = compare_books(day, most=1000)
    assert sum(line.number for line in found.lines) == len(found.lines)
    has = sum(len(line.has) for line in found.lines)
    assert has == len(day.ledgers)  # no book has a stay twice
    missing = {(d.flight, d.zone, d.missing_in) for d in day.disagreements}
    assert sum(len(line.lacks) for line in found.lines) >= len(missing)
    assert [line.entry for line in found.lines] == sorted(line.entry for line in found.lines)


def test_many_stays_alike_share_a_line(day: Run) -> None:
    alone, together = compare_books(day, most=1000), compare_books(day)
    assert len(together.lines) <= 24 < len(alone.lines)
    assert sum(line.number for line in together.lines) == len(alone.lines)
    assert "29 stays" in " ".join(line.label for line in together.lines)
    assert together.finding == alone.finding


def test_what_is_too_much_is_counted(day: Run) -> None:
    found = compare_books(day, most=2)
    assert len(found.lines) == 2
    assert found.left_out == len(compare_books(day, most=1000).lines) - sum(
        line.number for line in found.lines
    )


def test_a_mark_stands_for_every_book_that_is_concerned(day: Run, drawn: Drawn) -> None:
    ax = plots.ledgers(day)
    found = compare_books(day)
    for y, line in enumerate(found.lines):
        marks = {one.get_gid(): one for one in drawn(ax, f"{line.id}/")}
        assert set(marks) == {
            *(f"{line.id}/{book}/has" for book in line.has),
            *(f"{line.id}/{book}/lacks" for book in line.lacks),
            f"{line.id}/why",
        }
        truth = marks[f"{line.id}/truth/has"]
        assert (list(truth.get_xdata()), list(truth.get_ydata())) == ([0], [y])  # type: ignore[attr-defined]
    columns = [tick.get_text() for tick in ax.get_xticklabels()]
    assert columns == ["truth", "Northern\nforce", "Southern\nforce", "Aid flights", "Airlines"]
