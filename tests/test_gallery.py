"""The gallery in scenarios/causes: each file shows its leaf alone, and says how to lose it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.causes import CAUSES
from sim.findings.run import Run, run
from sim.scenario.reader import load
from tests.oracles import derive_cause

GALLERY = Path(__file__).parents[1] / "scenarios" / "causes"
# What the head of each file says would make the cause go away, done.
CHANGES: dict[str, dict[str, Any]] = {
    "never_addressed": {"zones.danger-area.notices.first.to": ["traffic", "survey"]},
    "not_yet_sent": {"zones.danger-area.notices.first.at": "2026-06-01T09:45Z"},
    "relay_gap": {"parties.traffic.desk.relay.omits_to": []},
    "in_transit": {"parties.survey.desk.handling": "10 min"},
    "unanswered": {"channels.phone.answer.probability": 1},
    "lost": {"channels.phone.loss": 0},
    "misinformed": {"channels.phone.garble.probability": 0},
    "not_disseminated": {"parties.survey.desk.dissemination": "5 min"},
    "no_time": {"parties.survey.response.reaction": "1 min"},
    "unable": {"parties.survey.response.actions": ["delay", "reroute"]},
    "disregarded": {"parties.survey.response.comply": 1},
    "undeclared": {"zones.danger-area.amend": {"overrun": {"extend": "3 h"}}},
}


def causes(found: Run) -> set[str]:
    return {v.cause for v in found.violations} | {i.cause for i in found.incursions}


def test_there_is_one_file_a_leaf() -> None:
    assert {path.stem for path in GALLERY.glob("*.yaml")} == set(CAUSES) == CHANGES.keys()


@pytest.mark.parametrize("leaf", CAUSES)
def test_each_file_shows_its_leaf_and_no_other(leaf: str) -> None:
    found = run(load(GALLERY / f"{leaf}.yaml"))
    assert causes(found) == {leaf}
    for violation in found.violations:
        derived = derive_cause(
            found.scenario.document,
            found.journal.dumps(),
            flight=violation.flight,
            zone=violation.zone,
            entry=violation.entry,
        )
        assert derived == leaf


@pytest.mark.parametrize("leaf", CAUSES)
def test_the_change_that_each_file_names_makes_it_go_away(leaf: str) -> None:
    changed = load(GALLERY / f"{leaf}.yaml").replace(CHANGES[leaf])
    found = run(changed)
    assert leaf not in causes(found)
