"""The printed table: who took how long, beside us, and whether the answers agree."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.agreement import Agreement
    from tests.bench.timing import Party

_MOST = 5  # differences that are named
_WIDE = 45


def write(text: str = "") -> None:
    """Write one line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def head(title: str, each: str) -> None:
    """Write a title and the names of the columns."""
    write(f"\n{title}")
    columns = f"{'median':>12}{'n':>4}{'us/' + each:>11}{'/ ours':>11}{'/ ready':>11}"
    write(f"{'':<{_WIDE}}{columns}  answers")


def row(party: Party, us: Sequence[Party], answers: Agreement | str) -> None:
    """Write a row, with the ratios of the time for one volume or leg to each of ours."""
    wrong = not isinstance(answers, str) and bool(answers.wrong)
    ratios = [f"{party.each / one.each:10.3g}x" for one in us]
    if wrong or party in us or not us:
        ratios = [f"{'-':>11}"] * 2
    took = f"{party.seconds * 1000:9,.1f} ms{len(party.times):4}{party.each * 1e6:11.3f}"
    write(f"{party.name:<{_WIDE}}{took}{''.join(ratios)}  {answers}")
    if not isinstance(answers, str):
        _differences(party.name, answers)


def left_out(who: str, reason: str) -> None:
    """Write a row for one who was not asked."""
    write(f"{who:<{_WIDE}}  left out: {reason}")


def _differences(who: str, agreement: Agreement) -> None:
    """Name what two answers differ in."""
    for kind, told in (("under 1 cm", agreement.shallow), ("UNEXPLAINED", agreement.wrong)):
        for text in told[:_MOST]:
            write(f"    {who}, {kind}: {text}")
        if len(told) > _MOST:
            write(f"    {who}, {kind}: and {len(told) - _MOST} more")


def shares(title: str, stages: Sequence[tuple[str, float]], counts: Sequence[int]) -> None:
    """Write what each stage took: in all, and for each volume, candidate and true pair."""
    write(f"\n{title}")
    names = "".join(f"{'us/' + name:>14}" for name in ("volume", "candidate", "pair"))
    write(f"{'':<{_WIDE}}{'median':>12}{names}")
    for name, seconds in stages:
        each = "".join(f"{seconds * 1e6 / max(1, count):14.3f}" for count in counts)
        write(f"{name:<{_WIDE}}{seconds * 1000:9,.1f} ms{each}")
