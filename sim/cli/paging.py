"""The command that makes a page: report."""

from __future__ import annotations

import os

import click

from sim.cli import inputs
from sim.cli.outputs import write_over
from sim.errors import InputError

# Nothing heavier at the top: --help answers before numpy would be imported.


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("-o", "--out", metavar="PAGE", required=True, help="An .html.")
def report(folder: str, out: str) -> None:
    """Make a page of a run's folder, or of a sweep's, that opens without a network.

    A DIR is what run --out or sweep --out left. The PAGE is one file: a map on which
    the run is played, a timeline, how each violation came about, and tables that
    filter and sort; of a sweep, its figures and its points.
    """
    stem, suffix = os.path.splitext(out)  # noqa: PTH122 - quick
    if suffix.lower() not in {".html", ".htm"}:
        raise InputError(f"{out}: a page is an .html", hint=f"try -o {stem or 'page'}.html")
    if os.path.isfile(folder):  # noqa: PTH113 - quick
        raise InputError(
            f"{folder}: a file, where a run's folder or a sweep's is expected",
            hint=f"first: keepout run {folder} --out results",
        )
    with inputs.about(folder):
        page = _page(folder)
    write_over(out, page.encode())


def _page(folder: str) -> str:
    """Compose the page of what a folder holds."""
    from sim.page.embedding import check_extra  # noqa: PLC0415 - heavy, as all below
    from sim.sweeps.opening import holds_sweep  # noqa: PLC0415

    check_extra()
    if holds_sweep(folder):
        from sim.page.sweeps import sweep_page  # noqa: PLC0415
        from sim.sweeps.opening import open_sweep  # noqa: PLC0415

        return sweep_page(open_sweep(folder))
    from sim.page.runs import run_page  # noqa: PLC0415
    from sim.report.reopening import open_run  # noqa: PLC0415

    return run_page(open_run(folder))
