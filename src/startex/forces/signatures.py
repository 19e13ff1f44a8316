"""How types of platform are found and hurt, as columns: domain, size, echoes, noise, armour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import DOMAINS
from startex.forces.catalogue import Catalogue

Float64 = npt.NDArray[np.float64]
Int8 = npt.NDArray[np.int8]


def domains(catalogue: Catalogue) -> Int8:
    """Return the domain (position in `DOMAINS`) of each type as a target, shape (types,).

    By kind, for targets by the symbol set: 01 air, 30 surface, 35 below it, 36 mines.
    """
    by_set = {"01": "air", "30": "surface", "35": "subsurface", "36": "mine"}
    by_kind = {"aircraft": "air", "ship": "surface"}
    words = (
        by_set.get(symbol[:2], by_kind.get(kind, "ground"))
        for kind, symbol in zip(catalogue.kind, catalogue.symbol, strict=True)
    )
    return np.array([DOMAINS.index(word) for word in words], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Figures of the types as targets, shape (types,), none of them nan.

    ``domain`` is the position in `DOMAINS`; ``height_m`` what stands out over water or ground;
    ``size_m`` the root of the area seen; ``hits`` those that put one out of action.
    """

    domain: Int8
    height_m: Float64
    cross_section_m2: Float64
    size_m: Float64
    noise_db: Float64
    strength_db: Float64
    armour_m: Float64
    hits: Float64


def signatures(catalogue: Catalogue) -> Signatures:
    """Return the signatures of all types.

    A type of a scenario's own need not have them. Where absent: it stands out by its height, or
    not at all; 10 m2; the root of length times height (or width), at least 1 m; noise and echo of
    a merchant ship (150 dB, 15 dB); no armour; one hit. All assumed.
    """
    tall = _or(catalogue.height_m, _or(catalogue.width_m, 1.0))
    seen = np.maximum(np.sqrt(_or(catalogue.length_m, 1.0) * tall), 1.0)
    return Signatures(
        domain=domains(catalogue),
        height_m=_or(catalogue.mast_height_m, _or(catalogue.height_m, 0.0)),
        cross_section_m2=_or(catalogue.rcs_m2, 10.0),
        size_m=_or(catalogue.presented_size_m, seen),
        noise_db=_or(catalogue.radiated_noise_db, 150.0),
        strength_db=_or(catalogue.target_strength_db, 15.0),
        armour_m=_or(catalogue.armour_m, 0.0),
        hits=_or(catalogue.hits_to_disable, 1.0),
    )


def _or(values: Float64, other: Float64 | float) -> Float64:
    return np.where(np.isnan(values), other, values)
