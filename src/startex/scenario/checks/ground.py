"""Checks that places have the ground that those who stand there need."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.foundation.errors import Problem
from startex.foundation.streams import entity_key
from startex.geography.areas import land_anchor
from startex.geography.surface import NoGroundError, Surface
from startex.scenario.draft import Draft

_ON_LAND = ("vehicle", "team")
_CODE = {kind: code for code, kind in enumerate(KINDS)}


def check_ground(draft: Draft, force: Force) -> Iterator[Problem]:
    """Check that the places where vehicles and teams stand at the start have land.

    Parameters
    ----------
    draft
        What was read.
    force
        Its forces, expanded.
    """
    surface = Surface()
    features = {entry.name: entry for entry in draft.places}
    for home, unit in sorted(_homes(force).items()):
        if home not in draft.sites or home not in features:
            continue
        site = draft.sites[draft.sites.index(home)]
        try:
            land_anchor(surface, site.lat, site.lon, site.radius_m, entity_key(home), 0.0)
        except NoGroundError:
            message = (
                f"{home!r} is home to vehicles or teams of {unit!r}, and has no land within "
                f"{site.radius_m / 1000:.1f} km of {site.lat:.4f}, {site.lon:.4f}."
            )
            yield features[home].problem(
                "place", message, "Move the place ([longitude, latitude]), or widen its radius_m."
            )


def _homes(force: Force) -> dict[str, str]:
    """Return where vehicles and teams stand at the start, each with the first unit that does."""
    aboard = (force.station >= 0) & (force.kind[force.station] == _CODE["ship"])
    standing = np.isin(force.kind, [_CODE[kind] for kind in _ON_LAND]) & ~aboard
    homes: dict[str, str] = {}
    for row in np.flatnonzero(standing & np.array([bool(at) for at in force.stored_at])):
        homes.setdefault(force.stored_at[row], force.units.id[force.unit[row]])
    for unit in np.unique(force.unit[standing]):
        homes.setdefault(force.units.home[unit], force.units.id[unit])
    return homes
