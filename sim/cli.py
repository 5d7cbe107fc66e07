"""The command ``keepout``: parses, calls, prints."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from sim import inputs, terminal
from sim.errors import (
    InputError,
    KeepoutError,
    ModelError,
    OutputError,
)

# Nothing but click and the errors at the top: --help answers before numpy would be imported.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.report.faces import Format
    from sim.scenario.schema import Scenario

DONE, FAILED, WRONG = 0, 1, 2
_INTERRUPTED = 130  # as shells report SIGINT
_REPORT_IT = "keepout: this is a fault in keepout itself; please report it."
_BUG = 70  # EX_SOFTWARE of sysexits.h: never to be taken for a --fail-on condition


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status: 0 done, 1 a ``--fail-on`` holds, 2 wrong input."""
    terminal.spare_letters()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = keepout.main(words, prog_name="keepout", standalone_mode=False, obj=words)
        terminal.show("")
    except click.ClickException as error:
        status = _complain(_usage(error))
    except ModelError as error:
        terminal.tell(f"keepout: {error}\n{_REPORT_IT}")
        status = _BUG
    except KeepoutError as error:
        status = _complain(str(error))
    except click.Abort as error:
        terminal.tell(f"keepout: {str(error.__cause__ or '') or 'interrupted'}")
        status = _INTERRUPTED
    except BrokenPipeError:
        terminal.discard(sys.stdout)
        status = DONE
    except OSError as error:  # the help of click itself meets a full disk, say
        terminal.discard(sys.stdout)
        status = _complain(f"keepout: {error.strerror}")
    except Exception:  # noqa: BLE001 - a fault of ours, with all that is needed to mend it
        sys.excepthook(*sys.exc_info())
        terminal.tell(_REPORT_IT)
        status = _BUG
    return int(status or DONE)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keepout")
def keepout() -> None:
    """Simulate airspace deconfliction notices.

    One party tells another to stay out of an area for a time. keepout reports
    where plans overlap, who really entered what, whether they had been told,
    and if not, which link of the chain broke.

    FILE is a scenario; - reads it from standard input.
    """


_set_option = click.option(
    "--set", "changes", metavar="PATH=VALUE", multiple=True, help="Change a value."
)
_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "csv"]),
    default="text",
    help="How to print the report [text].",
)


@keepout.command()
@click.argument("file")
def new(file: str) -> None:
    """Write a commented scenario to start from.

    Refuses to overwrite FILE; - prints it.
    """
    from sim.scenario.starter import starter  # noqa: PLC0415

    _write_new(file, starter())


@keepout.command()
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
            status = _complain(str(error))
        else:
            terminal.show(f"{file}: valid ({found})\n")
    return status


@keepout.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_set_option
@_format_option
def overlaps(files: tuple[str, ...], changes: tuple[str, ...], form: Format) -> None:
    """Check plans for overlaps; nothing is simulated.

    Several files follow each other as text or markdown.
    """
    from sim.findings.close import plan_close  # noqa: PLC0415
    from sim.findings.overlaps import plan_overlaps  # noqa: PLC0415
    from sim.report.faces import overlaps_report  # noqa: PLC0415
    from sim.scenario.plan import prepare  # noqa: PLC0415

    if len(files) > 1 and form in {"json", "csv"}:
        raise InputError(f"--format {form} is for one FILE", hint="call it once for each")
    scenarios = [(file, inputs.read(file).replace(inputs.changes_of(changes))) for file in files]
    for number, (file, scenario) in enumerate(scenarios):
        with inputs.about(file):
            plan = prepare(scenario)
            found, close = plan_overlaps(plan), plan_close(plan)
        report = overlaps_report(plan, found, close, form)
        terminal.show(f"\n{report}" if number else report)


@keepout.command()
@click.argument("file")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Root of all draws [0].")
@click.option("--replications", type=click.IntRange(min=1), help="Repeat, and give intervals.")
@click.option("--why", is_flag=True, help="Find what each link, if perfect, would prevent.")
@_set_option
@click.option("--out", metavar="DIR", help="Keep the run in a folder; replace a run there.")
@_format_option
@click.option(
    "--fail-on",
    type=click.Choice(["violations", "incursions", "overlaps", "gaps"]),
    multiple=True,
    help="Exit with status 1 if there are any.",
)
@click.pass_obj
def run(
    command: Sequence[str],
    /,
    *,
    file: str,
    seed: int,
    replications: int | None,
    why: bool,
    changes: tuple[str, ...],
    out: str | None,
    form: Format,
    fail_on: tuple[str, ...],
) -> int:
    """Simulate a scenario and report who entered what, and why."""
    from sim.report.folder import claim, holds_run  # noqa: PLC0415

    if why and replications is None:
        raise InputError("--why needs many replications", hint="add --replications 200")
    scenario = inputs.read(file).replace(inputs.changes_of(changes))
    folder = None if out is None else claim(out)
    replaces = folder is not None and holds_run(folder)
    if form == "text":
        inputs.warn_of_remote_zones(file, scenario)
    with inputs.about(file):
        if replications is None:
            report, occurred = _once(scenario, seed, form, folder, command)
        else:
            often = _why if why else _often
            report, occurred = often(
                scenario, replications, seed=seed, form=form, folder=folder, command=command
            )
    if replaces:
        terminal.tell(f"{folder}: the earlier run there was replaced")
    terminal.show(report)
    return DONE if occurred.isdisjoint(fail_on) else FAILED


@keepout.command()
@click.argument("file")
@click.argument("other", metavar="[FILE]", required=False)
@click.option(
    "--replications",
    type=click.IntRange(min=1),
    default=200,
    help="How many pairs of runs [200].",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Root of all draws [0].")
@click.option(
    "--set", "changes", metavar="PATH=VALUE", multiple=True, help="Change a value of both."
)
@click.option(
    "--before",
    "changes_before",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a value of the first.",
)
@click.option(
    "--after",
    "changes_after",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a value of the second.",
)
@_format_option
def compare(
    *,
    file: str,
    other: str | None,
    replications: int,
    seed: int,
    changes: tuple[str, ...],
    changes_before: tuple[str, ...],
    changes_after: tuple[str, ...],
    form: Format,
) -> None:
    """Run two scenarios with the same draws, and report what differs.

    Both are of one FILE where only one is given: as it is, or as --before
    changes it, and as --after does.
    """
    from sim.report.faces import comparison_report  # noqa: PLC0415
    from sim.scenario.plan import prepare  # noqa: PLC0415
    from sim.sweeps.comparing import compare_plans  # noqa: PLC0415

    if other is None and not changes_before and not changes_after:
        raise InputError(
            f"{file}: nothing to compare it with",
            hint='give another FILE, or --after "zones.raid-area.notices.first.lead=30 min", say',
        )
    if file == other == "-":
        raise InputError("-: standard input can be read once", hint="give one FILE by its name")
    one = inputs.read(file).replace(inputs.changes_of(changes))
    two = one if other is None else inputs.read(other).replace(inputs.changes_of(changes))
    before = one.replace(inputs.changes_of(changes_before, "--before"))
    after = two.replace(inputs.changes_of(changes_after, "--after"))
    other = other or file
    if form == "text":
        for name, scenario in {file: before, other: after}.items():
            inputs.warn_of_remote_zones(name, scenario)
    with inputs.about(file):
        first = prepare(before)
    with inputs.about(other):
        second = prepare(after)
    with (
        terminal.progress(2 * replications) as done,
        inputs.about(file if other == file else f"{file}, {other}"),
    ):
        comparison = compare_plans(first, second, replications, seed, done=done)
    terminal.show(comparison_report(comparison, form))


@keepout.command()
@click.argument("file")
@click.option("--out", metavar="DIR", required=True, help="Keep every run in this folder.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes [one a processor].")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of a scheduler.")
@click.option("--resume", is_flag=True, help="Go on with what DIR holds; repeat nothing.")
@click.option("--retry-failed", is_flag=True, help="Run again what failed; with --resume.")
@_format_option
@click.pass_obj
def sweep(
    command: Sequence[str],
    /,
    *,
    file: str,
    out: str,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    retry_failed: bool,
    form: Format,
) -> None:
    """Run a sweep: many points of a design, many runs each, all kept in a folder.

    FILE is a sweep file. Stopped or killed, it goes on with --resume; more
    replications or points than before are added.
    """
    from sim.report.faces import sweep_report  # noqa: PLC0415
    from sim.sweeps.sweeping import sweep as run_sweep  # noqa: PLC0415

    study = inputs.sweep_of(file, inputs.text_of(file))
    grows = not isinstance(study.sweep.replications, int)
    with terminal.sweep_progress(grows=grows) as progress, inputs.about(file):
        result = run_sweep(
            study,
            out,
            workers=workers,
            scheduler=scheduler,
            resume=resume,
            retry_failed=retry_failed,
            progress=progress,
            command=command,
        )
    terminal.show(sweep_report(result.answers, form))


@keepout.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--from", "form", metavar="FORMAT", help="The format [told by the content].")
@click.option("--thin", default="20 m", help="Thin tracks within this distance [20 m].")
@click.option("-o", "--out", metavar="SCENARIO", required=True, help="The scenario to write.")
def import_(files: tuple[str, ...], form: str | None, thin: str, out: str) -> None:
    """Make a scenario of published zones and flown tracks, as they were.

    FILEs are NOTAMs, OpenAir, ED-269, ED-318, F3548 or GeoJSON zones, and tables
    of positions. Refuses to overwrite SCENARIO; - prints it.
    """
    from sim.scenario.importing import import_files  # noqa: PLC0415
    from sim.scenario.reader import build  # noqa: PLC0415
    from sim.scenario.writer import dumps  # noqa: PLC0415
    from sim.units import length  # noqa: PLC0415

    made = import_files(files, form=form, error_m=length(thin))
    for line in made.told:
        terminal.tell(line)
    _write_new(out, dumps(build(made.document)))


@keepout.command()
@click.option("--sweep", "of_sweeps", is_flag=True, help="That of sweep files.")
def schema(*, of_sweeps: bool) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json  # noqa: PLC0415

    from sim.scenario.editor import json_schema  # noqa: PLC0415
    from sim.sweeps.editor import sweep_json_schema  # noqa: PLC0415

    tree = sweep_json_schema() if of_sweeps else json_schema()
    terminal.show(json.dumps(tree, indent=2) + "\n")


def _write_new(file: str, text: str) -> None:
    """Write a scenario to a file that is not there yet; - prints it."""
    if file == "-":
        terminal.show(text)
        return
    if not file:
        raise OutputError('"": cannot be written: its name is empty')
    try:
        with open(file, "x", encoding="utf-8") as out:  # noqa: PTH123 - "x" refuses to overwrite
            out.write(text)
    except FileExistsError as error:
        raise InputError(f"{file}: exists already", hint="choose another name") from error
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}") from error
    terminal.show(f"{file}: written; now try: keepout run {shlex.quote(file)}\n")


def _once(
    scenario: Scenario, seed: int, form: Format, folder: Path | None, command: Sequence[str]
) -> tuple[str, frozenset[str]]:
    """Run once; give the report, and what of violations, incursions and so on occurred."""
    from sim.findings.run import run as simulate  # noqa: PLC0415
    from sim.report.faces import run_report  # noqa: PLC0415
    from sim.report.folder import keep_run  # noqa: PLC0415
    from sim.sweeps.runner import occurrences  # noqa: PLC0415

    result = simulate(scenario, seed)
    if folder is not None:
        keep_run(folder, result, command)
    return run_report(result, form), occurrences(result)


def _often(
    scenario: Scenario,
    replications: int,
    *,
    seed: int,
    form: Format,
    folder: Path | None,
    command: Sequence[str],
) -> tuple[str, frozenset[str]]:
    """Run many times; give the report, and what occurred in any of the runs."""
    from sim.report.faces import replications_report  # noqa: PLC0415
    from sim.report.folder import keep_replications  # noqa: PLC0415
    from sim.sweeps.runner import replicate  # noqa: PLC0415

    with terminal.progress(replications) as done:
        many = replicate(scenario, replications, seed, done=done)
    if folder is not None:
        keep_replications(folder, many, command)
    return replications_report(many, form), many.occurred


def _why(
    scenario: Scenario,
    replications: int,
    *,
    seed: int,
    form: Format,
    folder: Path | None,
    command: Sequence[str],
) -> tuple[str, frozenset[str]]:
    """Run many times, as it is and with each link perfect; give the report, and what occurred."""
    from sim.report.faces import why_report  # noqa: PLC0415
    from sim.report.folder import keep_why  # noqa: PLC0415
    from sim.sweeps.links import LINKS  # noqa: PLC0415
    from sim.sweeps.why import ask_why  # noqa: PLC0415

    with terminal.progress(replications * (1 + len(LINKS))) as done:
        why = ask_why(scenario, replications, seed, done=done)
    if folder is not None:
        keep_why(folder, why, command)
    return why_report(why, form), why.replications.occurred


def _usage(error: click.ClickException) -> str:
    """Give click's message with the command that it is about."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "keepout"
    return f"{command}: {error.format_message()} See {command} --help."


def _complain(message: str) -> int:
    terminal.tell(message)
    return WRONG
