"""How tests look at a page: what it shows, what it asks for, and where things are on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_COLUMN = (
    "([chart, name, column]) => Array.from(keepoutModel(chart, name).data_source.data[column])"
)
_FIND = """
const keepoutModel = (chart, name) =>
  Bokeh.documents.map((one) => one.get_model_by_name(chart)).find((one) => one)
    .document.get_model_by_name(name);
"""
_PLACE = """([chart, x, y]) => {
  const model = Bokeh.documents.map((one) => one.get_model_by_name(chart)).find((one) => one);
  const frame = Bokeh.index.find_one(model).frame.bbox;
  const box = document.getElementById(chart === "map" ? "map" : "timeline").getBoundingClientRect();
  const { x_range, y_range } = model;
  const share = (value, range) => (value - range.start) / (range.end - range.start);
  return [
    box.left + frame.left + share(x, x_range) * frame.width,
    box.top + frame.top + (1 - share(y, y_range)) * frame.height,
  ];
}"""


@dataclass
class Looked:
    """A page that is open, with all that it asked for and complained of."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def column(self, chart: str, name: str, column: str) -> list[Any]:
        """Give a column of what a chart shows."""
        found: list[Any] = self.page.evaluate(f"{_FIND}({_COLUMN})", [chart, name, column])
        return found

    def click(self, chart: str, x: float, y: float) -> None:
        """Click on a place of a chart, given as the chart counts."""
        self.page.locator(f"#{chart}").scroll_into_view_if_needed()
        self.page.mouse.click(*self.page.evaluate(_PLACE, [chart, x, y]))

    def text(self, selector: str) -> str:
        """Give what can be read in an element."""
        return self.page.locator(selector).inner_text()

    def shown(self, selector: str) -> list[str]:
        """Give the texts of those elements that are seen."""
        return self.page.locator(f"{selector}:visible").all_inner_texts()

    def slide_to(self, seconds: float) -> None:
        """Move the slider as a hand would."""
        self.page.locator("#time").evaluate(
            "(one, at) => { one.value = at; one.dispatchEvent(new Event('input')); }", seconds
        )


def look_at(browser: Browser, path: str, **options: Any) -> Looked:
    """Open a file, and wait until its scripts have run."""
    wanted: dict[str, Any] = {"viewport": DESK, "offline": True} | options
    context = browser.new_context(**wanted)
    looked = Looked(context.new_page(), Path(path).as_uri())
    page: Any = looked.page  # whose many overloads take no lambdas
    page.set_default_timeout(20_000)
    page.on("request", lambda one: looked.requests.append(one.url))
    page.on("pageerror", lambda error: looked.complaints.append(str(error)))
    page.on("console", lambda one: _note(looked, one.type, one.text))
    page.on("dialog", lambda one: _refuse(looked, one))
    page.route("**/*", lambda route: _only(route, looked.address))
    page.goto(looked.address)
    if options.get("java_script_enabled", True):
        ready = "html[data-ready]" if page.locator("#map").count() else "html.live"
        page.wait_for_selector(ready, state="attached")
    return looked


def _only(route: Any, address: str) -> None:
    """Let the file itself be read, and nothing else."""
    if route.request.url == address:
        route.continue_()
    else:
        route.abort()


def _refuse(looked: Looked, dialog: Any) -> None:
    looked.complaints.append(dialog.message)
    dialog.dismiss()


def _note(looked: Looked, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        looked.complaints.append(text)
