"""A tree on its way to a typed file: what cannot be typed is complained of and taken out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenario.tree import Complaint, Path

_Model = TypeVar("_Model", bound=BaseModel)
_IGNORED = "x-"


@dataclass(slots=True)
class Attempt(Generic[_Model]):
    """A tree on its way to a model, without the keys that are the author's own.

    Parameters
    ----------
    model
        What to make of the tree.
    tree
        The tree; it is changed.
    words
        What is said of what is wrong.
    cut
        Gives the smallest part around a fault that can be left out.
    stand_ins
        What stands in for a section that cannot be read, so that the rest is still checked.
    kept
        Sections whose entries, where they cannot be read, leave their ids behind.
    """

    model: type[_Model]
    tree: dict[str, Any]
    words: explain.Words
    cut: Callable[[Path], Path]
    stand_ins: Mapping[str, Any]
    kept: frozenset[str] = frozenset()
    complaints: list[Complaint] = field(default_factory=list)
    pruned: set[Path] = field(default_factory=set)

    def typed(self) -> _Model | None:
        """Give the model of all that can be typed; None if nothing can."""
        while True:
            try:
                return self.model.model_validate(self.tree)
            except ValidationError as error:
                found = explain.complaints(error, self.words)
            # What a second reading finds wrong is only what was taken out.
            self.complaints = self.complaints or found
            cuts = {self.cut(complaint.path) for complaint in found} - self.pruned
            if not cuts:
                return None
            bad_ids = {complaint.path for complaint in found if complaint.of_key}
            for path in cuts:
                self._prune(path, keep_id=path not in bad_ids)
            self.pruned |= cuts

    def _prune(self, path: Path, *, keep_id: bool) -> None:
        """Take a part out, or put in its place what lets the rest be read."""
        *above, last = path
        here: Any = self.tree
        for key in above:
            here = here.get(key, {}) if isinstance(here, dict) else {}
        if not isinstance(here, dict):
            return
        here.pop(last, None)
        if not above:
            self.tree.update(
                {key: one for key, one in self.stand_ins.items() if key not in self.tree}
            )
        elif path[0] in self.kept and keep_id:
            here[last] = {}


def without_ignored(tree: Any) -> Any:
    """Give a copy of a tree without the keys that are the author's own."""
    if isinstance(tree, dict):
        return {
            key: without_ignored(value)
            for key, value in tree.items()
            if not key.startswith(_IGNORED)
        }
    return [without_ignored(value) for value in tree] if isinstance(tree, list) else tree
