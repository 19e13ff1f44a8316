"""Irregular terrain: the loss of radio from 20 MHz to 20 GHz, by area or over a profile (ITM).

Equation::

    L = 32.45 + 20 log10 f + 20 log10 d + A - V_med - Y_T - Y_L - Y_S      (f in MHz, d in km)
    N_s = N_0 exp(-h / 9460 m)      1/a = (1 - 0.04665 exp(N_s / 179.3)) 157e-9 / m
    d_L = sqrt(2 a h_e) exp(-0.07 sqrt(dh / max(h_e, 5 m)))                        (area)
    theta = (0.65 dh (d_Ls / d_L - 1) - 2 h_e) / d_Ls                              (area)
    theta = max_i ((z_i - z_0) / d_i - d_i / (2 a))                                (profile)
    V(d_e) = (c_1 + c_2 / (1 + ((d_e - x_2) / x_3)^2)) (d_e / x_1)^2 / (1 + (d_e / x_1)^2)

``A`` reference attenuation (see longleyrice), ``V_med`` of the climate, ``Y`` deviations for the
shares of time, of locations and of situations asked; ``N_0`` refractivity reduced to sea level,
``a`` effective radius, ``h_e`` effective heights, ``dh`` interdecile range of the terrain (m),
``d_L`` horizon distances, ``d_Ls`` those over a smooth Earth, ``theta`` their elevations.

Source: Hufford, Longley and Kissick, NTIA Report 82-100 (1982); Hufford, "The ITS Irregular Terrain
Model, version 1.2.2: The Algorithm" (1995). Written anew over arrays after the algorithm; the
figures agree with NTIA's reference implementation (public domain), whose curves and approximation
of the normal quantile it takes.

Validity: 20 MHz to 20 GHz, 1 to 2,000 km, antennas 0.5 to 3,000 m, refractivity 250 to 400, shares
0.001 to 0.999. Left out: foliage and buildings, rain, ducts, polarisation other than
the two. Losses are medians that a share of situations does not exceed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.longleyrice import Path, reference_attenuation_db
from startex.models.radiovariability import with_variability_db
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

GROUND_PERMITTIVITY, GROUND_CONDUCTIVITY_S_M = 15.0, 0.005
"""Average ground; sea water is about 81 and 5, fresh water 81 and 0.01, poor ground 4 and 0.001."""


@dataclass(frozen=True, slots=True)
class Terrain:
    """What a profile says of a path; see `terrain_of_profile`."""

    distance_m: float
    irregularity_m: float
    ends_effective_m: tuple[float, float]
    ends_horizon_m: tuple[float, float]
    ends_elevation_rad: tuple[float, float]


def area_loss_db(
    distance_m: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    height_m: npt.ArrayLike,
    far_height_m: npt.ArrayLike,
    irregularity_m: npt.ArrayLike,
    *,
    siting: npt.ArrayLike = 0,
    far_siting: npt.ArrayLike = 0,
    climate: npt.ArrayLike = 5,
    refractivity: npt.ArrayLike = 301.0,
    vertical: npt.ArrayLike = True,
    permittivity: npt.ArrayLike = GROUND_PERMITTIVITY,
    conductivity_s_m: npt.ArrayLike = GROUND_CONDUCTIVITY_S_M,
    mode: npt.ArrayLike = 3,
    time: npt.ArrayLike = 0.5,
    location: npt.ArrayLike = 0.5,
    situation: npt.ArrayLike = 0.5,
) -> Float64:
    """Return the basic transmission loss in terrain of a kind, dB; arguments broadcast.

    Parameters
    ----------
    distance_m, frequency_hz
        Length of the path; frequency.
    height_m, far_height_m
        Of the antennas over the ground.
    irregularity_m
        Interdecile range of the terrain: 0 water, 30 plains, 90 hills, 200 mountains.
    siting, far_siting
        0 at random, 1 careful, 2 very careful (on the best ground there is).
    climate
        1 equatorial, 2 continental subtropical, 3 maritime subtropical, 4 desert, 5 continental
        temperate, 6 maritime temperate over land, 7 over sea.
    refractivity
        Reduced to sea level.
    vertical
        Polarisation: vertical, else horizontal.
    permittivity, conductivity_s_m
        Of the ground, relative; S/m.
    mode
        0 single message, 1 accidental, 2 mobile, 3 broadcast; 10 more leaves the variety of
        locations out, 20 more that of situations.
    time, location, situation
        Shares in which the loss is no greater.
    """
    ground = _ground(0.0, frequency_hz, refractivity, vertical, permittivity, conductivity_s_m)
    own, far, site, far_site, rough, radius = np.broadcast_arrays(
        *_ends(height_m, far_height_m),
        within("siting", whole("siting", siting), 0, 2),
        within("far_siting", whole("far_siting", far_siting), 0, 2),
        within("irregularity_m", irregularity_m, 0),
        ground.radius_m,
    )
    heights, sites = np.stack([own, far]), np.stack([site, far_site])
    better = np.where(sites == 1, 4.0, 9.0)
    better = np.where(heights < 5.0, better * np.sin(0.1 * np.pi * heights), better)
    lifted = heights + (1.0 + better) * np.exp(
        -np.minimum(20.0, 2.0 * heights / np.maximum(1e-3, rough))
    )
    effective = np.where(sites == 0, heights, lifted)
    smooth = np.sqrt(2.0 * effective * radius)
    horizon = smooth * np.exp(-0.07 * np.sqrt(rough / np.maximum(effective, 5.0)))
    elevation = (0.65 * rough * (smooth / horizon - 1.0) - 2.0 * effective) / smooth
    return _loss(
        distance_m, ground, heights, effective, horizon, elevation, rough, 0.0,
        climate, mode, time, location, situation,
    )  # fmt: skip


def profile_loss_db(
    elevation_m: npt.ArrayLike,
    spacing_m: float,
    frequency_hz: npt.ArrayLike,
    height_m: float,
    far_height_m: float,
    *,
    climate: npt.ArrayLike = 5,
    refractivity: float = 301.0,
    vertical: npt.ArrayLike = True,
    permittivity: npt.ArrayLike = GROUND_PERMITTIVITY,
    conductivity_s_m: npt.ArrayLike = GROUND_CONDUCTIVITY_S_M,
    mode: npt.ArrayLike = 3,
    time: npt.ArrayLike = 0.5,
    location: npt.ArrayLike = 0.5,
    situation: npt.ArrayLike = 0.5,
) -> Float64:
    """Return the basic transmission loss over a profile of terrain, dB.

    One profile a call: ``elevation_m`` over sea level at points ``spacing_m`` apart, the ends
    included; heights of the antennas over the ground and the refractivity are scalars. The rest is
    as in `area_loss_db` and broadcasts.
    """
    ground_m = _profile(elevation_m)
    skip = int(0.1 * (ground_m.size - 1))
    mean_m = float(ground_m[skip : ground_m.size - skip].mean())
    ground = _ground(mean_m, frequency_hz, refractivity, vertical, permittivity, conductivity_s_m)
    radius = float(_effective_radius_m(float(_at_ground(refractivity, mean_m))))
    terrain = terrain_of_profile(ground_m, spacing_m, height_m, far_height_m, radius_m=radius)
    shape = (2,) + (1,) * ground.radius_m.ndim
    return _loss(
        terrain.distance_m,
        ground,
        _ends(height_m, far_height_m).reshape(shape),
        np.reshape(terrain.ends_effective_m, shape),
        np.reshape(terrain.ends_horizon_m, shape),
        np.reshape(terrain.ends_elevation_rad, shape),
        np.asarray(terrain.irregularity_m),
        10.0,
        climate, mode, time, location, situation,
    )  # fmt: skip


def terrain_of_profile(
    elevation_m: npt.ArrayLike,
    spacing_m: float,
    height_m: float,
    far_height_m: float,
    *,
    radius_m: float = 8.5e6,
) -> Terrain:
    """Return horizons, effective heights and irregularity of a profile; one a call.

    ``radius_m`` is that of the effective Earth. The irregularity is the interdecile range about a
    fitted line, taken to what it would be over a long way.
    """
    ground = _profile(elevation_m)
    step = float(within("spacing_m", spacing_m, 0, above=True))
    heights = _ends(height_m, far_height_m)
    length = (ground.size - 1) * step
    horizon, elevation = _horizons(ground, step, heights, radius_m)
    start, back = np.minimum(15.0 * heights, 0.1 * horizon)
    end = length - back
    rough = _irregularity(ground, step, start, end)
    if horizon.sum() > 1.5 * length:  # well in sight: horizons as over terrain of that kind
        near, far = _fit(ground, start / step, end / step)
        effective = heights + np.maximum(ground[[0, -1]] - [near, far], 0.0)
        horizon = _smooth_horizons(effective, rough, radius_m)
        if horizon.sum() <= length:
            effective = effective * (length / horizon.sum()) ** 2
            horizon = _smooth_horizons(effective, rough, radius_m)
        smooth = np.sqrt(2.0 * effective * radius_m)
        elevation = (0.65 * rough * (smooth / horizon - 1.0) - 2.0 * effective) / smooth
    else:
        near, _ = _fit(ground, start / step, 0.9 * horizon[0] / step)
        _, far = _fit(ground, (length - 0.9 * horizon[1]) / step, end / step)
        effective = heights + np.maximum(ground[[0, -1]] - [near, far], 0.0)
    pairs = [(float(pair[0]), float(pair[1])) for pair in (effective, horizon, elevation)]
    return Terrain(length, float(rough), *pairs)


@dataclass(frozen=True, slots=True)
class _Ground:
    frequency_mhz: Float64
    radius_m: Float64
    refractivity: Float64
    impedance: npt.NDArray[np.complex128]


def _ground(
    elevation_m: float,
    frequency_hz: npt.ArrayLike,
    refractivity: npt.ArrayLike,
    vertical: npt.ArrayLike,
    permittivity: npt.ArrayLike,
    conductivity_s_m: npt.ArrayLike,
) -> _Ground:
    mhz, bent, upright, relative, carries = np.broadcast_arrays(
        within("frequency_hz", frequency_hz, 20e6, 20e9) / 1e6,
        _at_ground(refractivity, elevation_m),
        np.asarray(vertical, bool),
        within("permittivity", permittivity, 1.0),
        within("conductivity_s_m", conductivity_s_m, 0, above=True),
    )
    permits = relative + 18000.0j * carries / mhz
    impedance = np.sqrt(permits - 1.0)
    impedance = np.where(upright, impedance / permits, impedance)
    return _Ground(mhz, _effective_radius_m(bent), bent, impedance)


def _at_ground(refractivity: npt.ArrayLike, elevation_m: float) -> Float64:
    reduced: Float64 = within("refractivity", refractivity, 250.0, 400.0) * np.exp(
        -elevation_m / 9460.0
    )
    return reduced


def _effective_radius_m(refractivity: npt.ArrayLike) -> Float64:
    bend = 1.0 - 0.04665 * np.exp(np.asarray(refractivity, np.float64) / 179.3)
    radius: Float64 = np.asarray(1.0 / (157e-9 * bend))
    return radius


def _ends(height_m: npt.ArrayLike, far_height_m: npt.ArrayLike) -> Float64:
    return np.stack(
        np.broadcast_arrays(
            within("height_m", height_m, 0.5, 3000.0),
            within("far_height_m", far_height_m, 0.5, 3000.0),
        )
    )


def _loss(
    distance_m: npt.ArrayLike,
    ground: _Ground,
    heights: Float64,
    effective: Float64,
    horizon: Float64,
    elevation: Float64,
    rough: Float64,
    low_ground: float,
    *variability: npt.ArrayLike,
) -> Float64:
    distance = within("distance_m", distance_m, 1e3, 2e6)
    ends = np.broadcast_arrays(heights, effective, horizon, elevation)
    shape = np.broadcast_shapes(distance.shape, ends[0].shape[1:], ground.radius_m.shape)

    def full(values: Float64) -> Float64:
        return np.broadcast_to(values, shape)

    def pair(values: Float64) -> Float64:
        return np.stack([full(values[0]), full(values[1])])

    path = Path(
        distance_m=full(distance),
        frequency_mhz=full(ground.frequency_mhz),
        ends_height_m=pair(ends[0]),
        ends_effective_m=pair(ends[1]),
        ends_horizon_m=pair(ends[2]),
        ends_elevation_rad=pair(ends[3]),
        irregularity_m=full(rough),
        radius_m=full(ground.radius_m),
        refractivity=full(ground.refractivity),
        impedance=np.broadcast_to(ground.impedance, shape),
        low_ground_m2=low_ground,
    )
    reference = reference_attenuation_db(path)
    spread = 32.45 + 20.0 * np.log10(path.frequency_mhz) + 20.0 * np.log10(path.distance_m / 1e3)
    loss: Float64 = with_variability_db(reference, path, *variability) + spread
    return loss


def _profile(elevation_m: npt.ArrayLike) -> Float64:
    ground = np.atleast_1d(within("elevation_m", elevation_m, -500.0, 9000.0))
    within("points of the profile", ground.size if ground.ndim == 1 else 0, 3)
    return ground


def _horizons(
    ground: Float64, step: float, heights: Float64, radius: float
) -> tuple[Float64, Float64]:
    """Return distance and elevation (rad) of what stands highest to either end.

    The other end itself where nothing stands higher; of equals the nearer.
    """
    length = (ground.size - 1) * step
    away = np.arange(1, ground.size - 1) * step
    tips = ground[[0, -1]] + heights
    distance, elevation = np.full(2, length), np.empty(2)
    for end, inner in enumerate((ground[1:-1], ground[-2:0:-1])):
        elevation[end] = (tips[1 - end] - tips[end]) / length - length / (2.0 * radius)
        rise = (inner - tips[end]) / away - away / (2.0 * radius)
        best = int(np.argmax(rise))
        if rise[best] > elevation[end]:
            distance[end], elevation[end] = away[best], rise[best]
    return distance, elevation


def _smooth_horizons(effective: Float64, rough: float, radius: float) -> Float64:
    horizon: Float64 = np.sqrt(2.0 * effective * radius) * np.exp(
        -0.07 * np.sqrt(rough / np.maximum(effective, 5.0))
    )
    return horizon


def _irregularity(ground: Float64, step: float, start: float, end: float) -> float:
    """Return the interdecile range about a line, from points spread evenly over a stretch."""
    first, last = start / step, end / step
    if last - first < 2.0:
        return 0.0
    tenth = min(max(4, int(0.1 * (last - first + 8.0))), 25)
    count = 10 * tenth - 5
    places = first + np.arange(count) * ((last - first) / (count - 1))
    sample = np.interp(places, np.arange(ground.size), ground)
    near, far = _fit(sample, 0.0, count - 1.0)
    over = np.sort(sample - np.linspace(near, far, count))[::-1]
    span = over[tenth - 1] - over[count - tenth]
    return float(span / (1.0 - 0.8 * np.exp(-(end - start) / 50e3)))


def _fit(values: Float64, start: float, end: float) -> tuple[float, float]:
    """Return a fitted line at both ends of a series, from the points between two places in it."""
    top = values.size - 1
    first, last = int(max(start, 0.0)), top - int(max(top - end, 0.0))
    if last <= first:
        first, last = max(first - 1, 0), top - max(top - (last + 1), 0)
    length = last - first
    place = np.arange(first, last + 1) - (first + last) / 2.0
    weighed = values[first : last + 1].copy()
    weighed[[0, -1]] *= 0.5
    mean = weighed.sum() / length
    slope = (weighed * place).sum() * 12.0 / ((length**2 + 2.0) * length)
    centre = (first + last) / 2.0
    return float(mean - slope * centre), float(mean + slope * (top - centre))
