"""A scenario to YAML text that reads back equal, its values as their author wrote them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import yaml
from yaml.dumper import BaseDumper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Tree

_WIDTH = 76


class _Dumper(BaseDumper):
    """Writes mappings, lists and texts; as all is text, quotes stand only where YAML needs them."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - none is ever written
        """Write everything out; aliases are not read."""
        return True


_TAG = "tag:yaml.org,2002:"
_Dumper.add_representer(dict, lambda to, tree: to.represent_mapping(f"{_TAG}map", tree.items()))
_Dumper.add_representer(list, lambda to, tree: to.represent_sequence(f"{_TAG}seq", tree))
_Dumper.add_representer(
    str, lambda to, text: to.represent_scalar(f"{_TAG}str", text, style=_style(text))
)


def _style(text: str) -> str | None:
    """Ask for double quotes where only their escapes keep a line break of another kind."""
    return '"' if any(sign in text for sign in "\r\x85\u2028\u2029") else None


def dumps(scenario: Scenario) -> str:
    """Write a scenario as YAML.

    Keys keep their order and values their wording; comments are not kept, as a scenario
    has none. Reading the text gives an equal scenario.
    """
    return dumps_document(scenario.document)


def dumps_document(document: Mapping[str, Any]) -> str:
    """Write the plain tree of a scenario as :func:`dumps` does."""
    text: str = yaml.dump(
        {**document},
        Dumper=_Dumper,
        default_flow_style=None,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return text


def write_value(value: Tree) -> str:
    """Write one value on one line, as it can stand in a file: ``{uniform: {min: 1 h, max: 2 h}}``.

    :func:`sim.scenario.tree.parse_value` reads it back.
    """
    if isinstance(value, str):
        return value
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=math.inf,
    )
    return text.rstrip("\n")
