"""The command that draws: plot."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import set_option
from sim.cli.outputs import write_over
from sim.cli.subjects import Request, find_subject
from sim.errors import InputError
from sim.plots.kinds import KINDS
from sim.plots.saving import IMAGES, image

# Nothing heavier at the top: --help answers before numpy would be imported.
if TYPE_CHECKING:
    from collections.abc import Mapping

_MANY = 200  # replications, where nothing is said
_PLURAL = {
    "party": "parties",
    "flight": "flights",
    "zone": "zones",
    "metric": "metrics",
    "factor": "factors",
}
_EPILOG = "\b\nKinds:\n" + "\n".join(f"  {name:12} {kind.about}" for name, kind in KINDS.items())


@click.command(epilog=_EPILOG)
@click.argument("source", metavar="FILE|DIR")
@click.argument("other", metavar="[FILE]", required=False)
@click.option("--kind", type=click.Choice([*KINDS]), required=True, help="What to draw.")
@click.option("-o", "--out", metavar="IMAGE", required=True, help="An .svg, .png or .pdf.")
@click.option("--seed", type=click.IntRange(min=0), help="Root of all draws [0].")
@set_option
@click.option("--replications", type=click.IntRange(min=1), default=_MANY, help="Of many [200].")
@click.option(
    "--after", metavar="PATH=VALUE", multiple=True, help="Compare with this changed; repeatable."
)
@click.option("--party", metavar="ID", multiple=True, help="Only this party; repeatable.")
@click.option("--flight", metavar="ID", multiple=True, help="Only this flight; repeatable.")
@click.option("--zone", metavar="ID", multiple=True, help="Only this zone; repeatable.")
@click.option("--between", metavar="TIME TIME", nargs=2, help="Only from one time to another.")
@click.option("--at", metavar="TIME", help="At one time.")
@click.option("--entry", metavar="ID", help="A violation or incursion: violation-1, say.")
@click.option("--metric", metavar="NAME", multiple=True, help="A metric; repeatable.")
@click.option("--factor", metavar="NAME", multiple=True, help="A factor of a sweep; repeatable.")
@click.option("--point", metavar="N", type=click.IntRange(min=0), help="A point of a sweep.")
def plot(
    *,
    source: str,
    other: str | None,
    kind: str,
    out: str,
    seed: int | None,
    changes: tuple[str, ...],
    replications: int,
    after: tuple[str, ...],
    **zoom: Any,
) -> None:
    """Draw a figure of a scenario, or of a run's folder or a sweep's.

    A FILE is simulated first. A DIR is what run --out or sweep --out left. A TIME
    is as in scenarios: 2022-02-02T22:30Z, or +4 h from the start.
    """
    suffix = _suffix(out)
    asked = _asked(kind, zoom)
    request = Request(source, other, seed, changes, (), after, replications)
    subject = find_subject(KINDS[kind].of, request)
    write_over(out, image(kind, subject, suffix, **asked))


def _suffix(out: str) -> str:
    """Give the kind of image that a name asks for."""
    stem, dotted = os.path.splitext(out)  # noqa: PTH122 - quick
    suffix = dotted.removeprefix(".").lower()
    if suffix not in IMAGES:
        raise InputError(
            f"{out}: an image is an .svg, a .png or a .pdf", hint=f"try -o {stem or 'figure'}.svg"
        )
    return suffix


def _asked(kind: str, zoom: Mapping[str, Any]) -> dict[str, Any]:
    """Give the keywords that options ask for; each has to be one of the kind."""
    takes = KINDS[kind].options
    asked: dict[str, Any] = {}
    for option, value in zoom.items():
        if value in (None, ()):
            continue
        many = _PLURAL.get(option, "")
        if many in takes:
            asked[many] = value
        elif option in takes:
            asked[option] = _one(option, value)
        else:
            of = [name for name, one in KINDS.items() if {option, many} & {*one.options}]
            raise InputError(
                f"--{option}: not an option of --kind {kind}", hint=f"it is one of {', '.join(of)}"
            )
    return asked


def _one(option: str, value: Any) -> Any:
    """Give the only value of an option that takes several for other kinds."""
    if option not in _PLURAL:
        return value
    if len(value) > 1:
        raise InputError(f"--{option}: one is drawn, and not {len(value)}")
    return value[0]
