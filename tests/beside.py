"""A scenario with files beside it: the zone of the stories, and the flight through it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from sim.errors import ScenarioError
from sim.formats import tracks
from sim.formats.tracks import FlownTrack
from sim.scenario.plan import prepare
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, START, ZONE, as_text, scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.schema import Scenario

PARTIES: dict[str, Any] = {"north": {}, "south": {"response": {"comply": 0}}}
TOLD = {"to": "south", "via": "line", "at": "+30 min"}
INLINE = scenario(
    parties=PARTIES,
    zones={"area": {**ZONE, "issued": "+30 min", "notices": {"published": TOLD}}},
    flights={"walk": FLIGHT},
)


def clock(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


ED269 = json.dumps(
    {
        "features": [
            {
                "identifier": "area",
                "country": "XXX",
                "name": "Area",
                "restriction": "PROHIBITED",
                "applicability": [
                    {"permanent": "NO", "startDateTime": clock(60), "endDateTime": clock(180)}
                ],
                "geometry": [
                    {
                        "uomDimensions": "M",
                        "upperLimit": 99999,
                        "upperVerticalReference": "AMSL",
                        "horizontalProjection": {
                            "type": "Circle",
                            "center": [0.0, 0.0],
                            "radius": 50_000,
                        },
                    }
                ],
            }
        ]
    }
)


def feature(id_: str = "area", **properties: Any) -> dict[str, Any]:
    """The zone of the stories, as GeoJSON has it."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [0.0, 0.0]},
        "properties": {
            "id": id_,
            "radius": 50_000,
            "start": clock(60),
            "end": clock(180),
            "created": clock(30),
            **properties,
        },
    }


def features(*found: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": found})


def flown(*names: str, later_s: float = 0.0) -> list[FlownTrack]:
    """What the flight of the stories flies, in Unix time, under some names."""
    planned = prepare(INLINE).flights["walk"].track
    return [
        FlownTrack(name, name, "", planned.shifted(START.timestamp() + later_s)) for name in names
    ]


class Beside:
    """A folder with a scenario, and files beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        self.put("zones.geojson", features(feature()))
        self.put("zones.json", ED269)
        self.put("day.csv", tracks.write_csv(flown("walk", "run")))
        self.put("day.parquet", tracks.write_parquet(flown("walk", "run")))
        self.put("alone.csv", tracks.write_csv(flown("walk")))

    def put(self, name: str, content: str | bytes) -> None:
        to = self.folder / "data" / name
        to.write_bytes(content.encode() if isinstance(content, str) else content)

    def write(self, **sections: Any) -> str:
        document = as_text(
            {
                "keepout": 1,
                "name": "Story",
                "start": clock(0),
                "end": "+6 h",
                "parties": PARTIES,
                "channels": {"line": LINE},
                **sections,
            }
        )
        path = self.folder / "story.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        return str(path)

    def read(self, **sections: Any) -> Scenario:
        return load(self.write(**sections))

    def refused(self, **sections: Any) -> list[str]:
        """Give the complaints of a scenario, their paths cut to the folder of the files."""
        with pytest.raises(ScenarioError) as caught:
            self.read(**sections)
        return [f"{fault}".replace(f"{self.folder}/", "") for fault in caught.value.faults]


ZONES = {"file": "data/zones.geojson", "party": "north", "to": ["south"], "via": ["line"]}
WALK = {"party": "south", "track": {"file": "data/day.csv", "id": "walk"}}
