"""What a channel of each medium is like until the scenario says otherwise, as it would be written.

The values are modelling choices built on reported figures; each names what it rests on.
"""

from __future__ import annotations

from typing import Any

MEDIA: dict[str, dict[str, Any]] = {
    "hotline": {
        # One interpreted line between two desks, as on the Syria lines of 2015-2023.
        "lines": "1",
        # Choice: 0.85 within 5 min. Reported: 27 min for the named contact once (Deir ez-Zor,
        # 2016); a caller does not wait so long but calls again, hence patience and retry.
        "answer": {
            "probability": "0.85",
            "wait": {"uniform": {"min": "10 s", "max": "5 min"}},
            "patience": "5 min",
        },
        # Choice: an interpreted notice takes about 5 min; the stop call of Deir ez-Zor took
        # less than 5 min once it got through (AFCENT summary, 2016).
        "transfer": {"lognormal": {"median": "5 min", "p95": "12 min"}},
        "loss": "0",
        # Choice of 0.01: voice messages are in error in under 1 % of cases (Cardosi, 1994);
        # the offset is the 9 km by which a position was passed wrongly at Deir ez-Zor.
        "garble": {
            "probability": "0.01",
            "offset": "9 km",
            "bearing": {"uniform": {"min": "0 deg", "max": "360 deg"}},
        },
        "acknowledgement": "0 s",
        # Choice: six calls in all, five minutes apart.
        "retry": {"after": "5 min", "attempts": "6"},
    },
}

_PARTS = ("answer", "garble", "retry")  # completed key by key; all else is taken whole


def completed(channel: dict[str, Any]) -> dict[str, Any]:
    """Give a channel as written, with what it leaves open taken from its medium's preset.

    A medium that is not known is completed like the first, so that it is the only fault.
    """
    medium = channel.get("medium")
    known = MEDIA.get(medium) if isinstance(medium, str) else None
    preset = known or next(iter(MEDIA.values()))
    merged = {**preset, **channel}
    for part in _PARTS:
        if isinstance(channel.get(part), dict):
            merged[part] = {**preset[part], **channel[part]}
    return merged
