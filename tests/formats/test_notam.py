"""NOTAMs as their readers meet them: items, schedules, zones, drafts."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import FormatError
from sim.formats import notam
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.earth import distance_m
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.volume import Volume
from sim.units import METRES_PER_FOOT, Position

ONE = """(A1234/24 NOTAMR A1200/24
Q) EGTT/QRTCA/IV/BO /W /000/100/5129N00028W005
A) EGTT B) 2401200900 C) 2401221700 EST
D) DAILY 0900-1700
E) TEMPO RESTRICTED AREA: C) MAY APPLY. F) IS A LETTER
CIRCLE RADIUS 4NM CENTRED ON 512900N 0002800W
F) SFC G) 5000FT AMSL)
CREATED: 15 Jan 2024 08:30:00
SOURCE: EUECYIYN
"""
NEW = ONE.replace("NOTAMR A1200/24", "NOTAMN")


def unix(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


def clocks(text: str, begin: str = "2401200000", end: str = "2402200000") -> list[str]:
    """The first windows of a schedule, as day and hour."""
    found = notam.parse(
        f"A0001/24 NOTAMN\nQ) EGTT/QRTCA/IV/BO/W/000/100/5129N00028W005\nA) EGTT B) {begin}"
        f" C) {end}\nD) {text}\nE) X"
    )
    return [
        " ".join(datetime.fromtimestamp(t, UTC).strftime("%d%H%M") for t in window)
        for window in notam.expand(found).windows[:3]
    ]


def test_every_item_of_one() -> None:
    found = notam.parse(ONE)
    assert (found.series, found.number, found.year, found.kind) == ("A", 1234, 2024, "R")
    assert found.refers_to == "A1200/24"
    assert (found.fir, found.code, found.traffic, found.purpose, found.scope) == (
        *("EGTT", "QRTCA", "IV", "BO", "W"),
    )
    assert found.center == Position(lon=-28 / 60, lat=51 + 29 / 60)
    assert found.radius_nm == 5
    assert found.lower == Limit(Reference.SFC, 0)
    assert found.upper == Limit(Reference.MSL, 5000 * METRES_PER_FOOT)
    assert found.locations == ("EGTT",)
    assert found.effective == datetime(2024, 1, 20, 9, tzinfo=UTC)
    assert found.expires == datetime(2024, 1, 22, 17, tzinfo=UTC)
    assert found.estimated
    assert not found.permanent
    assert str(found.schedule) == "DAILY 0900-1700"
    assert "F) IS A LETTER" in found.text
    assert found.areas == (Circle(Position(-28 / 60, 51 + 29 / 60), 4 * 1852),)
    assert notam.created(ONE) == datetime(2024, 1, 15, 8, 30, tzinfo=UTC)


def test_its_zone() -> None:
    [zone] = notam.zones(NEW)
    assert isinstance(zone, Zone)
    assert (zone.id, zone.kind) == ("A1234/24", "QRTCA")
    assert [v.window for v in zone.volumes] == [
        (unix(2024, 1, day, 9), unix(2024, 1, day, 17)) for day in (20, 21, 22)
    ]
    assert zone.attributes["end"] == "estimated"
    assert zone.attributes["created"] == "2024-01-15T08:30:00Z"


def test_without_an_area_the_circle_stands_in_with_a_warning() -> None:
    zone, problem = notam.zones(NEW.replace("RADIUS", "SIZE"))
    assert isinstance(zone, Zone)
    assert zone.volumes[0].footprint == Circle(Position(-28 / 60, 51 + 29 / 60), 5 * 1852)
    assert zone.attributes["area"] == "Q-line circle"
    assert "no safe envelope" in str(problem)


@pytest.mark.parametrize("code", ["QMRLC", "QICAS", "QOBCE", "QLRAS", "QFAHW", "QKKKK"])
def test_what_is_not_about_airspace_is_no_zone_of_the_q_line(code: str) -> None:
    text = NEW.replace("QRTCA", code).replace("RADIUS", "SIZE")
    [problem] = notam.zones(text)
    assert f"no zone: {code} is not about airspace" in str(problem)
    zone = notam.zones(NEW.replace("QRTCA", code))[0]
    assert isinstance(zone, Zone)
    assert notam.parse(text).center is not None


def test_a_schedule_that_cannot_be_read_leaves_the_zone_active() -> None:
    text = NEW.replace("DAILY 0900-1700", "DURING EXERCISES")
    zone, problem = notam.zones(text)
    assert isinstance(zone, Zone)
    assert [v.window for v in zone.volumes] == [(unix(2024, 1, 20, 9), unix(2024, 1, 22, 17))]
    assert "item D" in str(problem)
    with pytest.raises(FormatError, match="DURING"):
        notam.parse(text)


# A series of one office: what each does, and to which.


def notice(
    number: str, kind: str = "N", other: str = "", begin: str = "20", fir: str = "EGTT"
) -> str:
    return (
        f"A000{number}/24 NOTAM{kind} {other and f'A000{other}/24'}\n"
        f"Q) {fir}/QRTCA/IV/BO/W/000/100/5129N00028W005\n"
        f"A) {fir} B) 2401{begin}0900{'' if kind == 'C' else ' C) 2401301700'}\nE) TEST\n"
    )


def spans(*notices: str) -> dict[str, tuple[float, float]]:
    """From which day of January 2024 until which each zone is active, by its identity."""
    found = [one for one in notam.zones("\n".join(notices)) if isinstance(one, Zone)]
    return {
        one.id: tuple((t - unix(2023, 12, 31, 9)) / 86400 for t in one.volumes[0].window)  # type: ignore[misc]
        for one in found
    }


def told(*notices: str) -> list[str]:
    found = notam.zones("\n".join(notices))
    return [str(p) for p in found if isinstance(p, Problem) and "item E" not in str(p)]


END = pytest.approx(30 + 8 / 24)


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ([notice("1"), notice("2", "C", "1", "22")], {"A0001/24": (20, 22)}),
        ([notice("2", "C", "1", "22"), notice("1")], {"A0001/24": (20, 22)}),
        (
            [notice("1"), notice("2", "R", "1", "22")],
            {"A0001/24": (20, 22), "A0002/24": (22, END)},
        ),
        (
            [notice("1"), notice("2", "R", "1", "22"), notice("3", "C", "2", "24")],
            {"A0001/24": (20, 22), "A0002/24": (22, 24)},
        ),
        (
            [notice("1"), notice("2", "C", "1", "25"), notice("3", "R", "1", "23")],
            {"A0001/24": (20, 23), "A0003/24": (23, END)},
        ),
        ([notice("1"), notice("2", "R", "1", "18")], {"A0002/24": (18, END)}),
        ([notice("1"), notice("2", "C", "1", "20")], {}),
        ([notice("1"), notice("2", "C", "1", "31")], {"A0001/24": (20, END)}),
        # another office has a notice of the same number
        (
            [notice("1"), notice("1", fir="LFFF"), notice("2", "C", "1", "22", fir="LFFF")],
            {"A0001/24": (20, END), "A0001/24-2": (20, 22)},
        ),
        # one that names no place may be meant by any
        (
            [notice("1"), "A0002/24 NOTAMC A0001/24\nB) 2401220900\nE) CNL\n"],
            {"A0001/24": (20, 22)},
        ),
    ],
)
def test_notices_that_are_cancelled_or_replaced_end(
    notices: list[str], expected: dict[str, tuple[float, float]]
) -> None:
    assert spans(*notices) == expected


def test_what_ended_a_notice_is_told_with_it() -> None:
    replaced, _, replacing, _ = notam.zones(notice("1") + notice("2", "R", "1", "22"))
    assert isinstance(replaced, Zone)
    assert isinstance(replacing, Zone)
    assert replaced.attributes["replaced_by"] == "A0002/24"
    assert replaced.attributes["ended"] == "2024-01-22T09:00:00Z"
    assert "cancelled_by" not in replaced.attributes
    assert "ended" not in replacing.attributes
    first, _ = notam.parse_many(notice("1") + notice("2", "C", "1", "22"))
    assert isinstance(first, notam.Notam)
    assert (first.cancelled_by, first.replaced_by) == ("A0002/24", None)
    assert first.ended == datetime(2024, 1, 22, 9, tzinfo=UTC)


def test_what_never_was_in_force_is_left_out_and_told_of() -> None:
    (left_out,) = told(notice("1"), notice("2", "C", "1", "18"))
    assert left_out.startswith("A0001/24: no zone: it is cancelled by A0002/24 at 2024-01-18T09")


def test_an_unknown_notice_is_told_of_and_the_replacing_one_counts() -> None:
    assert [*spans(notice("2", "R", "1"))] == ["A0002/24"]
    for kind, does in (("R", "replaces"), ("C", "cancels")):
        (problem,) = told(notice("2", kind, "1"))
        assert problem.startswith(f"line 1, A0002/24: it {does} A0001/24, which is not among")
    (elsewhere,) = told(notice("1"), notice("2", "R", "1", "22", fir="LFFF"))
    assert 'NOTAMs of this text for "LFFF"' in elsewhere
    (itself,) = told(notice("1", "R", "1"))
    assert "which is itself" in itself
    (undated,) = told(notice("1"), "A0002/24 NOTAMC A0001/24\nA) EGTT\nE) CNL\n")
    assert "no item B)" in undated


def test_a_cancellation_is_no_zone() -> None:
    assert spans(notice("1", "C", "9")) == {}
    assert notam.parse(notice("1", "C", "9")).refers_to == "A0009/24"


@pytest.mark.parametrize(
    ("schedule", "windows"),
    [
        ("H24", ["200000 200000"]),
        ("DAILY 2200-0500", ["200000 200500", "202200 210500", "212200 220500"]),
        ("BTN 0330-1430 DLY", ["200330 201430", "210330 211430", "220330 221430"]),
        ("MON-FRI 0800-1000 EXC TUE", ["220800 221000", "240800 241000", "250800 251000"]),
        ("SAT SUN 0800-1000 1200-1300", ["200800 201000", "201200 201300", "210800 211000"]),
        ("MON 0800-WED 1000", ["220800 241000", "290800 311000", "050800 071000"]),
        ("21, 23 0800-1000", ["210800 211000", "230800 231000"]),
        ("JAN 21 0800-0900, 1000-1100", ["210800 210900", "211000 211100"]),
        ("FRI-MON H24 EXC JAN 21", ["200000 210000", "220000 230000", "260000 300000"]),
        ("MON-FRI 0800-1600 EXC WED FRI", ["220800 221600", "230800 231600", "250800 251600"]),
        ("JAN 21 23 25 0900-1000", ["210900 211000", "230900 231000", "250900 251000"]),
        ("20-21 25 0900-1700", ["200900 201700", "210900 211700", "250900 251700"]),
        ("SAT H24 SUN 0800-1000", ["200000 210000", "210800 211000", "270000 280000"]),
        ("JAN 31 FEB 02 0800-0900", ["310800 310900", "020800 020900"]),
        ("MON TO FRI 0800 TO 1000", ["220800 221000", "230800 231000", "240800 241000"]),
        ("DAILY BTN 0800 AND 1000", ["200800 201000", "210800 211000", "220800 221000"]),
        ("MON: 0800-1000, 24: 0900-1000", ["220800 221000", "240900 241000", "290800 291000"]),
        ("MON 22 0800-1000", ["220800 221000"]),
        ("MON 22, WED 24 0800-1000", ["220800 221000", "240800 241000"]),
        (
            "SAT 20 SUN 21 0800-1000 JAN 22 MON H24",
            ["200800 201000", "210800 211000", "220000 230000"],
        ),
        ("SAT SUN 24 0800-1000", ["200800 201000", "210800 211000", "240800 241000"]),
        ("31 2200-0200, FEB 02 0800-2400", ["312200 010200", "020800 030000"]),
    ],
)
def test_schedules(schedule: str, windows: list[str]) -> None:
    assert clocks(schedule) == windows


@pytest.mark.parametrize(
    "schedule",
    [
        *("MON-FRI 0800-1000 EXC HOL AND WED", "MON-FRI 0800-1000 EXC HOL WED"),
        *("EXC FRI", "08-05 H24", "FEB 30 H24", "0860-0900", "MON-12 H24", "0800", "-"),
        *("HOL 0800-1000", "0800-1000 MON 1200-1400 TUE", "MON 0800-1000 PUBLIC HOLIDAYS"),
        "JAN 32 0800-0900",
    ],
)
def test_a_schedule_that_means_nothing_is_refused(schedule: str) -> None:
    with pytest.raises(FormatError):
        clocks(schedule)


def test_sunrise_less_minutes_however_it_is_spelt() -> None:
    plain = clocks("SR MINUS30-SS PLUS30")
    assert len(plain) == 3
    for text in ("SR-30 - SS+30", "SR-30-SS+30", "SR MINUS 30MIN-SS PLUS 30 MINS"):
        assert clocks(text) == plain
    over_night = clocks("20 SS-21 SR, 23 SS-24 SR")
    assert [window[:2] + window[7:9] for window in over_night] == ["2021", "2324"]


@pytest.mark.parametrize(
    "schedule",
    [
        "MON-FRI 0900-1000 EXC HOL",
        "MON-FRI 0900-1000, EXC PUBLIC HOLIDAYS",
        "MON-FRI 0900-1000 EXCEPT HOLS",
        "MON-FRI EXC HOL 0900-1000",
    ],
)
def test_holidays_are_not_known_and_the_zone_counts_as_active_on_them(schedule: str) -> None:
    text = NEW.replace("DAILY 0900-1700", schedule)
    zone, problem = notam.zones(text)
    assert isinstance(zone, Zone)
    assert [v.window for v in zone.volumes] == [(unix(2024, 1, 22, 9), unix(2024, 1, 22, 10))]
    assert "holidays are not known" in str(problem)
    assert str(notam.parse(text).schedule) == schedule


def test_sun_that_does_not_set_or_rise() -> None:
    far = NEW.replace("5129N00028W005", "7800N01500E005").replace("RADIUS", "SIZE")
    for month, schedule, count in (
        ("06", "HJ", 1),
        ("06", "HN", 0),
        ("01", "HJ", 0),
        ("01", "HN", 1),
    ):
        text = far.replace("DAILY 0900-1700", schedule).replace("2401", f"24{month}")
        assert len(notam.expand(notam.parse(text)).windows) == count


def test_a_daily_schedule_for_good_is_capped_and_told_of() -> None:
    zone, problem = notam.zones(NEW.replace("2401221700 EST", "PERM"))
    assert isinstance(zone, Zone)
    assert len(zone.volumes) == 1000
    assert "1000 times" in str(problem)
    [narrow] = notam.zones(NEW, between=(unix(2024, 1, 21), unix(2024, 1, 21, 12)))
    assert isinstance(narrow, Zone)
    assert [v.window for v in narrow.volumes] == [(unix(2024, 1, 21, 9), unix(2024, 1, 21, 12))]


def test_parts_are_one_and_missing_parts_are_told_of() -> None:
    part = "A0007/24 NOTAMN\nQ) EGTT/QRTCA/IV/BO/W/000/100/5129N00028W005\n"
    first = part + "A) EGTT PART 1 OF 2 B) 2401200900 C) PERM\nE) CIRCLE RADIUS 1NM\n"
    second = part + "A) EGTT PART 2 OF 2 B) 2401200900 C) PERM\nE) CENTRED ON 5129N00028W\n"
    whole = notam.parse(second + first)
    assert whole.areas == (Circle(Position(-28 / 60, 51 + 29 / 60), 1852),)
    assert whole.locations == ("EGTT",)
    assert notam.parse_many(first + second) == [whole]
    found, problem = notam.parse_many(first)
    assert isinstance(found, notam.Notam)
    assert "missing: 2" in str(problem)


@pytest.mark.parametrize("end", ["", "END PART 1 OF 2", "//END PART 1 OF 2//"])
def test_an_area_goes_on_in_the_next_part(end: str) -> None:
    head = "A0007/24 NOTAMN\nQ) EGTT/QRTCA/IV/BO/W/000/100/5129N00028W005\nA) EGTT"
    text = (
        f"({head} PART 1 OF 2 B) 2401200900 C) PERM\nE) AREA 5129N00028W 5139N00028W\n{end})\n"
        f"({head} PART 2 OF 2 B) 2401200900 C) PERM\nE) 5139N00008W\n"
        f"F) SFC G) UNL\n{end.replace('PART 1', 'PART 2')})\n"
    )
    places = (Position(-28 / 60, 51 + 29 / 60), Position(-28 / 60, 51.65), Position(-8 / 60, 51.65))
    found = notam.parse(text)
    assert found.areas == (Polygon(places),)
    assert found.upper == Limit(Reference.UNL, inf)


def test_a_notam_that_stands_there_twice_is_one_zone() -> None:
    other = NEW.replace("A1234", "A1235")
    found = notam.zones(NEW + other + NEW)
    assert [one.id for one in found if isinstance(one, Zone)] == ["A1234/24", "A1235/24"]
    assert "stands there twice" in str(found[-1])
    changed = notam.zones(NEW + NEW.replace("4NM", "5NM"))
    assert [type(one) for one in changed] == [Zone, Zone]


def test_many_with_an_envelope_and_a_broken_one() -> None:
    text = (
        f"ZCZC ABC123\nGG EGLLZPZX\n151542 EUECYIYN\n{NEW.partition('CREATED')[0]}\nNNNN\n"
        "A0002/24 NOTAMN A0001/24\nA) EGTT B) 2401200900 C) PERM\nE) X\n"
        + NEW.replace("/000/100/", "/000/")
    )
    kinds = [type(found) for found in notam.parse_many(text)]
    assert kinds == [notam.Notam, Problem, notam.Notam, Problem]
    assert "refers to no other" in str(notam.parse_many(text)[1])
    assert "line 13" in str(notam.parse_many(text)[1])


@pytest.mark.parametrize("brackets", ["()", "  "])
@pytest.mark.parametrize("after", ["", "\n----", "\n\nNOTAM 2 of 5 (page 1)", "\nNNNN\n\nZCZC"])
def test_lines_after_a_notam_leave_its_limits_alone(brackets: str, after: str) -> None:
    first, last = brackets[0], brackets[1]
    one = first + NEW.partition(")\nCREATED")[0].removeprefix("(") + last + after
    text = one + "\n" + one.replace("A1234", "A1235")
    uppers = [found.upper for found in notam.parse_many(text) if isinstance(found, notam.Notam)]
    assert uppers == [Limit(Reference.MSL, 5000 * METRES_PER_FOOT)] * 2


def test_a_line_of_item_e_that_ends_with_a_bracket_does_not_end_the_notam() -> None:
    found = notam.parse(NEW.split("\nCREATED")[0].replace("0002800W", "0002800W (LONDON)"))
    assert found.text.endswith("(LONDON)")
    assert found.upper == Limit(Reference.MSL, 5000 * METRES_PER_FOOT)


def test_a_limit_that_says_more_than_one_thing_is_told_of() -> None:
    twice = NEW.replace("5000FT AMSL", "500FT AGL (650FT AMSL)")
    found = notam.parse_many(twice)
    [problem] = [str(one) for one in found if isinstance(one, Problem)]
    assert 'item G: "500FT AGL (650FT AMSL)" is no limit' in problem
    assert "the limit of the Q-line stands in" in problem


CORNERS = (
    Position(-0.5, 51.4),
    Position(-0.3, 51.4001),
    Position(-0.2, 51.6),
    Position(-0.45, 51.55),
)
LIMITS = st.one_of(
    st.integers(1, 400).map(lambda level: Limit(Reference.FL, level * 100 * METRES_PER_FOOT)),
    st.floats(0, 9000).map(lambda m: Limit(Reference.MSL, round(m, 3))),
    st.floats(0, 900).map(lambda m: Limit(Reference.AGL, round(m, 3))),
)
PLACES = st.builds(Position, st.floats(-180, 180), st.floats(-85, 85))


def shape(place: Position, kind: str, metres: float) -> Footprint:
    if kind == "circle":
        return Circle(place, metres)
    way = tuple(Position((place.lon + x + 360) % 360 - 180, place.lat + y - 51) for x, y in CORNERS)
    return Polygon(way) if kind == "polygon" else Corridor(way[:3], metres / 5)


footprints = st.builds(
    shape, PLACES, st.sampled_from(["circle", "polygon", "corridor"]), st.floats(50, 200_000)
)


@settings(max_examples=60)
@given(
    st.lists(footprints, min_size=1, max_size=1),
    LIMITS,
    st.lists(st.integers(1, 5000), min_size=2, max_size=8, unique=True).map(sorted),
    st.text(max_size=30),
)
def test_a_draft_says_what_the_zone_is(
    areas: list[Footprint], upper: Limit, minutes: list[int], name: str
) -> None:
    band = (
        Band(Limit(Reference.SFC, 0), upper)
        if upper.metres
        else Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf))
    )
    start = unix(2024, 11, 20)
    windows = [
        (start + a * 60, start + b * 60) for a, b in zip(minutes[::2], minutes[1::2], strict=False)
    ]
    zone = Zone("z", name, tuple(Volume(a, band, w) for a in areas for w in windows))
    text = notam.draft(zone, fir="EGTT")
    back = notam.zones(text)
    assert len(back) == 1, (text, back)
    assert isinstance(back[0], Zone)
    assert [v.window for v in back[0].volumes] == [v.window for v in zone.volumes]
    for ours, theirs in zip(zone.volumes, back[0].volumes, strict=True):
        assert theirs.band.upper.reference is ours.band.upper.reference
        assert theirs.band.upper.metres == pytest.approx(ours.band.upper.metres, abs=0.01)
        check_same(ours.footprint, theirs.footprint)
    check_circle(notam.parse(text), areas)
    assert max(len(line) for line in text.split("\n") if not line.startswith("Q)")) <= 69


def check_same(ours: Footprint, theirs: Footprint) -> None:
    assert type(ours) is type(theirs)
    if isinstance(ours, Circle) and isinstance(theirs, Circle):
        assert distance_m(ours.center, theirs.center) < 0.01
        assert theirs.radius_m == pytest.approx(ours.radius_m, abs=0.01)
    if isinstance(ours, Corridor) and isinstance(theirs, Corridor):
        assert theirs.width_m == pytest.approx(ours.width_m, abs=0.01)
        pairs = zip(ours.route, theirs.route, strict=True)
        assert all(distance_m(a, b) < 0.01 for a, b in pairs)
    if isinstance(ours, Polygon) and isinstance(theirs, Polygon):
        pairs = zip(ours.exterior, theirs.exterior, strict=True)
        assert all(distance_m(a, b) < 0.01 for a, b in pairs)


def check_circle(found: notam.Notam, areas: list[Footprint]) -> None:
    """The Q-line's circle of a draft holds the areas."""
    assert found.center is not None
    assert found.radius_nm is not None
    for area in areas:
        away = distance_m(found.center, area.cap.centre)
        assert away - area.cap.radius_m <= found.radius_nm * 1852.0
        if isinstance(area, Polygon):
            assert all(
                distance_m(found.center, p) <= found.radius_nm * 1852.0 for p in area.exterior
            )
        if isinstance(area, Circle):
            assert away + area.radius_m <= found.radius_nm * 1852.0 + 0.01


def test_a_draft_of_several_areas_in_words() -> None:
    band = Band(Limit(Reference.FL, 1524.0), Limit(Reference.FL, 3048.0))
    areas = (
        Circle(Position(-0.5, 51.5), 9260),
        Polygon(CORNERS),
        Corridor(CORNERS[:2], 3704),
        Polygon(tuple(Position(x, y + 1) for x, y in CORNERS)),
    )
    windows = [(unix(2024, 1, d, 22), unix(2024, 1, d + 1, 4)) for d in (20, 21, 22)]
    zone = Zone("z", "EXC RADIUS 5NM", tuple(Volume(a, band, w) for w in windows for a in areas))
    text = notam.draft(zone, fir="EGTT", number=2, kind="R", refers_to="A0001/24")
    assert text.startswith(
        "A0002/24 NOTAMR A0001/24\nQ) EGTT/QRTCA/IV/BO/W/050/100/5200N00021W038\n"
        "A) EGTT B) 2401202200 C) 2401230400\nD) DAILY 2200-0400\nE) TEMPO RESTRICTED AREA"
    )
    assert "1. CIRCLE RADIUS 5NM CENTRED ON 513000N0003000W" in text
    assert "3. 1NM EITHER SIDE OF LINE" in text
    assert text.endswith("F) FL050 G) FL100")
    back, unknown = notam.zones(text)
    assert isinstance(back, Zone)
    assert "replaces A0001/24" in str(unknown)
    assert [v.window for v in back.volumes] == [v.window for v in zone.volumes]
    for ours, theirs in zip(zone.volumes, back.volumes, strict=True):
        check_same(ours.footprint, theirs.footprint)


def test_a_grown_polygon_is_drafted_by_its_outline() -> None:
    area = Polygon(CORNERS).buffer(5000)
    zone = Zone("z", "", (Volume(area, _low(), (unix(2024, 1, 1), inf)),))
    [back] = notam.zones(notam.draft(zone, fir="EGTT"))
    assert isinstance(back, Zone)
    assert back.volumes[0].footprint.area_km2 == pytest.approx(area.area_km2, rel=1e-3)
    assert back.volumes[0].window == (unix(2024, 1, 1), inf)


def one_of(name: str = "", **attributes: str) -> Zone:
    window = unix(2024, 1, 1), unix(2024, 1, 2)
    return Zone("z", name, (Volume(Circle(Position(0, 0), 900), _low(), window),), "", attributes)


def test_an_estimated_end_stays_one_in_a_draft() -> None:
    text = notam.draft(one_of(end="estimated"), fir="EGTT")
    assert "C) 2401020000 EST\n" in text
    [back] = notam.zones(text)
    assert isinstance(back, Zone)
    assert back.attributes["end"] == "estimated"


def test_no_line_of_a_draft_is_too_long_where_its_name_is() -> None:
    text = notam.draft(one_of("A very long name " * 8), fir="EGTT")
    assert max(map(len, text.split("\n"))) <= 69


@pytest.mark.parametrize("number", [0, 10_000])
def test_a_number_has_four_digits(number: int) -> None:
    with pytest.raises(FormatError, match=f"from 1 to 9999, not {number}; go on in another series"):
        notam.draft(one_of(), fir="EGTT", number=number)


def _low() -> Band:
    return Band(Limit(Reference.SFC, 0), Limit(Reference.AGL, 120))


@pytest.mark.parametrize(
    ("volumes", "why"),
    [
        ([Volume(Circle(Position(0, 0), 900), _low())], "no start"),
        ([Volume(Circle(Position(0, 0), 4e6), _low(), (1.7e9, 1.8e9))], "999"),
        (
            [
                Volume(Circle(Position(0, 0), 900), _low(), (1.7e9, 1.8e9)),
                Volume(Circle(Position(1, 0), 900), _low(), (1.7e9, 1.75e9)),
            ],
            "different times",
        ),
        (
            [
                Volume(
                    Circle(Position(0, 0), 900),
                    Band(Limit(Reference.SFC, 0), Limit(Reference.W84, 900)),
                    (1.7e9, 1.8e9),
                )
            ],
            "cannot say",
        ),
    ],
)
def test_what_a_notam_cannot_say_is_refused(volumes: list[Volume], why: str) -> None:
    with pytest.raises(FormatError, match=why):
        notam.draft(Zone("z", "", tuple(volumes)), fir="EGTT")
