"""What types of platform sense and shoot with, as frozen columns: sensors, weapons, fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import ERRORS_OF_KINDS, SENSOR_KINDS, WEAPON_KINDS
from startex.forces.catalogue import FigureProvenance
from startex.foundation.errors import did_you_mean

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SensorTable:
    """Sensors as columns of shape (s,), rows sorted by id; nan where a figure does not apply.

    ``kind`` is the position in `SENSOR_KINDS`, ``night`` whether it needs no light. What the
    figures mean stands in `startex.forces.armament_figures.SENSOR_FIGURES`; each is in the unit its
    name ends in (``fields``: fields of view in the field of regard, at least 1).
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    kind: Int8
    night: Bool
    fields: Float64
    max_range_m: Float64
    min_range_m: Float64
    height_m: Float64
    period_s: Float64
    field_of_regard_deg: Float64
    field_of_view_deg: Float64
    range_1m2_m: Float64
    pulses: Float64
    false_alarm: Float64
    cycles_per_mrad: Float64
    source_level_db: Float64
    noise_db: Float64
    directivity_db: Float64
    threshold_db: Float64
    bearing_error_deg: Float64
    range_error_m: Float64
    range_error_share: Float64
    constant_m3_s: Float64

    def __len__(self) -> int:
        return len(self.id)

    def index(self, sensor: str) -> int:
        """Return the row of a sensor; a `KeyError` names the nearest one."""
        return _index(self.id, "sensor", sensor)

    def merit_db(self) -> Float64:
        """Return the figure of merit of sonars without the target's own level, dB, shape (s,).

        Passive: ``-NL + DI - DT``; active: ``SL - NL + DI - DT``; nan for other sensors.
        """
        active = self.kind == SENSOR_KINDS.index("sonar_active")
        sent = np.where(active, self.source_level_db, 0.0)
        merit: Float64 = sent - self.noise_db + self.directivity_db - self.threshold_db
        return merit

    def errors(self) -> Float64:
        """Return the errors of bearing (degrees) and range (m; share of it), shape (3, s).

        Standard deviations. A figure that is absent beside another is 0; where all are absent,
        those of the kind hold.
        """
        given = np.stack([self.bearing_error_deg, self.range_error_m, self.range_error_share])
        usual = np.array([ERRORS_OF_KINDS[kind] for kind in SENSOR_KINDS])[self.kind].T
        found: Float64 = np.where(np.isnan(given).all(axis=0), usual, np.nan_to_num(given))
        return found


@dataclass(frozen=True, slots=True)
class WeaponTable:
    """Weapons as columns of shape (w,), rows sorted by id; nan where a figure does not apply.

    ``kind`` is the position in `WEAPON_KINDS`; ``against`` has shape (w, 6), by `AGAINST`;
    ``ammunition`` is the class of supply. Figures as in
    `startex.forces.armament_figures.WEAPON_FIGURES`.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    kind: Int8
    against: Bool
    ammunition: tuple[str, ...]
    min_range_m: Float64
    max_range_m: Float64
    max_altitude_m: Float64
    rounds_per_salvo: Float64
    salvo_interval_s: Float64
    speed_m_s: Float64
    round_kg: Float64
    aim_error_mrad: Float64
    dispersion_mrad: Float64
    dispersion_range_mrad: Float64
    cep_m: Float64
    hit_probability: Float64
    reliability: Float64
    lethal_radius_m: Float64
    penetration_m: Float64
    hit_weight: Float64
    attrition_per_s: Float64
    range_exponent: Float64
    channels: Float64

    def __len__(self) -> int:
        return len(self.id)

    def index(self, weapon: str) -> int:
        """Return the row of a weapon; a `KeyError` names the nearest one."""
        return _index(self.id, "weapon", weapon)


@dataclass(frozen=True, slots=True)
class Fits:
    """What each type carries: rows ``first[t]`` to ``first[t + 1]`` are those of type ``t``.

    Attributes
    ----------
    first
        Shape (types + 1,).
    type, item
        Type (row of the catalogue) and sensor or weapon (row of its table), sorted, shape (f,).
    count
        Pieces on one platform.
    rounds
        Rounds carried for all of them on one platform; 0 for sensors.
    """

    first: Int64
    type: Int64
    item: Int64
    count: Int64
    rounds: Int64

    def of(self, type_row: int) -> slice:
        """Return the rows of a type."""
        return slice(int(self.first[type_row]), int(self.first[type_row + 1]))


@dataclass(frozen=True, slots=True)
class FitProvenance:
    """So many pieces of a sensor or weapon on a type, its rounds, and where that comes from."""

    type: str
    item: str
    count: int
    rounds: int
    source: str = ""
    title: str = ""
    address: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Armament:
    """Sensors, weapons, and who carries them."""

    sensors: SensorTable
    weapons: WeaponTable
    sensor_fits: Fits
    weapon_fits: Fits
    figures: Mapping[tuple[str, str], FigureProvenance] = field(repr=False)
    fits: Mapping[tuple[str, str], FitProvenance] = field(repr=False)

    def rows(self) -> tuple[tuple[object, ...], ...]:
        """Return all that is said of sensors and weapons beyond figures and fits, for digests."""
        sensors, weapons = self.sensors, self.weapons
        described = zip(sensors.id, sensors.kind, sensors.night, strict=True)
        aimed = zip(weapons.id, weapons.kind, weapons.ammunition, weapons.against, strict=True)
        return (
            *((name, SENSOR_KINDS[kind], bool(night)) for name, kind, night in described),
            *((name, WEAPON_KINDS[kind], use, tuple(at.tolist())) for name, kind, use, at in aimed),
        )

    def provenance(self, item: str, figure: str) -> FigureProvenance:
        """Return where a figure of a sensor or weapon comes from.

        Raises
        ------
        KeyError
            If there is no such figure; the message names the nearest.
        """
        found = self.figures.get((item, figure))
        if found is None:
            own = [name for thing, name in self.figures if thing == item]
            if not own:
                names = (*self.sensors.id, *self.weapons.id)
                raise KeyError(f"no sensor or weapon {item!r}: {did_you_mean(item, names)}")
            raise KeyError(f"{item} has no figure {figure!r}: {did_you_mean(figure, own)}")
        return found


def _index(ids: tuple[str, ...], what: str, name: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        raise KeyError(f"no {what} {name!r}: {did_you_mean(name, ids)}") from None
