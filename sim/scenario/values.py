"""How what stands in a scenario file, a text, a list or a mapping, becomes a typed value.

Every reader raises :class:`~sim.errors.InputError` with ``at`` the keys below the value.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import PlainValidator

from sim import units
from sim.errors import InputError, UnitError, described, did_you_mean
from sim.geometry.altitude import Limit, Reference
from sim.scenario.draws import read_distribution
from sim.units import Position, Time

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.distributions import Distribution

_T = TypeVar("_T")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NO_ID = re.compile(r"[^A-Za-z0-9_-]+")
_BETWEEN = re.compile(r"\s*(?:,|-|\bto\b)\s*")
_SHIFT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])Z?\s?-\s?([01][0-9]|2[0-4]):([0-5][0-9])Z?")
FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_COUNT = re.compile(r"[0-9]{1,9}")
_LARGEST_COUNT = 10_000  # lines, officers, attempts or repeats; more is a slip of the pen
_ALMOST_NEVER = 1e-9  # a quantile that no draw of a run comes near
_SHORTEST_EXTENSION_S = 60.0  # a day more is then 1,440 versions; of 1 ms it is millions
_QNH_HPA = (850.0, 1100.0)  # wider than any pressure observed at sea level


def text(value: object) -> str:
    """Take a text as it stands."""
    if not isinstance(value, str):
        raise UnitError(f"expected a text, found {described(value)}")
    return value


def scalar(value: object) -> str:
    """Take the one text that a scalar is written as."""
    if not isinstance(value, str):
        raise UnitError(f"expected one value, found {described(value)}")
    return value


def file_name(value: object) -> str:
    """Take the name of a file."""
    name = scalar(value)
    if not name.strip():
        raise UnitError("nothing stands here: expected a file's name")
    return name


def is_id(name: str) -> bool:
    """Tell whether a text can be an id."""
    return _ID.fullmatch(name) is not None


def identifier(value: object) -> str:
    """Take an id."""
    name = scalar(value)
    if not is_id(name):
        meant = _NO_ID.sub("-", name.strip())
        raise UnitError(
            f"{described(name)} is no id: expected a letter, then letters, digits, _ or -",
            hint=f"write {meant}" if is_id(meant) else "",
        )
    return name


def counted(value: object, least: int, most: int) -> int:
    """Take a whole number from ``least`` to ``most``."""
    digits = scalar(value).strip()
    if not _COUNT.fullmatch(digits) or not least <= int(digits) <= most:
        raise UnitError(
            f"{described(digits)} is no count: expected a whole number from {least} to {most}"
        )
    return int(digits)


def count(value: object) -> int:
    """Take a whole number from 1."""
    return counted(value, 1, _LARGEST_COUNT)


def whole(value: object) -> int:
    """Take a whole number from 0."""
    return 0 if scalar(value).strip() == "0" else count(value)


def flag(value: object) -> bool:
    """Take true or false."""
    word = scalar(value).strip()
    if word not in FLAGS:
        raise UnitError(f"{described(word)} is neither true nor false")
    return FLAGS[word]


def version(value: object) -> int:
    """Take the version of the format, of which there is one."""
    if scalar(value).strip() != "1":
        raise UnitError(f"{described(value)} is no version that this keepout reads: expected 1")
    return 1


def choice(names: tuple[str, ...]) -> PlainValidator:
    """Take one of a few words."""

    def read(value: object) -> str:
        word = scalar(value).strip()
        if word not in names:
            raise UnitError(
                f"{described(word)} is none of the choices here: expected {' or '.join(names)}",
                hint=did_you_mean(word, names),
            )
        return word

    return PlainValidator(read)


def plain(
    quantity: Callable[[str], float], *, least: float = -math.inf, above: float = -math.inf
) -> PlainValidator:
    """Take a plain quantity, and none below ``least`` or at ``above``."""

    def read(value: object) -> float:
        size = quantity(scalar(value))
        if size < least:
            raise UnitError(f"{described(value)} is negative: expected 0 or more")
        if size <= above:
            raise UnitError(f"{described(value)} is too small: expected more than 0")
        return size

    return PlainValidator(read)


def drawable(quantity: Callable[[str], float], *, least: float = -math.inf) -> PlainValidator:
    """Take a plain quantity or a distribution, and none that can fall below ``least``."""

    def read(value: object) -> Distribution:
        drawn = read_distribution(value, quantity)
        if drawn.lower < least:
            if isinstance(value, dict):
                raise InputError(
                    "this distribution can be negative, which is impossible here",
                    hint="give it a min of 0",
                )
            raise UnitError(f"{described(value)} is negative: expected 0 or more")
        return drawn

    return PlainValidator(read)


def chance(value: object) -> Distribution:
    """Take a probability, or a distribution that stays within 0 and 1."""
    drawn = read_distribution(value, units.probability)
    if drawn.lower < 0.0 or drawn.upper > 1.0:
        raise InputError(
            "this distribution can leave 0 to 1, which is impossible for a probability",
            hint="give it a min of 0 and a max of 1",
        )
    return drawn


def ground_speed(value: object) -> Distribution:
    """Take a speed, or a distribution of which no draw is 0 or less."""
    drawn = read_distribution(value, units.speed)
    if drawn.ppf(_ALMOST_NEVER) <= 0.0:
        if isinstance(value, dict):
            raise InputError(
                "this distribution can be 0 or negative, which is impossible for a speed",
                hint="give it a min above 0",
            )
        raise UnitError(f"{described(value)} is too small: expected more than 0")
    return drawn


def position(value: object) -> Position:
    """Take a position as a text, as a list of its two parts, or as a mapping."""
    if isinstance(value, list):
        return units.position(" ".join(str(part) for part in value))
    if not isinstance(value, dict):
        return units.position(scalar(value))
    if set(value) != {"lat", "lon"}:
        raise UnitError(
            "a position as a mapping has the keys lat and lon, and no other",
            hint="write such as {lat: 36.3, lon: 36.7}",
        )
    for key, limit in (("lat", 90.0), ("lon", 180.0)):
        try:
            size = units.number(scalar(value[key]))
        except UnitError as error:
            raise UnitError(error.message, at=(key,), hint=error.hint) from None
        if abs(size) > limit:
            raise UnitError(
                f"{described(value[key])} is out of range: "
                f"expected -{limit:g} to {limit:g} degrees",
                at=(key,),
            )
    return Position(float(value["lon"]) + 0.0, float(value["lat"]) + 0.0)


def altitude(value: object) -> Limit:
    """Take one limit in altitude."""
    reference, metres = units.altitude(scalar(value))
    return Limit(Reference(reference), metres)


def band(value: object) -> tuple[Limit, Limit]:
    """Take a lower and an upper limit."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - lower and upper
        raise UnitError(
            f"expected a lower and an upper limit such as [SFC, FL180], found {_counted(value)}",
            hint=_band_meant(value),
        )
    return _item(0, value[0], altitude), _item(1, value[1], altitude)


def _band_meant(value: object) -> str:
    """Suggest the list that two limits in one text mean, or no comma within a number."""
    if isinstance(value, list):
        is_cut = len(value) > 2  # noqa: PLR2004 - lower and upper
        return "write numbers without a comma, and two limits" if is_cut else ""
    ends = _BETWEEN.split(value.strip("[] ")) if isinstance(value, str) else []
    try:
        band(ends)
    except UnitError:
        return ""
    return f"write [{' '.join(ends[0].split())}, {' '.join(ends[1].split())}]"


def levels(value: object) -> tuple[Limit, ...]:
    """Take one limit, or several of which each movement has one."""
    if not isinstance(value, list):
        return (altitude(value),)
    if not value:
        raise UnitError("expected an altitude such as FL240, or several, found none")
    return tuple(_item(place, one, altitude) for place, one in enumerate(value))


def qnh(value: object) -> float:
    """Take a pressure that can be at sea level."""
    size = units.pressure(scalar(value))
    low, high = _QNH_HPA
    if not low <= size <= high:
        raise UnitError(
            f"{described(value)} is no pressure at sea level: expected {low:g} to {high:g} hPa"
        )
    return size


def extension(value: object) -> float:
    """Take by how much a zone is extended at a time."""
    size = units.duration(scalar(value))
    if size < _SHORTEST_EXTENSION_S:
        raise UnitError(
            f"{described(value)} is too short: expected 1 min or more, "
            "as each extension is a new version of the zone",
            hint="write such as 30 min",
        )
    return size


def daily_hours(value: object) -> tuple[tuple[float, float], ...]:
    """Take daily hours in UTC, as seconds since midnight; one shift or a list of them."""
    shifts = [value] if isinstance(value, str) else value
    if not isinstance(shifts, list):
        raise UnitError(f"expected hours such as 06:00-18:00, found {described(value)}")
    return tuple(_item(place, one, _shift) for place, one in enumerate(shifts))


def _shift(value: object) -> tuple[float, float]:
    match = _SHIFT.fullmatch(scalar(value).strip())
    if match is None:
        raise UnitError(f"{described(value)} are no hours: expected such as 06:00-18:00, in UTC")
    hours = [int(part) for part in match.groups()]
    opens, closes = hours[0] * 3600.0 + hours[1] * 60.0, hours[2] * 3600.0 + hours[3] * 60.0
    if opens == closes:
        raise UnitError(f"{described(value)} end as they begin", hint="leave hours out for always")
    return opens, closes


def start(value: object) -> Time:
    """Take the instant that others count from."""
    moment = units.instant(scalar(value))
    if moment.relative:
        raise UnitError(
            f"{described(value)} counts from the start, which this is: "
            "expected a time such as 2022-02-02T18:00Z"
        )
    return moment


def instant(value: object) -> Time:
    """Take an instant, absolute or counted from the start."""
    return units.instant(scalar(value))


def ids(value: object) -> tuple[str, ...]:
    """Take a list of ids, or one id as a list of one."""
    if isinstance(value, str) and value.strip():
        return (identifier(value),)
    if not isinstance(value, list):
        raise UnitError(f"expected an id or a list of ids, found {described(value)}")
    return tuple(_item(place, one, identifier) for place, one in enumerate(value))


def pair(value: object) -> tuple[str, str]:
    """Take two different parties."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - the two ends
        raise UnitError(f"expected two parties such as [a, b], found {_counted(value)}")
    first, second = ids(value)
    if first == second:
        raise UnitError(f"expected two different parties, found {described(first)} twice")
    return first, second


def exempt(value: object) -> tuple[str, ...]:
    """Take parties, tags and flights; one repeat of a flight has its number behind it."""
    if not isinstance(value, list):
        raise UnitError(
            f"expected a list of parties, flights and tags, found {described(value)}",
            hint=_listed(value),
        )

    def read(one: object) -> str:
        name, mark, number = scalar(one).partition("#")
        if mark and not _COUNT.fullmatch(number):
            raise UnitError(f"{described(one)} names no repeat: expected such as patrol#1")
        return identifier(name) + mark + number

    return tuple(_item(place, one, read) for place, one in enumerate(value))


def several(names: tuple[str, ...]) -> PlainValidator:
    """Take a list of some of a few words, each once."""
    return several_of(choice(names).func, ", ".join(names[:2]))


def several_of(read_one: Callable[..., str], example: str) -> PlainValidator:
    """Take a list of words of one kind, each once."""

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise UnitError(
                f"expected a list such as [{example}], found {described(value)}",
                hint=_listed(value),
            )
        words: list[str] = []
        for place, one in enumerate(value):
            word: str = _item(place, one, read_one)
            if word in words:
                raise UnitError(f"{described(one)} stands here twice", at=(place,))
            words.append(word)
        return tuple(words)

    return PlainValidator(read)


def _item(place: int, value: object, read: Callable[..., _T]) -> _T:
    """Read one item of a list; a fault says which."""
    try:
        return read(value)
    except InputError as error:
        raise UnitError(error.message, at=(place, *error.at), hint=error.hint) from None


def _listed(value: object) -> str:
    """Suggest the list of one that an id or a word alone means."""
    return f"write [{value}]" if isinstance(value, str) and is_id(value) else ""


def _counted(value: object) -> str:
    """Name what was found where a list of a certain length is expected."""
    return f"{len(value)} of them" if isinstance(value, list) else described(value)
