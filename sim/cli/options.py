"""What several commands share: options, and the statuses that they exit with."""

from __future__ import annotations

import click

DONE, FAILED, WRONG = 0, 1, 2

set_option = click.option(
    "--set", "changes", metavar="PATH=VALUE", multiple=True, help="Change a value; repeatable."
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "csv"]),
    default="text",
    help="How to print the report [text].",
)
