"""What the command reads: scenarios, sweeps and changes, from files, standard input and options."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.errors import GeometryError, InputError, VerticalError

# Nothing heavier at the top: --help answers in a blink.
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.scenario.schema import Scenario
    from sim.sweeps.reader import Study


def read(file: str) -> Scenario:
    """Read a scenario from a file, or from standard input for ``-``."""
    from sim.scenario.reader import loads  # noqa: PLC0415
    from sim.sweeps.kind import is_sweep  # noqa: PLC0415

    text = text_of(file)
    if is_sweep(text):
        raise InputError(
            f"{name_of(file)}: a sweep file, where a scenario is expected",
            hint=f"run it by keepout sweep {shlex.quote(file)} --out results",
        )
    scenario = loads(text, name_of(file), os.path.dirname(file))  # noqa: PTH120 - quick
    tell_of_sides(scenario)
    return scenario


def tell_of_sides(scenario: Scenario) -> None:
    """Tell what of the files beside a scenario could not be read, or is of no use."""
    for line in scenario.sides.told:
        terminal.tell(line)


def checked_scenario(file: str, text: str) -> str:
    """Read a scenario, warn of what looks odd, and say what it holds."""
    from sim.scenario.reader import loads  # noqa: PLC0415

    scenario = loads(text, name_of(file), os.path.dirname(file))  # noqa: PTH120 - quick
    tell_of_sides(scenario)
    warn_of_remote_zones(file, scenario)
    return _contents(scenario)


def checked_sweep(file: str, text: str) -> str:
    """Read a sweep, and say how many runs it is, and about how long."""
    from sim.sweeps.sizing import sweep_summary  # noqa: PLC0415

    with about(file):
        return sweep_summary(sweep_of(file, text))


def sweep_of(file: str, text: str) -> Study:
    """Read a sweep, its scenario and its table; from standard input, seen from here."""
    from sim.sweeps.reader import loads_sweep  # noqa: PLC0415

    study = loads_sweep(text, name_of(file), os.path.dirname(file))  # noqa: PTH120 - quick
    tell_of_sides(study.scenario)
    return study


def text_of(file: str) -> str:
    """Give the text of a file, or of standard input for ``-``."""
    from sim.scenario.reader import read_text  # noqa: PLC0415
    from sim.scenario.tree import LARGEST_BYTES, decode  # noqa: PLC0415

    if file != "-":
        return read_text(file)
    return decode(sys.stdin.buffer.read(LARGEST_BYTES + 1), name_of(file))


def name_of(file: str) -> str:
    """Give what a file is called in messages."""
    return "<stdin>" if file == "-" else file


@contextmanager
def about(file: str) -> Iterator[None]:
    """Name the file in what is wrong with it that only planning or running finds out."""
    try:
        yield
    except (GeometryError, VerticalError) as error:
        raise InputError(f"{name_of(file)}: {error.message}", hint=error.hint) from error


@contextmanager
def of_option(option: str, text: str) -> Iterator[None]:
    """Name the option in what is wrong with its value."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{option} {text}: {error.message}", hint=error.hint) from error


def warn_of_remote_zones(file: str, scenario: Scenario) -> None:
    """Warn of zones that nothing of another party comes anywhere near."""
    from sim.scenario.nearness import is_surely_near  # noqa: PLC0415

    if is_surely_near(scenario):
        return  # and the geometry need not be imported
    from sim.findings.remote import find_remote_zones  # noqa: PLC0415
    from sim.scenario.plan import prepare  # noqa: PLC0415
    from sim.units import show_length  # noqa: PLC0415

    with about(file):
        found = find_remote_zones(prepare(scenario))
    for one in found:
        terminal.tell(
            f"{file}: zone {one.zone}: nothing of another party comes nearer to it than "
            f"{show_length(one.distance_m)} ({one.kind} {one.nearest}); "
            "check that latitudes and longitudes are not swapped"
        )


def read_both(
    file: str,
    other: str | None,
    *,
    both: Sequence[str] = (),
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> tuple[Scenario, Scenario]:
    """Read two scenarios that are to be compared, of one file where no other is given.

    Parameters
    ----------
    both, before, after
        ``PATH=VALUE`` that changes each of them, the first and the second.
    """
    if other is None and not before and not after:
        raise InputError(
            f"{file}: nothing to compare it with",
            hint='give another FILE, or --after "zones.raid-area.notices.first.lead=30 min", say',
        )
    if file == other == "-":
        raise InputError("-: standard input can be read once", hint="give one FILE by its name")
    one = read(file).replace(changes_of(both))
    two = one if other is None else read(other).replace(changes_of(both))
    return (
        one.replace(changes_of(before, "--before")),
        two.replace(changes_of(after, "--after")),
    )


def window_of(times: Sequence[str] | None) -> tuple[float, float] | None:
    """Read two instants of ``--between``, as Unix times."""
    from sim.scenario.published import moment  # noqa: PLC0415

    if times is None:
        return None
    with of_option("--between", " ".join(times)):
        start, end = map(moment, times)
        if start >= end:
            raise InputError("expected the earlier time first")
    return start, end


def changes_of(texts: Sequence[str], option: str = "--set") -> dict[str, object]:
    """Take ``PATH=VALUE`` apart at its first equals sign."""
    from sim.scenario.tree import parse_value  # noqa: PLC0415

    changes: dict[str, object] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not (path.strip() and equals and value.strip()):
            raise InputError(
                f"{option} {text}: expected PATH=VALUE",
                hint=f'for example {option} "zones.raid-area.notices.first.lead=30 min"',
            )
        with of_option(option, text):
            changes[path.strip()] = parse_value(value)
    return changes


def _contents(scenario: Scenario) -> str:
    """Count what a scenario holds: ``3 parties, 1 zone``."""
    counts = {
        "party/parties": len(scenario.parties),
        "channel/channels": len(scenario.channels),
        "operation/operations": len(scenario.operations),
        "zone/zones": len(scenario.zones) + len(scenario.sides.zones),
        "flight/flights": len(scenario.flights),
    }
    return ", ".join(
        f"{count} {words.split('/')[count != 1]}" for words, count in counts.items() if count
    )
