"""Colours, the same for the same thing everywhere, for every kind of sight.

A colour stands for a cause and for nothing else; all other things are told
apart by shades of grey and one blue, by dashes and by words. Warm colours are for those
who had not been told, cool ones for those who had been told something. Any two
differ by at least 0.14 in Oklab [1]_, as they are and as protanopes,
deuteranopes and tritanopes see them [2]_; each cause has a marker of its own besides.

References
----------
.. [1] Ottosson, B. (2020). A perceptual color space for image processing.
.. [2] Machado, G. M., Oliveira, M. M. and Fernandes, L. A. F. (2009). A
   physiologically-based model for simulation of color vision deficiency. IEEE
   Transactions on Visualization and Computer Graphics 15, 1291-1298. Severity 1.0.
"""

from __future__ import annotations

CAUSE_COLOURS = {
    "never_addressed": "#bc4408",
    "not_yet_sent": "#f7700a",
    "relay_gap": "#7e1c08",
    "in_transit": "#f0cc08",
    "unanswered": "#85548b",
    "lost": "#49205d",
    "misinformed": "#694ff7",
    "not_disseminated": "#0b97f7",
    "no_time": "#8fd8f6",
    "unable": "#14129d",
    "disregarded": "#1608f7",
    "undeclared": "#999999",
}
CAUSE_MARKERS = {
    "never_addressed": "X",
    "not_yet_sent": "v",
    "relay_gap": "p",
    "in_transit": ">",
    "unanswered": "s",
    "lost": "P",
    "misinformed": "*",
    "not_disseminated": "D",
    "no_time": "^",
    "unable": "h",
    "disregarded": "o",
    "undeclared": "d",
}
"""Matplotlib's markers."""

ZONE = "#7a9cb0"  # declared; told ones are its dashed outline
OPERATION = "#5a5a5a"  # as it really was; as planned, its outline
FLIGHT = "#808080"  # legible on white and on black: 3.9 and 5.3 to 1
SITE = "#3f6b3f"
DESK = "#c9b68a"  # hours in which nobody is there
