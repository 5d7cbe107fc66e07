from math import inf

import pytest

from sim.errors import GeometryError, VerticalError
from sim.geometry.altitude import Band, Limit, Reference, Vertical, band_above, common_band
from tests.geometry.oracle import ANY_ALTITUDE, msl

AGL, FL, MSL, SFC, UNL, W84 = (
    Reference.AGL,
    Reference.FL,
    Reference.MSL,
    Reference.SFC,
    Reference.UNL,
    Reference.W84,
)


def test_references_come_down_to_mean_sea_level() -> None:
    vertical = Vertical(terrain_m=400, geoid_m=25, qnh_hpa=1013.25)
    limits = [Limit(MSL, 100), Limit(AGL, 100), Limit(W84, 100), Limit(FL, 100), Limit(SFC, 0)]
    assert [vertical.msl(limit) for limit in limits] == [100, 500, 75, 100, 400]


def test_a_low_qnh_lowers_flight_levels() -> None:
    """ICAO's standard atmosphere: 1000 hPa lies 110.88 m above 1013.25 hPa."""
    low = Vertical(qnh_hpa=1000).msl(Limit(FL, 3048))
    assert low == pytest.approx(3048 - 110.88, abs=0.02)


def test_the_same_reference_needs_no_setting() -> None:
    low, high = Band(Limit(SFC, 0), Limit(FL, 3000)), Band(Limit(FL, 2000), Limit(UNL, inf))
    assert common_band(low, high, None) == (2000, 3000)
    assert common_band(ANY_ALTITUDE, low, None) == (-inf, 3000)
    assert common_band(ANY_ALTITUDE, ANY_ALTITUDE, None) == (-inf, inf)


def test_lid_and_floor_at_one_height_share_nothing() -> None:
    assert common_band(msl(0, 1000), msl(1000, 2000), None) is None


def test_metres_are_compared_with_feet_as_heights() -> None:
    """100 m is above 200 ft (60.96 m), though 100 is less than 200."""
    two_hundred_feet = 200 * 0.3048
    assert common_band(msl(100, 150), msl(0, two_hundred_feet), None) is None


def test_across_references_mean_sea_level_is_the_axis() -> None:
    vertical = Vertical(terrain_m=400, qnh_hpa=1013.25)
    shared = common_band(Band(Limit(AGL, 100), Limit(AGL, 900)), msl(0, 1000), vertical)
    assert shared == (500, 1000)


def test_a_missing_setting_is_named_with_both_limits() -> None:
    first, second = Band(Limit(SFC, 0), Limit(FL, 5486.4)), Band(Limit(AGL, 304.8), Limit(UNL, inf))
    with pytest.raises(VerticalError, match=r"FL180.*1000 ft AGL.*vertical\.qnh"):
        common_band(first, second, Vertical(terrain_m=400))
    with pytest.raises(VerticalError, match=r"1000 ft AGL.*FL180.*vertical\.terrain"):
        common_band(first, second, Vertical(qnh_hpa=1013.25))
    with pytest.raises(VerticalError, match=r"vertical\.geoid"):
        Vertical().msl(Limit(W84, 10))


def test_a_band_is_given_above_a_tracks_reference() -> None:
    vertical = Vertical(terrain_m=400, qnh_hpa=1013.25)
    assert band_above(FL, Band(Limit(AGL, 100), Limit(FL, 3000)), vertical) == (500, 3000)
    assert band_above(AGL, Band(Limit(SFC, 0), Limit(SFC, 0)), None) == (-inf, 0)
    assert band_above(MSL, ANY_ALTITUDE, None) == (-inf, inf)
    with pytest.raises(VerticalError, match=r"FL100.*MSL.*vertical\.qnh"):
        band_above(MSL, Band(Limit(SFC, 0), Limit(FL, 3048)), None)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: Limit(MSL, inf), "finite"),
        (lambda: Limit(MSL, float("nan")), "finite"),
        (lambda: Limit(SFC, 10), "SFC is at"),
        (lambda: msl(200, 100), "not below"),
        (lambda: msl(100, 100), "not below"),
        (lambda: Band(Limit(AGL, 10), Limit(SFC, 0)), "not below"),
        (lambda: Band(Limit(UNL, inf), Limit(UNL, inf)), "UNL"),
        (lambda: Vertical(qnh_hpa=29.92), "qnh"),
        (lambda: Vertical(terrain_m=float("nan")), "terrain_m"),
    ],
)
def test_nonsense_is_refused(make: object, fault: str) -> None:
    with pytest.raises(GeometryError, match=fault):
        make()  # type: ignore[operator]


def test_records_round_trip() -> None:
    for band in (ANY_ALTITUDE, msl(-12.5, 0.1), Band(Limit(AGL, 1 / 3), Limit(FL, 5486.4))):
        assert Band.from_record(band.to_record()) == band
