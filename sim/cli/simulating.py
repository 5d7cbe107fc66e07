"""The commands that simulate, or check plans: overlaps, run, compare, sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli import inputs, terminal
from sim.cli.options import DONE, FAILED, format_option, set_option
from sim.errors import InputError

# Nothing heavier at the top: --help answers before numpy would be imported.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.report.faces import Format
    from sim.scenario.schema import Scenario


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@set_option
@format_option
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


@click.command()
@click.argument("file")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Root of all draws [0].")
@click.option("--replications", type=click.IntRange(min=1), help="Repeat, and give intervals.")
@click.option("--why", is_flag=True, help="Find what each link, if perfect, would prevent.")
@set_option
@click.option("--out", metavar="DIR", help="Keep the run in a folder; replace a run there.")
@format_option
@click.option(
    "--fail-on",
    type=click.Choice(["violations", "incursions", "overlaps", "gaps"]),
    multiple=True,
    help="Exit with status 1 if there are any; repeatable.",
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


@click.command()
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
    "--set",
    "changes",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a value of both; repeatable.",
)
@click.option(
    "--before",
    "changes_before",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a value of the first; repeatable.",
)
@click.option(
    "--after",
    "changes_after",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a value of the second; repeatable.",
)
@format_option
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

    before, after = inputs.read_both(
        file, other, both=changes, before=changes_before, after=changes_after
    )
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


@click.command()
@click.argument("file")
@click.option("--out", metavar="DIR", required=True, help="Keep every run in this folder.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes [one a processor].")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of a scheduler.")
@click.option("--resume", is_flag=True, help="Go on with what DIR holds; repeat nothing.")
@click.option("--retry-failed", is_flag=True, help="Run again what failed; with --resume.")
@format_option
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
