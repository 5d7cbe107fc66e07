"""The published NOTAM texts decode as their sources state; skipped in a clone without them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sim.errors import FormatError
from sim.formats import notam
from sim.formats.sun import EVENTS, sun_event
from sim.geometry.altitude import Limit, Reference
from sim.units import METRES_PER_FOOT, Position

FILE = Path(__file__).parents[3] / "shared" / "data" / "notam" / "cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["cases"] if FILE.exists() else []
PLACE = Position(-0.5, 51.5)
QUALIFIERS = "Q) EGTT/QRTCA/IV/BO/W/000/999/5130N00030W005"
DAY_S = 86400.0
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LETTERS = {
    "ifr_and_vfr": "IV",
    "vfr": "V",
    "immediate_attention": "N",
    "operational_significance": "B",
    "flight_operations": "O",
    "miscellaneous": "M",
    "aerodrome": "A",
    "en_route": "E",
}

Q_CODE = {
    "runway": "MR",
    "movement_and_landing_area": "M",
    "closed": "LC",
    "limitations": "L",
}


def test_there_are_cases() -> None:
    if not FILE.exists():
        pytest.skip("../shared/data/notam is not beside this clone")
    assert len(CASES) == 52


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_text_decodes_as_its_source_states(case: dict[str, Any]) -> None:
    expected = dict(case["expected"])
    text = case["text"]
    base = expected.pop("base", None)
    if base:
        start = datetime.fromisoformat(base).replace(tzinfo=UTC)
        item = text if text.startswith("D)") else f"D) {text}"
        text = f"{QUALIFIERS}\nA) EGTT B) {start:%y%m%d%H%M} C) 0103010000\n{item}"
    if expected.pop("error", False):
        with pytest.raises(FormatError):
            notam.parse(text)
        return
    if "count" in expected:
        many = notam.parse_many(text)
        assert len(many) == expected["count"]
        assert [identity(n) for n in many if isinstance(n, notam.Notam)] == expected["ids"]
        return
    if "items" in expected:
        assert notam.itemize(text) == expected["items"]
        assert notam.parse(text).text in expected["items"][5]
        return
    found = notam.parse(text)
    if base:
        start_day = datetime.fromisoformat(base).date()
        assert minutes(notam.expand(found).windows, start_day) == stated(expected, start_day)
        return
    for name, value in expected.items():
        assert decoded(found, text, name) == as_written(name, value, decoded(found, text, name))


def identity(found: notam.Notam) -> str:
    assert found.number is not None
    assert found.year is not None
    return f"{found.series}{found.number:04d}/{found.year % 100:02d}"


def decoded(found: notam.Notam, text: str, name: str) -> Any:
    limit = found.lower or found.upper
    values: dict[str, Any] = {
        "id": lambda: identity(found),
        "type": lambda: found.kind,
        "replaces": lambda: found.refers_to if found.kind == "R" else None,
        "cancels": lambda: found.refers_to if found.kind == "C" else None,
        "qcode": lambda: found.code,
        "traffic_raw": lambda: found.traffic,
        "purpose_raw": lambda: found.purpose,
        "scope_raw": lambda: found.scope,
        "lower": lambda: in_words(found.lower),
        "upper": lambda: in_words(found.upper),
        "lower_ft": lambda: feet(found.lower),
        "upper_ft": lambda: feet(found.upper),
        "limit": lambda: size(limit),
        "unit": lambda: unit(limit),
        "reference": lambda: {"FL": "STD", "MSL": "AMSL", "AGL": "AGL"}.get(str(of(limit))),
        "subject": lambda: (found.code or "")[1:3],
        "subject_group": lambda: (found.code or "")[1:2],
        "condition": lambda: (found.code or "")[3:5],
        "condition_group": lambda: (found.code or "")[3:4],
        "center": lambda: [round(found.center.lat, 8), round(found.center.lon, 8)],  # type: ignore[union-attr]
        "center_lat_between": lambda: found.center.lat,  # type: ignore[union-attr]
        "center_lon_between": lambda: found.center.lon,  # type: ignore[union-attr]
        "body_contains": lambda: found.text,
        "part_index": lambda: notam.part(text)[0],  # type: ignore[index]
        "part_index_max": lambda: notam.part(text)[1],  # type: ignore[index]
    }
    return values[name]() if name in values else getattr(found, name)


def as_written(name: str, value: Any, found: Any) -> Any:
    """What a case states, in the form that we give it; the Q-code's words by their letters."""
    if name in {"effective", "expires"}:
        return value and datetime.fromisoformat(value)
    if name in {"traffic", "purpose", "scope"}:
        return "".join(LETTERS[word] for word in ([value] if isinstance(value, str) else value))
    if name.endswith("_between"):
        return found if value[0] <= found <= value[1] else value
    if name == "body_contains":
        return found if value in found else value
    if name == "locations":
        return tuple(value)
    return Q_CODE.get(value, value) if isinstance(value, str) else value


def of(limit: Limit | None) -> Reference:
    assert limit is not None
    return limit.reference


def feet(limit: Limit | None) -> float:
    assert limit is not None
    return round(limit.metres / METRES_PER_FOOT)


def in_words(limit: Limit | None) -> str:
    return {Reference.SFC: "GROUND", Reference.UNL: "UNLIMITED"}[of(limit)]


def size(limit: Limit | None) -> Any:
    if of(limit) in {Reference.SFC, Reference.UNL}:
        return in_words(limit)
    return feet(limit) / (100 if of(limit) is Reference.FL else 1)


def unit(limit: Limit | None) -> str | None:
    return {Reference.SFC: None, Reference.UNL: None, Reference.FL: "FL"}.get(of(limit), "ft")


def minutes(windows: tuple[tuple[float, float], ...], first: date) -> set[int]:
    """The minutes of a year that windows cover, counted from a day."""
    zero = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
    return {
        minute
        for start, end in windows
        for minute in range(round((start - zero) / 60), round((end - zero) / 60))
        if minute < 366 * 1440
    }


def stated(expected: dict[str, Any], first: date) -> set[int]:
    """The minutes of the year that a case's own decoding makes active."""
    found: set[int] = set()
    for i in range(366):
        day = first + timedelta(days=i)
        for schedule in expected["schedules"]:
            if any(is_on(word, day) for word in schedule["actives"]) and not any(
                is_on(word, day) for word in schedule["inactives"]
            ):
                for times in schedule["times_utc"]:
                    begin, end = (instant(word, day) for word in edges(times))
                    found.update(range(i * 1440 + begin, i * 1440 + end))
    begin = datetime.fromisoformat(expected.get("base", "2000-02-01")).hour * 60
    return {minute for minute in found if minute >= begin}


def is_on(word: str, day: date) -> bool:
    first, _, last = word.partition("..")
    if word == "any":
        return True
    if first in DAYS:
        low, high = DAYS.index(first), DAYS.index(last or first)
        return low <= day.weekday() <= high
    return date.fromisoformat(first) <= day <= date.fromisoformat(last or first)


def edges(times: str) -> list[str]:
    return times.split("..") if ".." in times else times.split("-")


def instant(word: str, day: date) -> int:
    if not word.startswith("sun"):
        return int(word[:2]) * 60 + int(word[3:])
    offset = int(word.removeprefix("sunrise").removeprefix("sunset").removesuffix("min") or 0)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    event = sun_event(PLACE, EVENTS["SR" if word.startswith("sunrise") else "SS"], midnight)
    assert event is not None
    return round(event % DAY_S / 60) + offset
