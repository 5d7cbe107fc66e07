"""One self-contained file of a template, its style, its scripts and its data.

Nothing in it asks for anything else: its policy lets no script run but those put
there, by their hashes, and no request leave. Whatever is filled in is escaped.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

_ENDS_A_SCRIPT = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)


def assemble(
    template: str, scripts: Sequence[str], data: Mapping[str, object], **content: object
) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        Its name in ``sim/page/templates``.
    scripts
        Those that run when the page is there, in order.
    data
        What they read, by the ids of the elements that hold it: plain trees.
    content
        What else the template shows.

    Raises
    ------
    InputError
        If Jinja is not installed, which comes with Bokeh.
    """
    safe = [_ENDS_A_SCRIPT.sub(r"\\x3c", script) for script in scripts]
    return (
        _environment()
        .get_template(template)
        .render(
            policy=_policy(safe),
            style=asset("page.css"),
            scripts=safe,
            data={name: _json(tree) for name, tree in data.items()},
            **content,
        )
    )


def asset(name: str) -> str:
    """Read a style or a script that comes with the package."""
    return files("sim.page").joinpath("assets", name).read_text("utf-8")


def missing_extra() -> InputError:
    """Say what a page needs that is not there."""
    return InputError(
        "a page needs Bokeh, which is not installed", hint="pip install 'keepout[page]'"
    )


def data_address(kind: str, content: bytes) -> str:
    """Give an address that holds its content: ``data:image/svg+xml;base64,...``."""
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _policy(scripts: Sequence[str]) -> str:
    """Give the page's content security policy (W3C CSP level 3, section 6)."""
    digests = (b64encode(sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _json(tree: object) -> str:
    """Write data that no end of a script can be found in, as an element of a page holds it."""
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _environment() -> Environment:
    try:
        import jinja2  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise missing_extra() from error
    return jinja2.Environment(
        loader=jinja2.PackageLoader("sim.page"),
        autoescape=True,
        finalize=_shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: Any) -> Any:
    """Show control and direction characters of a text, so that a browser obeys none."""
    return plain(value) if type(value) is str else value
