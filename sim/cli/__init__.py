"""The command ``keepout``: parses, calls, prints."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sim.cli import drawing, paging, scenarios, simulating, terminal
from sim.cli.options import DONE, WRONG
from sim.errors import KeepoutError, ModelError

# Nothing but click and the errors at the top: --help answers before numpy would be imported.
if TYPE_CHECKING:
    from collections.abc import Sequence

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


for _command in (
    *(scenarios.new, scenarios.validate, scenarios.schema),
    *(scenarios.import_, scenarios.export),
    *(simulating.overlaps, simulating.run, simulating.compare, simulating.sweep),
    *(drawing.plot, paging.report),
):
    keepout.add_command(_command)


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
