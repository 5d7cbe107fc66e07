"""Pages in a browser: played, clicked, filtered, sorted, by keyboard, on a phone, in print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.findings.run import run as make_run
from sim.model.journal import FlightFlown
from sim.page.runs import run_page
from sim.page.sweeps import sweep_page
from sim.plots.palette import CAUSE_COLOURS
from sim.plots.palette import FLIGHT as FLIGHT_COLOUR
from sim.plots.places import find_places
from sim.scenario.reader import load
from sim.sweeps.opening import open_sweep
from tests.page.looking import PHONE
from tests.stories import FLIGHT, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.findings.run import Run
    from tests.page.looking import Looked

    Look = Callable[..., Looked]

SCENARIO = Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml"
HOSTILE = "<script>alert(1)</script>"
STILL_HOSTILE = "</script><img src=x onerror=alert(2)> $$x$$ \\(y\\) {{ 3 }}"


@pytest.fixture(scope="session")
def seed() -> Run:
    return make_run(load(SCENARIO), 7)


@pytest.fixture(scope="session")
def page(seed: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    return kept(seed, tmp_path_factory)


def kept(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(run_page(run), "utf-8")
    return str(path)


def test_the_slider_moves_flights_to_where_they_were(look: Look, page: str, seed: Run) -> None:
    looked = look(page)
    places = find_places(seed)
    tracks = {record.flight: record.track for record in seed.journal.of(FlightFlown)}
    for at in (15_600.0, 16_200.0, 19_200.0):
        looked.slide_to(at)
        names = looked.column("map", "flights", "name")
        assert names == [
            name for name in sorted(tracks) if tracks[name].start <= at <= tracks[name].end
        ]
        for name, x, y in zip(
            names,
            looked.column("map", "flights", "x"),
            looked.column("map", "flights", "y"),
            strict=True,
        ):
            there = tracks[name].at(at)
            expected = places.projection.project(there.lon, there.lat)
            assert np.hypot(*(expected[0] - (x, y))) < 50.0
    looked.slide_to(0.0)
    assert looked.column("map", "flights", "name") == []
    assert looked.text("#now") == "No flight in the air; nothing in force."


def test_the_way_outside_what_a_flight_is_in_has_no_cause_s_colour(
    look: Look, page: str, seed: Run
) -> None:
    looked = look(page)
    places = find_places(seed)
    entry = next(one for one in places.entries if one.who == "aid-flight")
    x0, y0 = places.projection.project(*entry.place)[0]
    for at, shades in ((entry.start, 1), (entry.start + 120.0, 2)):
        looked.slide_to(at)
        colours = looked.column("map", "trails", "colour")
        assert len(colours) == shades
        assert colours[0] == FLIGHT_COLOUR
    assert colours[1] == CAUSE_COLOURS[entry.cause]
    outside, inside = zip(
        looked.column("map", "trails", "xs"), looked.column("map", "trails", "ys"), strict=True
    )
    for x, y in ((outside[0][-1], outside[1][-1]), (inside[0][0], inside[1][0])):
        assert np.hypot(x - x0, y - y0) < 100.0


def test_zones_are_filled_while_they_are_active(look: Look, page: str) -> None:
    looked = look(page)
    for at, is_filled in ((14_100, False), (14_400, True), (28_500, True), (28_800, False)):
        looked.slide_to(at)
        (filled,) = looked.column("map", "declared", "fill_alpha")
        assert (filled > 0.0) is is_filled


def test_the_timeline_follows_the_slider_and_leads_it(look: Look, page: str, seed: Run) -> None:
    looked = look(page)
    looked.slide_to(18_000.0)
    where = looked.page.evaluate(
        "Bokeh.documents.map((one) => one.get_model_by_name('cursor')).find((one) => one).location"
    )
    assert where == (seed.scenario.start_unix + 18_000.0) * 1000.0
    looked.click("timeline", (seed.scenario.start_unix + 36_000.0) * 1000.0, 0.5)
    assert looked.text("#clock").startswith(("04:00", "03:59"))


def test_play_plays_and_pauses(look: Look, page: str) -> None:
    looked = look(page)
    play, time = looked.page.locator("#play"), looked.page.locator("#time")
    looked.slide_to(14_400.0)
    play.press("Space")
    assert play.get_attribute("aria-pressed") == "true"
    for _ in range(200):
        if float(time.input_value()) > 15_000.0:
            break
        looked.page.wait_for_timeout(20)
    play.press("Space")
    paused = looked.text("#clock")
    assert float(time.input_value()) > 15_000.0
    looked.page.wait_for_timeout(60)
    assert looked.text("#clock") == paused
    assert play.inner_text() == "Play"


def test_at_first_the_first_entry_is_told(look: Look, page: str) -> None:
    looked = look(page)
    assert looked.shown(".chain h3") == ["violation-1: patrol#1 (russia) in raid-area"]
    assert looked.text("#clock") == "22:18:52Z"


def test_a_click_on_a_line_shows_its_chain_and_its_time(look: Look, page: str, seed: Run) -> None:
    looked = look(page)
    looked.page.locator("tr[data-key='violation:violation-3'] td").first.click()
    assert looked.shown(".chain h3") == ["violation-3: aid-flight (civil) in raid-area"]
    told = looked.shown(".chain li span")
    assert {evidence.text for evidence in seed.violations[2].evidence} <= {*told}
    assert looked.text("#clock") == "23:11:54Z"


def test_a_click_on_the_map_shows_the_chain(look: Look, page: str) -> None:
    looked = look(page)
    keys = looked.column("map", "entries", "key")
    number = keys.index("incursion:incursion-1")
    x, y = (looked.column("map", "entries", name)[number] for name in ("x", "y"))
    looked.click("map", x, y)
    assert looked.shown(".chain h3") == ["incursion-1: aid-flight (civil) in operation raid"]


def test_a_click_on_the_timeline_shows_the_chain(look: Look, page: str) -> None:
    looked = look(page)
    index = "JSON.parse(document.getElementById('run').textContent).timeline_index.bars"
    bars = looked.page.evaluate(index)
    number = bars["key"].index("violation:violation-3")
    looked.click(
        "timeline",
        bars["left"][number] + 0.2 * (bars["right"][number] - bars["left"][number]),
        (bars["top"][number] + bars["bottom"][number]) / 2.0,
    )
    assert looked.shown(".chain h3") == ["violation-3: aid-flight (civil) in raid-area"]


def test_a_step_of_a_chain_goes_to_its_instant(look: Look, page: str) -> None:
    looked = look(page)
    step = looked.page.locator(".chain:visible li", has_text="handled")
    step.locator("button").press("Enter")
    assert looked.text("#clock") == "20:12:12Z"
    assert looked.shown(".chain h3") == ["violation-1: patrol#1 (russia) in raid-area"]


def test_a_filter_leaves_lines_that_have_all_words(look: Look, page: str) -> None:
    looked = look(page)
    box = looked.page.locator("#flights input")
    box.fill("russia 00:")
    assert looked.shown("#flights tbody th") == ["patrol#2"]
    assert looked.text("#flights .count") == "1 of 4"
    box.fill("")
    assert len(looked.shown("#flights tbody tr")) == 4
    assert looked.text("#flights .count") == "4"


def test_a_head_sorts_up_and_down_by_numbers(look: Look, page: str) -> None:
    looked = look(page)
    head = looked.page.locator("#entries thead th", has_text="inside")
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    rising = looked.shown("#entries tbody th")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert rising[0] == "incursion-1"
    assert rising[-1] == "violation-3"
    assert looked.shown("#entries tbody th") == rising[::-1]


def test_everything_can_be_reached_and_done_by_keyboard(look: Look, page: str) -> None:
    looked = look(page)
    reached = set()
    for _ in range(120):
        looked.page.keyboard.press("Tab")
        reached.add(
            looked.page.evaluate(
                "document.activeElement.id || document.activeElement.className"
                " || document.activeElement.type"
            )
        )
    assert {"play", "time", "speed", "nearer", "farther", "whole"} <= reached
    assert {"sort", "pick", "goto", "search", "scroll"} <= reached
    looked.page.locator("#time").press("ArrowRight")
    assert looked.text("#clock") != "22:18:52Z"
    looked.page.locator("#entries .pick", has_text="violation-3").press("Enter")
    assert looked.shown(".chain h3") == ["violation-3: aid-flight (civil) in raid-area"]


def test_the_map_can_be_seen_from_nearer_and_as_a_whole(look: Look, page: str) -> None:
    looked = look(page)
    wide = (
        "(() => { const map = Bokeh.documents.map((one) => one.get_model_by_name('map'))"
        ".find((one) => one); return map.x_range.end - map.x_range.start; })()"
    )
    whole = looked.page.evaluate(wide)
    looked.page.locator("#nearer").press("Enter")
    assert looked.page.evaluate(wide) == pytest.approx(whole / 1.5)
    looked.page.locator("#whole").click()
    assert looked.page.evaluate(wide) == pytest.approx(whole)


def test_hostile_names_are_shown_and_do_nothing(
    look: Look, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = run_of(
        name=STILL_HOSTILE,
        parties={"north": {"name": HOSTILE}, "south": {"name": STILL_HOSTILE}},
        zones={"area": ZONE | {"notices": {}, "issued": "+1 min"}},
        flights={"one": FLIGHT},
    )
    looked = look(kept(run, tmp_path_factory))
    assert looked.page.title() == STILL_HOSTILE
    assert looked.text("h1") == STILL_HOSTILE
    assert looked.page.locator("script").count() == 4  # data, Bokeh and two of the page's
    assert looked.page.locator("body img").count() == looked.page.locator(".static img").count()
    looked.slide_to(5_400.0)
    box = looked.page.locator("#timeline").bounding_box()
    assert box is not None
    looked.page.mouse.move(box["x"] + box["width"] / 2.0, box["y"] + 40.0)
    looked.page.wait_for_timeout(100)


def test_a_run_of_nothing_makes_a_page_without_charts(
    look: Look, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looked = look(kept(run_of(), tmp_path_factory))
    assert looked.text("#entries") == "Who entered what\n\nNobody entered anything."
    assert looked.page.locator(".chart").count() == 0


@pytest.mark.parametrize("sections", [{"flights": {"one": FLIGHT}}, {"zones": {"area": ZONE}}])
def test_little_makes_a_page_too(
    sections: dict[str, Any], look: Look, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looked = look(kept(run_of(**sections), tmp_path_factory))
    assert looked.text("#entries") == "Who entered what\n\nNobody entered anything."
    looked.slide_to(7_200.0)


def test_a_phone_needs_not_be_moved_sideways(look: Look, page: str) -> None:
    looked = look(page, viewport=PHONE, is_mobile=True, has_touch=True)
    assert looked.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for control in ("#play", "#time", "#speed", "#clock"):
        box = looked.page.locator(control).bounding_box()
        assert box is not None
        assert box["x"] >= 0.0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_table_wider_than_the_phone_has_a_shadow_where_it_goes_on(look: Look, page: str) -> None:
    looked = look(page, viewport=PHONE, is_mobile=True, has_touch=True)
    table = looked.page.locator("#flights .scroll")
    wide, seen = table.evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert wide > seen
    # The cover is fixed to the rows and goes with them, the shadow to the edge.
    attached = table.evaluate("(one) => getComputedStyle(one).backgroundAttachment")
    assert attached == "local, scroll"
    looked.page.emulate_media(media="print")
    assert table.evaluate("(one) => getComputedStyle(one).backgroundImage") == "none"


def test_print_shows_what_does_not_move(look: Look, page: str) -> None:
    looked = look(page)
    looked.page.emulate_media(media="print")
    assert looked.page.locator(".static img:visible").count() >= 1
    assert looked.shown(".player") == []
    assert len(looked.shown(".chain h3")) == 4


def test_without_scripts_everything_can_still_be_read(look: Look, page: str) -> None:
    looked = look(page, java_script_enabled=False)
    assert len(looked.page.locator("#entries tbody tr").all()) == 4
    assert looked.page.locator(".static img").first.is_visible()
    assert looked.page.locator(".chain").first.is_visible()


def test_dark_and_light_are_followed(look: Look, page: str) -> None:
    looked = look(page, color_scheme="dark")
    ink = "getComputedStyle(document.body).color"
    dark = looked.page.evaluate(ink)
    looked.page.emulate_media(color_scheme="light")
    assert looked.page.evaluate(ink) != dark


def test_a_sweeps_page_filters_its_points_and_shows_its_figures(look: Look, tmp_path: Path) -> None:
    from sim.sweeps.sweeping import sweep  # noqa: PLC0415 - slow to import

    (tmp_path / "sweep.yaml").write_text(
        f"keepout-sweep: 1\nname: '{HOSTILE}'\nscenario: {SCENARIO}\n"
        "factors: {zones.raid-area.notices.first.lead: [15 min, 1 h, 2 h]}\n"
        "replications: 8\nmetrics: [p_uninformed, delay_s]\n"
    )
    sweep(tmp_path / "sweep.yaml", tmp_path / "kept", workers=1)
    (tmp_path / "page.html").write_text(sweep_page(open_sweep(tmp_path / "kept")), "utf-8")
    looked = look(str(tmp_path / "page.html"), viewport=PHONE)
    assert looked.text("h1") == HOSTILE
    assert looked.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert looked.page.locator("figure img").count() >= 2
    looked.page.locator("#points input").fill("15 min")
    assert looked.text("#points .count") == "1 of 3"
    looked.page.locator("#points thead button", has_text="lead").click()
    looked.page.locator("#points input").fill("")
    leads = [row.split("\t")[1] for row in looked.shown("#points tbody tr")]
    assert leads == ["15 min", "1 h", "2 h"]
