"""Parts that many sections of a scenario have: areas, windows, and what compares altitudes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from sim.errors import InputError
from sim.scenario import fields as f

if TYPE_CHECKING:
    from typing import Self

_MOST_POINTS = 2000
_MOST_HOLES = 100


class Frozen(BaseModel):
    """A part of a scenario; it never changes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )


class Window(Frozen):
    """A time window, half-open: a start with either an end or a duration."""

    start: f.Instant = Field(description="When it begins.")
    end: f.Instant | None = Field(None, description="When it ends; or duration.")
    duration: f.Span | None = Field(None, description="How long it lasts; or end.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "end", "duration", before="start with ")
        return self


class Circle(Frozen):
    """All places within a distance of a centre."""

    center: f.Place = Field(description="The middle.")
    radius: f.Size = Field(description="How far it reaches from the middle.")


class Polygon(Frozen):
    """A ring of positions, also written as a bare list; holes are rings within it."""

    points: tuple[f.Place, ...] = Field(
        min_length=3,
        max_length=_MOST_POINTS,
        description="The corners in order; the last joins the first.",
    )
    holes: tuple[
        Annotated[tuple[f.Place, ...], Field(min_length=3, max_length=_MOST_POINTS)], ...
    ] = Field((), max_length=_MOST_HOLES, description="Rings within it that are left out.")
    edges: f.Edges = Field("geodesic", description="What runs between two points.")


class Corridor(Frozen):
    """All places within half a width of a route."""

    route: tuple[f.Place, ...] = Field(
        min_length=2, max_length=_MOST_POINTS, description="Positions along the middle."
    )
    width: f.Size = Field(description="Full width, half to each side.")
    edges: f.Edges = Field("geodesic", description="What runs between two points.")


def _as_polygon(value: Any) -> Any:
    return {"points": value} if isinstance(value, list) else value


class Area(Frozen):
    """A footprint on the ground: exactly one of its keys."""

    circle: Circle | None = Field(None, description="All places within a distance of a centre.")
    polygon: (
        Annotated[
            Polygon, BeforeValidator(_as_polygon, json_schema_input_type=Polygon | list[f.Place])
        ]
        | None
    ) = Field(None, description="All places within a ring of positions.")
    corridor: Corridor | None = Field(
        None, description="All places within half a width of a route."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ask_one(self, "circle", "polygon", "corridor")
        return self


class Vertical(Frozen):
    """What is needed to compare altitudes of different references."""

    terrain: f.Height | None = Field(None, description="Elevation of the ground above MSL.")
    geoid: f.Height | None = Field(None, description="Height of MSL above the ellipsoid.")
    qnh: f.Pressure | None = Field(None, description="Pressure at MSL, or standard.")


def ask_one(part: Frozen, *keys: str, before: str = "") -> None:
    """Refuse a part of which not exactly one of some keys is given."""
    given = [key for key in keys if getattr(part, key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise InputError(f"expected {before}exactly one of {', '.join(keys)}, found {found}")
