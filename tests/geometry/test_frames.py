import numpy as np
import pytest
from pyproj import Transformer

from sim.geometry.frames import PIECE_M, Frame, frame_near, piece_length_m
from sim.units import Position
from tests.geometry.oracle import GEOD

CENTRES = [
    Position(37, 36),
    Position(0, 0),
    Position(-120, -62),
    Position(180, 45),
    Position(0, 90),
]


@pytest.mark.parametrize("centre", CENTRES)
def test_a_place_is_seen_from_the_centre_of_mean_curvature(centre: Position) -> None:
    """Three places on one line of sight: the eye, one on the ellipsoid (by PROJ), its image."""
    frame = Frame(centre)
    axis, flattening = GEOD.a, GEOD.f
    sine = np.sin(np.radians(centre.lat))
    bulge = 1 - flattening * (2 - flattening) * sine**2
    prime = axis / np.sqrt(bulge)
    mean = np.sqrt(prime * prime * (1 - flattening * (2 - flattening)) / bulge)
    to_earth = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    here, above = (np.array(to_earth.transform(*centre, h)) for h in (0.0, 1e6))
    up = (above - here) / 1e6
    eye = here - mean * up
    for azimuth in range(0, 360, 30):
        for away in (50_000, 800_000, 4_000_000):
            lon, lat, _ = GEOD.fwd(*centre, azimuth, away)
            seen = np.array(to_earth.transform(lon, lat, 0.0)) - eye
            flat = seen * mean / (seen @ up) - mean * up
            image = np.hypot(*frame.project(lon, lat)[0])
            assert image == pytest.approx(np.sqrt(flat @ flat), rel=1e-9)
            back = np.array(frame.unproject(frame.project(lon, lat))).ravel()
            assert GEOD.inv(lon, lat, *back)[2] < 1e-6


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("away", [300_000, 1_000_000, 4_000_000, 8_000_000])
def test_pieces_are_straight_within_4_mm(centre: Position, away: float) -> None:
    frame = Frame(centre)
    half = float(piece_length_m(max(away, 1_000_000))) / 2
    worst = 0.0
    for azimuth in range(0, 360, 30):
        lon, lat, _ = GEOD.fwd(*centre, azimuth, away)
        for heading in range(0, 180, 20):
            start, goal = (GEOD.fwd(lon, lat, heading, d)[:2] for d in (-half, half))
            (middle, a, b) = frame.project(*np.array([(lon, lat), start, goal]).T)
            share = ((middle - a) @ (b - a)) / ((b - a) @ (b - a))
            foot = frame.unproject((a + share * (b - a))[None])
            seen, _, off = GEOD.inv(lon, lat, foot[0][0], foot[1][0])
            worst = max(worst, abs(off * np.sin(np.radians(seen - heading))))
    assert worst < 0.004 + 1e-6 * away / 1000


def test_shared_frames_are_near() -> None:
    for lon in np.linspace(-180, 180, 61):
        for lat in np.linspace(-90, 90, 37):
            frame = frame_near(Position(float(lon), float(lat)))
            assert GEOD.inv(lon, lat, *frame.centre)[2] < 320_000


def test_shared_frames_are_one_on_both_sides_of_the_antimeridian() -> None:
    assert frame_near(Position(179.9, 1)) is frame_near(Position(-179.9, 1))
    assert PIECE_M < 75_000
