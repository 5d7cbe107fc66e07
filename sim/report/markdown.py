"""An outline as Markdown, to be pasted in a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.report.outline import Chain, Paragraph, Table, Terms
from sim.report.wording import plain

if TYPE_CHECKING:
    from sim.report.outline import Block, Column, Group, Outline

# What CommonMark and its tables take for markup within a line; an underscore within a word is none.
_MARKUP = re.compile(r"([\\`*\[\]<|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def render(outline: Outline) -> str:
    """Set an outline as Markdown with pipe tables (GitHub's and Pandoc's)."""
    parts = [
        f"# {_safe(outline.title)}",
        _safe(outline.subtitle),
        f"**{_safe(outline.headline)}**",
    ]
    for section in outline.sections:
        parts.append(f"## {_safe(section.title)}")
        parts.extend(part for block in section.blocks for part in _parts(block))
    return "\n\n".join(parts) + "\n"


def _parts(block: Block) -> list[str]:
    match block:
        case Paragraph(text):
            return [_safe(text)]
        case Table(columns, groups):
            return [part for group in groups for part in _group(columns, group)]
        case Terms(entries):
            return ["\n".join(f"- **{_safe(term.text)}**: {_safe(text)}" for term, text in entries)]
        case Chain():
            return _chain(block)


def _group(columns: tuple[Column, ...], group: Group) -> list[str]:
    lines = [
        _row([column.title for column in columns]),
        _row(["---:" if column.right else "---" for column in columns], raw=True),
        *(_row([cell.text for cell in row]) for row in group.rows),
    ]
    title = [f"### {_safe(group.title)}"] if group.title else []
    return [*title, "\n".join(lines)]


def _row(cells: list[str], *, raw: bool = False) -> str:
    return "| " + " | ".join(cells if raw else [_safe(cell) for cell in cells]) + " |"


def _chain(chain: Chain) -> list[str]:
    detail = f": {_safe(chain.detail)}" if chain.detail else ""
    links = [f"- {link.clock} {_safe(link.what)}" for link in chain.links]
    return [
        f"### {_safe(chain.title)}",
        _safe(chain.facts),
        f"**{_safe(chain.cause.text)}**{detail}",
        *(["\n".join(links)] if links else []),
    ]


def _safe(text: str) -> str:
    return _MARKUP.sub(r"\\\1", plain(text))
