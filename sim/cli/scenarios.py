"""The commands that write and check scenario files: new, validate, import, export, schema."""

from __future__ import annotations

import os
import shlex

import click

from sim.cli import inputs, terminal
from sim.cli.options import DONE, WRONG, set_option
from sim.cli.outputs import refuse_taken, write_new
from sim.errors import InputError

# Nothing heavier at the top: --help answers before numpy would be imported.


@click.command()
@click.argument("file")
def new(file: str) -> None:
    """Write a commented scenario to start from.

    Refuses to overwrite FILE; - prints it.
    """
    from sim.scenario.starter import starter  # noqa: PLC0415

    _write_scenario(file, starter())


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def validate(files: tuple[str, ...]) -> int:
    """Check scenario and sweep files, and list all faults of each."""
    from sim.sweeps.kind import is_sweep  # noqa: PLC0415

    status = DONE
    for file in files:
        try:
            text = inputs.text_of(file)
            found = (
                inputs.checked_sweep(file, text)
                if is_sweep(text)
                else inputs.checked_scenario(file, text)
            )
        except InputError as error:
            terminal.tell(str(error))
            status = WRONG
        else:
            terminal.show(f"{file}: valid ({found})\n")
    return status


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--from", "form", metavar="FORMAT", help="The format [told by the content].")
@click.option(
    "--thin", default="20 m", metavar="LENGTH", help="Thin tracks within this distance [20 m]."
)
@click.option(
    "--gap", default="5 min", metavar="DURATION", help="Split tracks at longer gaps [5 min]."
)
@click.option("--between", metavar="TIME TIME", nargs=2, help="Only from one time to another.")
@click.option("--beside/--inline", default=None, help="Where zones and tracks go [by their size].")
@click.option("-o", "--out", metavar="SCENARIO", required=True, help="The scenario to write.")
def import_(
    *,
    files: tuple[str, ...],
    form: str | None,
    thin: str,
    gap: str,
    between: tuple[str, str] | None,
    beside: bool | None,
    out: str,
) -> None:
    """Make a scenario of published zones and flown tracks, as they were.

    FILEs are NOTAMs, OpenAir, ED-269, ED-318, F3548 or GeoJSON zones, and tables
    of positions. More than 250 zones, flights and positions go into files beside
    SCENARIO, which it names. Refuses to overwrite; - prints it, all inline.
    """
    from sim.scenario.importing import import_files  # noqa: PLC0415
    from sim.scenario.reader import build  # noqa: PLC0415
    from sim.scenario.sidefiles import SideFiles  # noqa: PLC0415
    from sim.scenario.writer import dumps  # noqa: PLC0415
    from sim.units import duration, length  # noqa: PLC0415

    if out == "-" and beside:
        raise InputError("--beside: standard output stands in no folder", hint="give -o a file")
    refuse_taken(out)
    with inputs.of_option("--thin", thin):
        error_m = length(thin)
    with inputs.of_option("--gap", gap):
        gap_s = duration(gap)
        if gap_s <= 0.0:
            raise InputError("expected more than no time")
    folder, name = os.path.split(out)
    made = import_files(
        files,
        form=form,
        error_m=error_m,
        gap_s=gap_s,
        between=inputs.window_of(between),
        beside=False if out == "-" else beside,
        stem=os.path.splitext(name)[0],  # noqa: PTH122 - quick
    )
    for line in made.told:
        terminal.tell(line)
    scenario = build(made.document, SideFiles(folder, made.contents))
    inputs.tell_of_sides(scenario)
    sides = {os.path.join(folder, side): text for side, text in made.contents.items()}  # noqa: PTH118 - quick
    refuse_taken(*sides)
    for side, content in sides.items():
        write_new(side, content)
        terminal.show(f"{side}: written\n")
    _write_scenario(out, dumps(scenario))


@click.command()
@click.argument("source", metavar="FILE|DIR")
@click.option("--to", "form", metavar="FORMAT", required=True, help="The format.")
@click.option("--fir", default="", metavar="ICAO", help="The region that NOTAMs are for.")
@click.option("--told", default="", metavar="PARTY", help="Zones as this party held them.")
@set_option
@click.option("-o", "--out", metavar="FILE", required=True, help="The file to write.")
def export(
    *, source: str, form: str, fir: str, told: str, changes: tuple[str, ...], out: str
) -> None:
    """Write zones and flights in a format of others.

    FORMAT is f3548, ed318, geojson, openair, notam, kml, czml or csv (tracks). Of a
    FILE they are as planned; of a DIR, which run --out left, as declared and flown,
    or as a party was told. Refuses to overwrite; - prints.
    """
    from sim.formats.writing import write  # noqa: PLC0415
    from sim.report.exporting import chart_of_plan, chart_of_run  # noqa: PLC0415
    from sim.report.reopening import open_run  # noqa: PLC0415
    from sim.scenario.plan import prepare  # noqa: PLC0415

    with inputs.about(source):
        if os.path.isdir(source):  # noqa: PTH112 - quick
            if changes:
                raise InputError(f"{source}: a run stays as it was", hint="leave out --set")
            chart = chart_of_run(open_run(source), told)
        else:
            if told:
                raise InputError(
                    f"--told {told}: of {source} nobody has been told yet",
                    hint="give the folder of a run, which run --out keeps",
                )
            scenario = inputs.read(source).replace(inputs.changes_of(changes))
            chart = chart_of_plan(prepare(scenario))
        made = write(chart, form, fir=fir)
    write_new(out, made.text)
    if out != "-":
        terminal.show(f"{out}: written\n")
    for problem in made.problems:
        terminal.tell(f"{source}: {problem}")


@click.command()
@click.option("--sweep", "of_sweeps", is_flag=True, help="That of sweep files.")
def schema(*, of_sweeps: bool) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json  # noqa: PLC0415

    from sim.scenario.editor import json_schema  # noqa: PLC0415
    from sim.sweeps.editor import sweep_json_schema  # noqa: PLC0415

    tree = sweep_json_schema() if of_sweeps else json_schema()
    terminal.show(json.dumps(tree, indent=2) + "\n")


def _write_scenario(file: str, text: str) -> None:
    """Write a scenario to a file that is not there yet, and say what to do with it."""
    write_new(file, text)
    if file != "-":
        terminal.show(f"{file}: written; now try: keepout run {shlex.quote(file)}\n")
