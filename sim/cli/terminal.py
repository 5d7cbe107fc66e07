"""What the command shows: text, complaints, and how far it has come."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from sim.errors import OutputError

# Nothing heavier than click at the top: --help answers in a blink.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from sim.sweeps.driving import Progress

_FAST = 10.0  # runs/s, from where on tenths mean nothing


def show(text: str) -> None:
    """Write to standard output; that nobody reads it, or has read enough, is no error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
    except OSError as error:
        discard(sys.stdout)
        raise OutputError(f"standard output: cannot be written: {error.strerror}") from error


def discard(stream: TextIO | None) -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush is quiet."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def spare_letters() -> None:
    """Escape letters that the output cannot take, an old terminal's say, and go on."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def tell(message: str) -> None:
    """Write to standard error; that it cannot be written changes nothing of the exit status."""
    try:
        click.echo(message, err=True)
    except OSError:
        discard(sys.stderr)


@contextmanager
def progress(length: int) -> Iterator[Callable[[], None] | None]:
    """Show a bar on standard error while it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label="replications", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


@contextmanager
def sweep_progress(*, grows: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show how far a sweep has come, its rate, the time left and how wide intervals are.

    Where it ``grows`` until intervals are narrow, nobody knows how many runs are still to come.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich  # noqa: PLC0415 - only where somebody looks
    from rich.console import Console  # noqa: PLC0415 - likewise
    from rich.table import Column  # noqa: PLC0415 - likewise

    columns = (
        rich.BarColumn(bar_width=20),
        rich.MofNCompleteColumn(),
        rich.TextColumn("{task.fields[pace]}"),
        # As much as the line has room for, so that the numbers before it stay whole.
        rich.TextColumn("{task.fields[widths]}", table_column=Column(ratio=1, no_wrap=True)),
    )
    console = Console(stderr=True)
    with rich.Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("runs", total=None, pace="", widths="")

        def show_progress(now: Progress) -> None:
            bar.update(
                task,
                total=now.planned,
                completed=now.reused + now.done,
                pace=_pace(now, bar.tasks[0].elapsed or 0.0, "at least " if grows else ""),
                widths=", ".join(
                    f"{name} +-{width:.2g}" for name, width in now.widths.items() if width > 0.0
                ),
            )

        yield show_progress


def _pace(now: Progress, seconds: float, about: str) -> str:
    """Say how fast runs are made, and how long those that are planned take at that."""
    from sim.units import show_duration  # noqa: PLC0415 - only where somebody looks

    if seconds < 1.0 or not now.done:
        return ""
    rate = now.done / seconds
    left = round((now.planned - now.reused - now.done) / rate)
    return f"{rate:,.{0 if rate >= _FAST else 1}f} runs/s, {about}{show_duration(left)} left"
