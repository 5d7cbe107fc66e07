"""What is wrong with a text that is no YAML: the place at fault, what stands there, what to do.

The parser stops where it can no longer go on, which is often a line after the slip; its
marks and the lines about them tell where that was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import quoted

if TYPE_CHECKING:
    import yaml

_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what YAML counts lines by
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ENDS_KEY = re.compile(r":(?:\s|$)")
_KEY_AND_VALUE = re.compile(r"((?:- )?[A-Za-z][A-Za-z_-]*)(?:\s*=\s*|:(?=\S)|\s+)(\S.*)")
_BARE_KEY = re.compile(r"((?:- )?[A-Za-z][A-Za-z0-9_-]*)\s*=?")
_LAST_WORD = re.compile(r"[^\s,:\[\]{}]+$")
_CLOSING = {"[": "]", "{": "}"}
_CHECK = "check indents, brackets and quotes"


class Slip(NamedTuple):
    """What is wrong, and where: line and column count from one."""

    line: int
    column: int
    message: str
    hint: str


def slip(text: str, error: yaml.MarkedYAMLError, last: Any) -> Slip | None:
    """Tell what is wrong with a text at which the parser stopped.

    Parameters
    ----------
    text
        The whole text.
    error
        What the parser says; the words of libyaml and of PyYAML's own parser differ.
    last
        The last event before it, if there was any.

    Returns
    -------
    Slip or None
        None if the parser gives no place.
    """
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return None
    return _Text(_BREAKS.split(text)).slip(error, mark, last)


class _Text:
    """The lines of a text, counted from nought as the parser's marks do."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def slip(self, error: yaml.MarkedYAMLError, mark: yaml.Mark, last: Any) -> Slip:
        """Choose what explains the parser's complaint."""
        problem, opened = error.problem or "it cannot be read", error.context_mark
        found = self._sign(problem, mark, opened) or self._order(problem, mark, opened, last)
        if found is None:
            here = self._rest(mark.line, mark.column)
            return _at(mark, f"{problem}, found {quoted(here)}", _CHECK)
        return found

    def _sign(self, problem: str, mark: yaml.Mark, opened: yaml.Mark | None) -> Slip | None:
        """Explain a sign that nothing can begin with, and quotes without an end."""
        here = self._rest(mark.line, mark.column)
        if here.startswith("\t"):
            return _at(mark, "found a tab", "indent with spaces")
        if "cannot start any token" in problem:
            message = f"{quoted(here)} begins with {here[:1]}, which no plain value can"
            return _at(mark, message, "put the value in quotes")
        if opened and "unexpected end of stream" in problem:
            found = self._rest(opened.line, opened.column)
            return _open_quotes(opened, found, ever_close=False)
        return None

    def _order(
        self, problem: str, mark: yaml.Mark, opened: yaml.Mark | None, last: Any
    ) -> Slip | None:
        """Explain keys, values and entries that do not follow each other as they should."""
        if opened and "expected ':'" in problem:
            return self._no_colon(opened.line)
        if "mapping values" in problem:
            return self._second_colon(mark)
        if opened and "expected ',' or" in problem:
            return self._open_bracket(opened, mark)
        if getattr(last, "style", None) in {"'", '"'} and last.start_mark.line < mark.line:
            begins = last.start_mark
            found = self._rest(begins.line, begins.column)
            return _open_quotes(begins, found, ever_close=True)
        if "expected key" in problem or "expected <block end>" in problem:
            return self._stray(mark)
        return None

    def _rest(self, line: int, column: int) -> str:
        """Give what stands from a place to the end of its line, without a comment."""
        rest = self.lines[line][column:] if line < len(self.lines) else ""
        return rest[:1] + _COMMENT.sub("", rest[1:]).rstrip()

    def _content(self, line: int) -> str:
        return _COMMENT.sub("", self.lines[line]).strip()

    def _before(self, line: int) -> int | None:
        """Give the nearest line above on which anything stands."""
        return next((n for n in range(line - 1, -1, -1) if self._content(n)), None)

    def _indent(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip(" "))

    def _no_colon(self, line: int) -> Slip:
        found = self._content(line)
        meant = ""
        if pair := _KEY_AND_VALUE.fullmatch(found):
            meant = f"{pair[1]}: {pair[2]}"
        elif bare := _BARE_KEY.fullmatch(found):
            meant = f"{bare[1]}:"
        return Slip(
            line + 1,
            self._indent(line) + 1,
            f"{quoted(found)} is no key with a value: expected a colon and a blank after the key",
            f"write {quoted(meant)}" if meant else "write such as name: Northern range",
        )

    def _second_colon(self, mark: yaml.Mark) -> Slip:
        """Explain a colon behind what cannot be a key."""
        if first := _ENDS_KEY.search(self.lines[mark.line][: mark.column]):
            value = self._rest(mark.line, first.end())
            return Slip(
                mark.line + 1,
                first.end() + 1,
                f"{quoted(value)} has a colon with a blank after it, which ends a key",
                "put the value in quotes",
            )
        above = self._before(mark.line)
        if above is None:
            return _at(mark, "found a colon without a key", _CHECK)
        if not _ENDS_KEY.search(self._content(above)):
            return self._no_colon(above)
        return Slip(
            mark.line + 1,
            self._indent(mark.line) + 1,
            f"{quoted(self._content(mark.line))} is indented below line {above + 1}, "
            "which has its value already",
            f"begin it in column {self._indent(above) + 1}, as line {above + 1}",
        )

    def _open_bracket(self, opened: yaml.Mark, mark: yaml.Mark) -> Slip:
        """Explain a list or mapping in brackets that does not go on as one."""
        begins = self._rest(opened.line, opened.column)
        close = _CLOSING.get(begins[:1], "]")
        found = self._rest(mark.line, mark.column)
        if found[:1] in {"]", "}"}:
            return _at(
                mark,
                f"expected a comma or {close}, found {quoted(found)}",
                f"close {begins[:1]} with {close}",
            )
        if opened.line != mark.line:
            return _at(opened, f"{quoted(begins)} is not closed", f"close it with {close}")
        word = _LAST_WORD.search(self.lines[mark.line][: mark.column])
        column = word.start() if word and found[:1] == ":" else mark.column
        return Slip(
            mark.line + 1,
            column + 1,
            f"expected a comma or {close} before {quoted(self._rest(mark.line, column))}",
            "part entries by commas",
        )

    def _stray(self, mark: yaml.Mark) -> Slip:
        """Explain what stands where only a key can."""
        found = self._rest(mark.line, mark.column)
        if self.lines[mark.line][: mark.column].strip():
            return _at(
                mark,
                f"{quoted(found)} stands after the end of the value",
                "take it out, or put the whole value in quotes",
            )
        around = self._indents_above(mark.line)
        if mark.column not in around and around:
            near = min(around, key=lambda indent: abs(indent - mark.column - 0.5))
            return _at(
                mark,
                f"{quoted(found)} is indented by {mark.column}, as nothing above it is",
                f"indent it by {near}, as line {around[near] + 1}",
            )
        if found.startswith("-"):
            return _at(
                mark,
                f"{quoted(found)} is an item of a list among keys",
                "leave the dash out, or indent the list below its key",
            )
        above = self._before(mark.line)
        if above is not None and not _ENDS_KEY.search(self._content(above)):
            return self._no_colon(above)
        return _at(mark, f"{quoted(found)} is no key with a value here", _CHECK)

    def _indents_above(self, line: int) -> dict[int, int]:
        """Give the indents of all that is open above a line, each with the nearest such line."""
        found: dict[int, int] = {}
        above = self._before(line)
        while above is not None:
            indent = self._indent(above)
            if indent < min(found, default=indent + 1):
                found[indent] = above
            above = self._before(above)
        return found


def _at(mark: yaml.Mark, message: str, hint: str) -> Slip:
    return Slip(mark.line + 1, mark.column + 1, message, hint)


def _open_quotes(begins: yaml.Mark, found: str, *, ever_close: bool) -> Slip:
    close = "close only on a later line" if ever_close else "never close"
    return _at(
        begins,
        f"the quotes that open before {quoted(found[1:])} {close}",
        "close them where the text ends",
    )
