"""What the fuzzer starts from: small files of our own, and real ones where they are beside us."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
_PACKED: tuple[Literal["snappy", "gzip"] | None, ...] = (None, "snappy", "gzip")
_ROWS = 24  # of a real track: the rest says nothing new

NOTAMS = (
    """\
(A0135/24 NOTAMN
Q) EGTT/QRTCA/IV/BO/W/000/100/5130N00030W005
A) EGTT B) 2401150800 C) 2401182000
D) 15 0800-1000, 16-18 1500-1800
E) TEMPO RESTRICTED AREA ACT. AREA BOUNDED BY
512900N0002800W - 513000N0002500W - 513100N 0002800W - 512900N0002800W
F) SFC G) FL100)
""",
    """\
A0136/24 NOTAMR A0135/24
Q) EDGG/QWMLW/IV/BO/W/000/025/5012N00850E003
A) EDGG PART 1 OF 2 B) 2405270530 C) 2406301500 EST
D) DAILY SR MINUS30-SS PLUS30 EXC SAT SUN AND MAY 30
E) 1. WI 3NM RADIUS OF 5012N00850E. 2. 2.5 NM EITHER SIDE OF LINE
50-10-30N 008-40-00E - N50 12.5 E008 50 - 501530.5N0085500E
F) GND G) 2500FT AMSL
CREATED: 15 Nov 2022 15:42:00
SOURCE: EUECYIYN

A0136/24 NOTAMR A0135/24
A) EDGG PART 2 OF 2
E) SECTOR WITHIN 10 NM OF 501200N0085000E BETWEEN BEARINGS 090 AND 180 TRUE
""",
    """\
ZCZC
GG EGLLZQZX
150800 EUECYIYN
(B0001/25 NOTAMN
Q) NZZC/QWDLW/IV/BO/W/000/999/4436S17950E050
A) NZZC B) 2501010000 C) PERM
D) MON-FRI 2200-0400, JAN 01 0000-DEC 31 2359, H24
E) FM 4400S17900E - 4500S17900E THEN CLOCKWISE ARC RADIUS 30NM CENTRED ON
4500S17930E TO 4500S18000E - 4400S17900W TO POINT OF ORIGIN EXC CIRCLE RADIUS 1KM
CENTRE 44\N{DEGREE SIGN}30'15.5"S 179\N{DEGREE SIGN}45'00"E
F) 300M AGL G) UNL)
NNNN
B0002/25 NOTAMC B0001/25
A) NZZC B) 2501020000
E) REF B0001/25 CANCELLED
""",
)

OPENAIR = (
    """\
*VERSION: 2.0
AC R
AY RESTRICTED
AN Range \N{LATIN SMALL LETTER U WITH DIAERESIS}ber See
AI r-1
AF 123.505
AG Station
AX 7000
AH FL95
AL 1000ft AGL
AA 2023-12-16T12:00Z/2023-12-16T13:00Z
AA NONE/2024-01-01T24:00Z
DP 45:00:00 N 010:00:00 E
DP 45:00:00 N 011:00:00 E * corner
DP 46:00.5N 011:00.25E
""",
    """\
AC D
AN Arc and circle
AL GND
AH UNL
V D=-
V X=45:30:00 N 010:30:00 E
DA 10,270,290
DB 45:15:30 N 014:18:20 E, 45:20:00 N 014:18:20 E
DP 453000N 0103000E
AC CTR
AN Circle
AL 1500m AMSL
AH 19500ft STD
AA NONE
SP 0,3,255,150,40
V X=89:30:00 S 180:00:00 W
DC 2.5
""",
    """\
AC UNC
AN Way
AL GND
AH 2500
V W=5.0
DY 00:00:00N 179:59:00E
DY 45.2583333N, 14.30555555W
DY 46:00:00N 015:00:00W
""",
)

_RING = [[7.0, 46.0], [7.1, 46.0], [7.1, 46.1], [7.0, 46.1], [7.0, 46.0]]
_HOLE = [[7.02, 46.02], [7.02, 46.04], [7.04, 46.03], [7.02, 46.02]]
_SEAM = [
    [[[179.0, 10.0], [180.0, 10.0], [180.0, 11.0], [179.0, 11.0], [179.0, 10.0]]],
    [[[-180.0, 10.0], [-179.0, 10.0], [-179.0, 11.0], [-180.0, 11.0], [-180.0, 10.0]]],
]
_CAP = [[[-180.0, 80.0], [180.0, 80.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, 80.0]]]

ED269: dict[str, Any] = {
    "title": "test",
    "features": [
        {
            "identifier": "EDR1",
            "country": "DEU",
            "name": [{"text": "Testwald", "lang": "de-DE"}, {"text": "Wood", "lang": "en-GB"}],
            "restriction": "REQ_AUTHORISATION",
            "reason": ["NATURE", "NOISE"],
            "zoneAuthority": [{"name": "CAA", "purpose": "INFORMATION"}],
            "applicability": [
                {
                    "permanent": "NO",
                    "startDateTime": "2022-06-01T00:00:00Z",
                    "endDateTime": "2022-06-08T00:00:00.00Z",
                    "schedule": [
                        {"day": ["SAT", "ANY"], "startTime": "22:00:00.00Z", "endTime": "06:00Z"},
                        {"day": ["MON"], "startEvent": "SR", "endTime": "03:00+02:00"},
                    ],
                }
            ],
            "geometry": [
                {
                    "uomDimensions": "FT",
                    "lowerLimit": 0,
                    "lowerVerticalReference": "AGL",
                    "upperLimit": 99999,
                    "upperVerticalReference": "WGS84",
                    "horizontalProjection": {"type": "Polygon", "coordinates": [_RING, _HOLE]},
                },
                {"horizontalProjection": {"type": "Circle", "center": [7, 46], "radius": 300}},
            ],
        }
    ],
}

_LAYER = {"upper": 150, "upperReference": "AGL", "lower": 50, "lowerReference": "AMSL", "uom": "ft"}
ED318: dict[str, Any] = {
    "type": "FeatureCollection",
    "metadata": {"validFrom": "2022-06-01T00:00:00Z", "validTo": None},
    "features": [
        {
            "type": "Feature",
            "id": "A1",
            "geometry": {
                "type": "GeometryCollection",
                "layer": _LAYER,
                "geometries": [
                    {
                        "type": "Point",
                        "coordinates": [2.6, 50.1],
                        "extent": {"subType": "Circle", "radius": 3500},
                    },
                    {"type": "Polygon", "coordinates": [_RING], "layer": {"upper": 10, "uom": "m"}},
                    {"type": "MultiPolygon", "coordinates": _SEAM},
                ],
            },
            "properties": {
                "identifier": "A1",
                "country": "FRA",
                "name": [{"text": "Cercle", "lang": "fr-FR"}],
                "type": "CONDITIONAL",
                "limitedApplicability": [
                    {
                        "startDateTime": "2022-01-01T00:00:00Z",
                        "schedule": [{"day": ["SUN"], "startTime": "10:00Z", "endEvent": "SS"}],
                    }
                ],
                "extendedProperties": {"x": [1, {"y": None}]},
            },
        }
    ],
}

F3548: dict[str, Any] = {
    "operational_intent": {
        "reference": {"id": "4b1c", "manager": "uss1", "state": "Activated", "version": 3},
        "details": {
            "priority": 100,
            "volumes": [
                {
                    "volume": {
                        "outline_circle": {
                            "center": {"lng": 36.7, "lat": 36.3},
                            "radius": {"value": 6000, "units": "M"},
                        },
                        "altitude_lower": {"value": 50, "reference": "W84", "units": "M"},
                        "altitude_upper": {"value": 500.5, "reference": "W84", "units": "M"},
                    },
                    "time_start": {"value": "2022-02-02T18:00:00Z", "format": "RFC3339"},
                    "time_end": {"value": "2022-02-02T19:00:00+01:00", "format": "RFC3339"},
                }
            ],
            "off_nominal_volumes": [
                {
                    "volume": {
                        "outline_polygon": {
                            "vertices": [
                                {"lng": 179.9, "lat": -1},
                                {"lng": -179.9, "lat": -1},
                                {"lng": 180, "lat": 1},
                            ]
                        }
                    },
                    "time_start": None,
                }
            ],
        },
    }
}

GEOJSON: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 7,
            "geometry": {"type": "MultiPolygon", "coordinates": [[_RING, _HOLE], *_SEAM, _CAP]},
            "properties": {
                "id": "R1",
                "name": "Range",
                "kind": "R",
                "lower": 1000,
                "upper": "5000 ft MSL",
                "units": "ft",
                "reference": "AMSL",
                "start": "1970-01-01T00:00:00Z",
                "end": "1970-01-01T01:00:00Z",
            },
        },
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [7, 46, 500]},
            "properties": {"radius": "5 km", "upper": 95, "units": "FL"},
        },
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [[179, 46], [-179, 46], [-178.5, 46.5]],
            },
            "properties": {"width": 2000, "lower": "SFC"},
        },
        {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": []}},
    ],
}


def rows(count: int = 6) -> list[dict[str, Any]]:
    """Positions of two aircraft, as tools write them."""
    return [
        {
            "timestamp": (1_558_732_719 + k // 2) * 1000,
            "icao24": "4b43ac" if k % 2 else "3c",
            "callsign": "REGA1" if k % 2 else None,
            "latitude": 47.0 + k * 0.001,
            "longitude": 8.5,
            "altitude": 1950.0 + 25 * k,
            "onground": k == 4,
        }
        for k in range(count)
    ]


TEXTS_OF_TRACKS = (
    "time,icao24,lat,lon,callsign,onground,baroaltitude\n"
    + "".join(f"2019-05-24T21:18:{39 + k}Z,3c,47.{k},8,X1 ,f,{600 + k}\n" for k in range(6)),
    "timestamp;latitude;longitude;altitude\n"
    + "".join(f'{1_558_732_719 + k};47,"8.{k}";{k}00\n' for k in range(6)),
    "keepout_track,callsign,icao24,time_s,longitude,latitude,altitude_m,reference\n"
    + "".join(f"REGA1,REGA1,4b43ac,{k}.5,8.{k},47.0,{k}00,MSL\n" for k in range(6)),
)


def _json(*documents: Any) -> list[bytes]:
    return [json.dumps(document, ensure_ascii=False).encode() for document in documents]


def _frames() -> list[pd.DataFrame]:
    plain = pd.DataFrame(rows())
    stamped = plain.assign(timestamp=pd.to_datetime(plain["timestamp"], unit="ms", utc=True))
    return [plain, stamped, plain.assign(callsign=plain["callsign"].astype("category"))]


def _parquet(frame: pd.DataFrame, compression: Literal["snappy", "gzip"] | None) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, compression=compression)
    return out.getvalue()


def _tracks_in_json() -> list[bytes]:
    plain = pd.DataFrame(rows())
    lines = plain.to_json(orient="records", lines=True)
    packed = gzip.compress(json.dumps(rows()).encode(), mtime=0)
    readsb = [
        {
            "ts": 1_558_732_719 + k,
            "hex": "3c",
            "flight": "X1 ",
            "lat": 47,
            "lon": 8,
            "alt_baro": alt,
        }
        for k, alt in enumerate(["ground", 1000, 1100])
    ]
    return [*_json(rows(), readsb), plain.to_json().encode(), lines.encode(), packed]


def _real(folder: str, pattern: str = "*.json") -> list[bytes]:
    return [path.read_bytes() for path in sorted((REAL / folder).glob(pattern))]


def _real_notams() -> list[bytes]:
    cases = [json.loads(content)["cases"] for content in _real("notam")]
    return [case["text"].encode() for some in cases for case in some]


def _real_tracks() -> list[bytes]:
    """Give the first rows of each: bytes that are the same wherever gzip packed them."""
    texts = [gzip.decompress(content) for content in _real("tracks", "*.json.gz")]
    return _json(*(json.loads(text)[:_ROWS] for text in texts))


def seeds(name: str, *, real: bool = True) -> list[bytes]:
    """Give the files that the inputs of a target are made of."""
    own: dict[str, Callable[[], list[bytes]]] = {
        "notam": lambda: [text.encode() for text in NOTAMS],
        "openair": lambda: [text.encode() for text in OPENAIR],
        "ed269": lambda: _json(ED269),
        "ed318": lambda: _json(ED318, ED318["features"][0]),
        "f3548": lambda: _json(F3548, F3548["operational_intent"]["details"]["volumes"]),
        "geojson": lambda: _json(GEOJSON, *GEOJSON["features"]),
        "csv": lambda: [text.encode() for text in TEXTS_OF_TRACKS],
        "json": _tracks_in_json,
        "parquet": lambda: [_parquet(frame, how) for frame in _frames() for how in _PACKED],
    }
    if name == "reading":
        return [seed for one in own for seed in seeds(one, real=real)]
    more: dict[str, Callable[[], list[bytes]]] = {
        "notam": _real_notams,
        "openair": lambda: _real("openair", "*.txt"),
        "ed269": lambda: _real("ed269"),
        "ed318": lambda: _real("ed318"),
        "f3548": lambda: _real("f3548"),
        "json": _real_tracks,
    }
    return own[name]() + (more[name]() if real and name in more else [])
