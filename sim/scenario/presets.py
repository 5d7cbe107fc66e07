"""What a channel of each medium is like until the scenario says otherwise, as it would be written.

The values are modelling choices built on reported figures; each names what it rests on.
"""

from __future__ import annotations

from typing import Any

from sim.errors import InputError

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
    "relay": {
        # An intermediary's desk, reached by telephone or mail: 0.9 within 15 min (choice).
        "lines": "1",
        "answer": {
            "probability": "0.9",
            "wait": {"uniform": {"min": "0 s", "max": "15 min"}},
            "patience": "15 min",
        },
        # Choice. Reported: about 5 h on average until a humanitarian go (OCHA, 2024), in
        # which such a desk is one step of several.
        "transfer": {"lognormal": {"median": "30 min", "p95": "3 h"}},
        "loss": "0.01",
        # Choice of 0.02: coordinates are not verified by the relay (OCHA Yemen SOP, 2021).
        "garble": {
            "probability": "0.02",
            "offset": "9 km",
            "bearing": {"uniform": {"min": "0 deg", "max": "360 deg"}},
        },
        "acknowledgement": "0 s",
        "retry": {"after": "30 min", "attempts": "4"},
    },
    "notam": {
        # Choice: ten minutes from request to publication, and readers who brief hourly.
        "transfer": "10 min",
        "poll": "1 h",
        # Choice; unread notices are among the causes that GAO-05-928T names.
        "unread": "0.1",
        "loss": "0",
        "garble": {
            "probability": "0.01",
            "offset": "9 km",
            "bearing": {"uniform": {"min": "0 deg", "max": "360 deg"}},
        },
        "acknowledgement": "none",  # nobody tells a publisher what was read
        "retry": {"after": "1 h", "attempts": "1"},
    },
    "datalink": {
        # ASTM F3548-21: users notified of a change within 5 s in 95 % of cases; a normal law
        # clipped at 0 with sd 3.04 s gives 5 s at 95 % and 7.07 s at 99 %.
        "transfer": {"normal": {"mean": "0 s", "sd": "3.04 s", "min": "0 s"}},
        "loss": "0.00025",  # inter-service link, interuss/monitoring PR 1585
        "garble": {"probability": "0", "offset": "0 km", "bearing": "0 deg"},
        "acknowledgement": {"after": "25 ms", "loss": "0.00025"},
        "retry": {"after": "5 s", "attempts": "3"},
    },
}

_ANYWHERE = {"medium", "between", "from", "to", "outages", "failures", "lead"}
_MORE = {  # what a medium may be given beyond what its preset gives
    "hotline": {"waiting", "per_corner", "read_back", "interpretation"},
    "relay": {"waiting", "per_corner", "read_back", "interpretation"},
    "notam": set[str](),
    "datalink": {"bursts", "duplicate"},
}
_EVERY = {*_ANYWHERE, *(key for medium in MEDIA for key in (*MEDIA[medium], *_MORE[medium]))}
_PARTS = ("answer", "garble", "retry")  # completed key by key; all else is taken whole


def completed(channel: dict[str, Any]) -> dict[str, Any]:
    """Give a channel as written, with what it leaves open taken from its medium's preset.

    A medium that is not known is completed like the first, so that it is the only fault.

    Raises
    ------
    InputError
        If it has a key that means nothing to its medium.
    """
    medium = channel.get("medium")
    known = medium if isinstance(medium, str) and medium in MEDIA else next(iter(MEDIA))
    preset = MEDIA[known]
    foreign = (_EVERY - _ANYWHERE - _MORE[known] - preset.keys()) & channel.keys()
    if foreign:
        key = min(foreign)
        raise InputError(
            f"this means nothing to a {known}",
            at=(key,),
            hint=f"leave it out, or choose a medium that has {key}",
        )
    merged = {**preset, **channel}
    for part in _PARTS:
        if isinstance(channel.get(part), dict) and part in preset:
            merged[part] = {**preset[part], **channel[part]}
    return merged
