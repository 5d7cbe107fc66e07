import numpy as np
import pytest

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
def test_the_projection_is_ellipsoidal(centre: Position) -> None:
    """Azimuths from the centre are true, and rho grows as Karney's m12 / M12, not as R tan."""
    frame = Frame(centre)
    for azimuth in range(0, 360, 30):
        lon, lat, _ = GEOD.fwd(*centre, azimuth, 800_000)
        x, y = frame.project(lon, lat)[0]
        seen = np.degrees(np.arctan2(x, y))
        assert (seen - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)
        near, far = (GEOD.fwd(*centre, azimuth, 800_000 + d)[:2] for d in (-1, 1))
        slope = np.hypot(*(frame.project(*far) - frame.project(*near))[0]) / 2
        aside = GEOD.fwd(*centre, azimuth + 1e-4, 800_000)[:2]
        reduced = GEOD.inv(lon, lat, *aside)[2] / np.radians(1e-4)  # m12
        scale = 1 / np.sqrt(slope)  # d rho / ds = 1 / M12**2
        assert np.hypot(x, y) == pytest.approx(reduced / scale, rel=2e-6)


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("away", [300_000, 1_000_000, 4_000_000, 8_000_000])
def test_pieces_are_straight_within_4_mm(centre: Position, away: float) -> None:
    frame = Frame(centre)
    half = piece_length_m(max(away, 1_000_000)) / 2
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
