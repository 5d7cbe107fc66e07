"""The report of one run: what its sentences, tables and chains say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.findings.sites import SiteIncursion
from sim.report.account import account
from sim.report.chains import CHAINS
from sim.report.headline import opening, run_headline
from sim.report.outline import Chain, Paragraph, Table, Terms
from sim.report.plans import overlap_account
from sim.report.wording import ROWS
from tests.stories import FLIGHT, ZONE, run_of

if TYPE_CHECKING:
    from sim.report.outline import Outline, Section


def section(outline: Outline, title: str) -> Section:
    return next(section for section in outline.sections if section.title == title)


def rows(outline: Outline, title: str) -> list[list[str]]:
    tables = [block for block in section(outline, title).blocks if isinstance(block, Table)]
    return [
        [cell.text for cell in row]
        for table in tables
        for group in table.groups
        for row in group.rows
    ]


def test_the_headline_answers_the_three_questions(night: Any) -> None:
    assert account(night()).headline == (
        "2 of 4 flights entered a zone that they were bound by: aid-flight (never told:"
        " never_addressed) and patrol (told, went in all the same: disregarded). 1 of them did"
        " not know. Of the others, 1 was told and kept out, 1 flew clear. aid-flight came inside"
        " the operation raid itself while it was under way. Plans overlap once (flight-zone)."
    )


def test_an_opening_holds_as_many_sentences_as_fit(night: Any) -> None:
    whole = run_headline(night())
    assert opening(night(), len(whole)) == whole
    for letters in range(0, len(whole), 7):
        said = opening(night(), letters)
        assert whole.startswith(said)
        assert said.endswith(".")
        assert len(said) <= letters or ". " not in said  # one sentence at least


@pytest.mark.parametrize(
    ("flights", "said"),
    [
        (0, "There are no flights."),
        (1, "The one flight entered no zone that it was bound by: it flew clear."),
        (
            4,
            (
                "None of 4 flights entered a zone that it was bound by: 1 was told and kept out,"
                " 3 flew clear."
            ),
        ),
    ],
)
def test_the_headline_of_a_quiet_night(night: Any, plan: Any, flights: int, said: str) -> None:
    quiet = night(plan(flights=flights), violations=(), incursions=(), overlaps=())
    assert account(quiet).headline == f"{said} No plans overlap."


def test_a_single_flight_is_not_counted(night: Any, plan: Any, made: Any) -> None:
    alone = night(plan(flights=1), violations=[made.violation(incursions=())], incursions=())
    said = account(alone).headline
    assert said.startswith("The one flight entered a zone that it was bound by: aid-flight (")


def test_many_flights_are_counted_by_cause(night: Any, plan: Any, made: Any) -> None:
    violations = [
        made.violation(id=f"violation-{n}", flight=f"other-{n}", cause=cause, incursions=())
        for n, cause in enumerate(["lost", "never_addressed", "lost", "no_time", "lost"])
    ]
    run = night(plan(flights=20), violations=violations, incursions=())
    assert account(run).headline.startswith(
        "5 of 20 flights entered a zone that they were bound by: 1 never_addressed (never told),"
        " 3 lost and 1 no_time (told too late to stay out)."
        " 4 of them did not know. Of the others, 1 was told and kept out, 14 flew clear."
    )


def test_a_flight_that_enters_twice_is_counted_once(night: Any, plan: Any, made: Any) -> None:
    violations = [
        made.violation(id=f"violation-{n}", flight=flight, cause=cause, incursions=())
        for n, (flight, cause) in enumerate(
            [("other-0", "lost"), ("other-1", "lost"), ("other-2", "lost"), ("other-0", "no_time")]
        )
    ]
    run = night(plan(flights=6), violations=violations, incursions=())
    assert account(run).headline.startswith(
        "3 of 6 flights entered a zone that they were bound by: 3 lost, by their first entries."
    )


def test_a_cause_is_named_once_for_all_flights_with_it(night: Any, plan: Any, made: Any) -> None:
    causes = {"aid-flight": "unanswered", "other-0": "no_time", "other-1": "no_time"}
    violations = [
        made.violation(id=f"violation-{n}", flight=flight, cause=cause)
        for n, (flight, cause) in enumerate(causes.items())
    ]
    run = night(plan(flights=6), violations=violations)
    assert account(run).headline.startswith(
        "3 of 6 flights entered a zone that they were bound by: aid-flight (calls unanswered);"
        " other-0 and other-1 (told too late to stay out: no_time)."
    )


def test_an_undeclared_incursion_is_said_to_be_one(night: Any, made: Any) -> None:
    run = night(violations=(), incursions=(made.incursion(cause="undeclared", zones=()),))
    assert "aid-flight came inside the operation raid itself" in account(run).headline
    assert "1 time outside every declared zone" in account(run).headline


def test_the_tables_stand_under_the_places_entered(night: Any) -> None:
    outline = account(night())
    table = section(outline, "Who entered what").blocks[0]
    assert isinstance(table, Table)
    assert [group.title for group in table.groups] == [
        "Zone raid-area of United States (us), declared 22:00-02:00Z, SFC to FL180",
        "Operation raid of United States (us), as planned 22:30-01:30Z, SFC to FL180",
    ]
    # 18520 m are 10 NM; 1795.4 s are 29.9 min.
    assert rows(outline, "Who entered what")[:2] == [
        ["aid-flight", "civil", "23:00:05Z", "23:30:00Z", "29.9 min", "10.0 NM", "never_addressed"],
        ["patrol", "russia", "23:00:05Z", "not yet", "29.9 min", "10.0 NM", "disregarded"],
    ]


def test_only_causes_that_occur_are_explained_and_once(night: Any) -> None:
    legend = section(account(night()), "Who entered what").blocks[-1]
    assert isinstance(legend, Terms)
    assert [term.text for term, _ in legend.entries] == ["never_addressed", "disregarded"]


def test_a_chain_runs_in_time_through_the_incursions(night: Any) -> None:
    chain = section(account(night()), "How it came about").blocks[0]
    assert isinstance(chain, Chain)
    assert [(link.clock, link.what) for link in chain.links] == [
        ("23:00:05Z", "entered: never told"),
        ("23:06:00Z", "inside raid itself until 23:12:00Z (incursion-1)"),
        ("23:15:00Z", "deepest inside: 10.0 NM (18.5 km)"),
        ("23:30:00Z", "left"),
    ]
    assert [link.at for link in chain.links] == sorted(link.at for link in chain.links)


def test_an_incursion_in_no_violation_has_a_chain_of_its_own(night: Any, made: Any) -> None:
    run = night(incursions=(made.incursion(), made.incursion(id="incursion-2", flight="late")))
    chains = section(account(run), "How it came about").blocks
    assert [chain.title for chain in chains if isinstance(chain, Chain)] == [
        "violation-1: aid-flight (civil) in raid-area",
        "violation-2: patrol (russia) in raid-area",
        "incursion-2: late (civil) in operation raid",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["20:36Z", "20:45Z", "84 min"]),
        ({"handled": None, "disseminated": (), "lead_left_s": None, "outcome": "gave_up"},
         ["no: gave up", "none", "-"]),
        ({"garbled": True, "lead_left_s": -90.0}, ["20:36Z, garbled", "20:45Z", "-2 min"]),
        ({"disseminated": (("a", 9900.0), ("b", 12600.0)), "lead_left_s": 60.0},
         ["20:36Z", "20:45-21:30Z", "1 min"]),
    ],
)  # fmt: skip
def test_a_notice_says_how_far_it_got(
    night: Any, made: Any, changes: dict[str, Any], expected: list[str]
) -> None:
    (row,) = rows(account(night(notices=(made.notice(**changes),))), "Who told whom")
    assert row[:4] == ["raid-area v1", "us > russia", "20:00Z", "2"]
    assert row[4:] == expected


def test_notices_of_one_zone_are_told_apart(night: Any, made: Any) -> None:
    run = night(notices=(made.notice(), made.notice(notice="second")))
    assert [row[0] for row in rows(account(run), "Who told whom")] == [
        "raid-area.first v1",
        "raid-area.second v1",
    ]


def test_who_was_forgotten_is_named(night: Any) -> None:
    last = section(account(night(notices=())), "Who told whom").blocks[-1]
    assert last == Paragraph("No notice of raid-area is addressed to Civil traffic (civil).")


def test_zones_that_nobody_was_told_of_share_a_line() -> None:
    zone = {**ZONE, "notices": {}}
    run = run_of(zones={f"z{n}": zone for n in range(12)}, flights={"through": FLIGHT})
    last = section(account(run), "Who told whom").blocks[-1]
    assert last == Paragraph(
        "No notice of z0, z1, z10, z11, z2, z3, z4, z5 and 4 more is addressed to south."
    )


def test_long_lists_are_cut_with_a_count(night: Any, made: Any) -> None:
    violations = [
        made.violation(id=f"violation-{n}", flight=f"f{n}", incursions=()) for n in range(400)
    ]
    outline = account(night(violations=violations, incursions=()))
    assert len(rows(outline, "Who entered what")) == ROWS
    assert Paragraph("... and 376 more; --format json lists all.") in (
        section(outline, "Who entered what").blocks
    )
    chains = section(outline, "How it came about").blocks
    assert len(chains) == CHAINS + 1
    assert chains[-1] == Paragraph("... and 392 more; --format json lists all.")


def test_days_are_shown_where_there_is_more_than_one(night: Any, plan: Any) -> None:
    outline = account(night(plan(hours=72.0)))
    assert outline.subtitle == "2022-02-02 18:00Z to 2022-02-05 18:00Z (3 d), seed 7"
    assert rows(outline, "Who entered what")[0][2] == "02-02 23:00:05Z"


def test_a_plan_check_tells_of_overlaps_alone(plan: Any, made: Any) -> None:
    outline = overlap_account(
        plan(), [made.overlap(), made.overlap(kind="zone-zone", lower_m=None, upper_m=1524.0)]
    )
    assert outline.headline == "Plans overlap 2 times (1 flight-zone, 1 zone-zone)."
    assert [section.title for section in outline.sections] == ["Where plans overlap"]
    # 3048 m are 10,000 ft and 1524 m 5,000 ft.
    assert [row[4] for row in rows(outline, "Where plans overlap")] == ["FL100", "SFC-FL050"]
    assert not overlap_account(plan(), []).sections


def test_what_heeding_cost_is_told(night: Any) -> None:
    # Acted at 2.8 h after 18:00Z, half an hour later off.
    assert rows(account(night()), "What those did who heeded") == [
        ["waiting", "civil", "raid-area v1", "20:48Z", "delay", "30 min", "-"]
    ]


def test_a_flight_that_acted_and_entered_all_the_same_kept_nothing_out(
    night: Any, made: Any
) -> None:
    run = night(violations=(made.violation(flight="waiting"),))
    assert "kept out" not in account(run).headline


def test_overlaps_of_flights_alone_have_no_column_of_areas(plan: Any, made: Any) -> None:
    alone = rows(overlap_account(plan(), [made.overlap()]), "Where plans overlap")
    volumes = made.overlap(kind="zone-zone", area_km2=12.34)
    both = rows(overlap_account(plan(), [made.overlap(), volumes]), "Where plans overlap")
    assert [len(row) for row in alone] == [5]
    assert [row[5] for row in both] == ["-", "12.3 km2"]


def test_an_exempt_flight_is_marked_where_there_is_one(plan: Any, made: Any) -> None:
    overlaps = [made.overlap(exempt=True), made.overlap()]
    table = section(overlap_account(plan(), overlaps), "Where plans overlap").blocks[0]
    assert isinstance(table, Table)
    assert table.columns[-1].title == "note"
    assert [row[-1].text for row in table.groups[0].rows] == ["exempt", ""]


@pytest.mark.parametrize(("handled", "shown"), [(0, False), (1, False), (2, True)])
def test_a_percentile_takes_more_than_one_notice(
    night: Any, made: Any, handled: int, shown: bool
) -> None:
    notices = [made.notice()] * handled + [made.notice(handled=None)]
    metrics = night().metrics | {"latency_p95_s": 2160.0}
    terms = section(account(night(notices=notices, metrics=metrics)), "In figures").blocks[0]
    assert isinstance(terms, Terms)
    labels = [term.text for term, _ in terms.entries]
    assert ("drafted to handled, 95th percentile" in labels) is shown
    assert "drafted to handled, median" in labels


def test_a_gap_names_what_its_altitudes_are_measured_from(night: Any, made: Any) -> None:
    run = night(gaps=(made.gap(upper_m=5486.4), made.gap(kind="space", upper_m=3048.0)))
    assert [row[4] for row in rows(account(run), "Gaps")] == ["SFC-FL180", "SFC-FL100"]


def test_an_operation_over_people_on_the_ground_is_told_with_its_cause(night: Any) -> None:
    site = SiteIncursion(
        id="site-incursion-1",
        site="clinic",
        party="civil",
        operation="raid",
        start=4.5 * 3600,
        end=None,
        censored=True,
        duration_s=3 * 3600,
        cause="never_addressed",
        detail="no notice of raid-area names civil",
        notice=None,
        evidence=(),
    )
    outline = account(night(site_incursions=(site,)))
    assert "Operations were over people on the ground at clinic." in outline.headline
    title = "Operations over people on the ground"
    assert rows(outline, title) == [
        ["clinic", "civil", "raid", "22:30:00Z", "not yet", "never_addressed"]
    ]
    (details,) = [block for block in section(outline, title).blocks if isinstance(block, Terms)]
    assert [said for _, said in details.entries] == ["no notice of raid-area names civil"]
