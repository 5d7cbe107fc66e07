"""Pure geometry on WGS84: it knows no scenario and no simulation."""
