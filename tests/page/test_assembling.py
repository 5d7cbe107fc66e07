"""Pages hold everything and obey nothing: data, scripts and texts stay what they are."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.page import assembling
from sim.page.assembling import assemble, data_address

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTILE = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> & \" ' \u2028"
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
DATA = re.compile(r'<script type="application/json" id="(\w+)">(.*?)</script>', re.DOTALL)


def page(
    title: str = "Title", scripts: tuple[str, ...] = (), data: Mapping[str, object] | None = None
) -> str:
    return assemble(
        "frame.html",
        scripts,
        data or {},
        title=title,
        subtitle="",
        headline="",
        version="0",
        marks=(),
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_data_comes_out_as_it_went_in_and_ends_no_script(tree: object) -> None:
    ((name, text),) = DATA.findall(page(data={"run": [tree, HOSTILE]}))
    assert name == "run"
    assert json.loads(text) == [tree, HOSTILE]
    assert "<" not in text


def test_what_is_not_a_number_is_no_data() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        page(data={"run": float("nan")})


def test_a_text_is_shown_and_not_obeyed() -> None:
    made = page(HOSTILE)
    assert not SCRIPT.findall(made)
    assert "<img" not in made
    (shown,) = re.findall(r"<h1>(.*?)</h1>", made)
    assert unescape(shown) == HOSTILE.replace("\u2028", r"\u2028")


def test_directions_of_text_are_not_turned() -> None:
    assert r"a\u202eb" in page("a\u202eb")


def test_only_the_pages_own_scripts_may_run() -> None:
    made = page(scripts=('"use strict";', 'const a = "</script>";'))
    found = SCRIPT.findall(made)
    assert len(found) == 2
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in found]
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', made)
    rules = dict(rule.strip().split(" ", 1) for rule in unescape(policy).split(";"))
    assert rules["script-src"].split() == [f"'sha256-{digest}'" for digest in digests]
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"


def test_a_page_without_scripts_lets_none_run() -> None:
    assert "script-src &#39;none&#39;" in page()


def test_no_address_leads_anywhere() -> None:
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", page(scripts=("1",)))
    assert "://" not in page()


def test_an_address_holds_its_content() -> None:
    head, _, content = data_address("image/svg+xml", b"<svg/>").partition(",")
    assert head == "data:image/svg+xml;base64"
    assert b64decode(content) == b"<svg/>"


def test_without_the_extra_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    assembling._environment.cache_clear()
    with pytest.raises(InputError, match=r"needs Bokeh.*pip install 'keepout\[page\]'"):
        page()
    assembling._environment.cache_clear()
