"""Longley and Rice: reference attenuation over irregular terrain, between two horizons.

Equation::

    A = max(0, A_e + K_1 d + K_2 ln d)      d < d_sML     (line of sight)
      = A_d + m_d d                         d_sML .. d_x  (diffraction)
      = A_s + m_s d                         d > d_x       (troposcatter)
    A_diffraction = w A_smooth + (1 - w) A_knife + A_clutter
    A_smooth = G(x_0) - F(x_1, K_1) - F(x_2, K_2) - 20                    (three radii, Vogler)
    A_knife = A_v(v_1) + A_v(v_2)
    A_sight = w A_tworay + (1 - w) (A_d + m_d d)
    A_scatter = F(theta d) + 10 log10(k H theta^4) - 0.1 (N_s - 301) exp(-theta d / 40 km) + H_0

``d`` distance (m), ``d_sML`` sum of the horizon distances over a smooth Earth, ``theta`` angle
between the horizon rays, ``k`` wave number, ``N_s`` refractivity at the ground, ``H_0`` frequency
gain of scatter, ``w`` weights by the roughness of the ground against the wavelength. Straight lines
of diffraction and scatter go through two distances far out; that of sight through the point where
diffraction begins and one or two nearer ones.

Source: Longley and Rice, ESSA Technical Report ERL 79-ITS 67 (1968); Hufford, "The ITS Irregular
Terrain Model, version 1.2.2: The Algorithm" (NTIA 1995); Rice and others, NBS Technical Note 101;
Vogler (1964). The order of the steps is that of NTIA's reference implementation, which is in the
public domain; this one is written anew over arrays.

Validity: see irregularterrain, which prepares what this takes. Left out: what is left out there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Complex128 = npt.NDArray[np.complex128]

WAVE_NUMBER_MHZ_M = 47.7
"""Frequency in MHz over this is the wave number in 1/m."""


@dataclass(frozen=True, slots=True)
class Path:
    """What the reference attenuation depends on.

    Arrays of one shape; the two ends are the first axis of those named ``ends``. Heights of the
    antennas over the ground, effective heights over the dominating plane, distances and elevations
    of the horizons; ``irregularity_m`` is the interdecile range of the terrain, ``radius_m`` that
    of the effective Earth, ``low_ground`` 10 where a profile is known, else 0 (m2).
    """

    distance_m: Float64
    frequency_mhz: Float64
    ends_height_m: Float64
    ends_effective_m: Float64
    ends_horizon_m: Float64
    ends_elevation_rad: Float64
    irregularity_m: Float64
    radius_m: Float64
    refractivity: Float64
    impedance: Complex128
    low_ground_m2: float

    @property
    def wave_number(self) -> Float64:
        """Wave number, 1/m."""
        return self.frequency_mhz / WAVE_NUMBER_MHZ_M

    @property
    def smooth_sight_m(self) -> Float64:
        """Sum of the horizon distances over a smooth Earth."""
        total: Float64 = np.sqrt(2.0 * self.ends_effective_m * self.radius_m).sum(axis=0)
        return total

    @property
    def sight_m(self) -> Float64:
        """Sum of the horizon distances as they are."""
        total: Float64 = self.ends_horizon_m.sum(axis=0)
        return total

    @property
    def sight_angle_rad(self) -> Float64:
        """Angular distance over which the ends see each other."""
        angle: Float64 = -np.maximum(
            self.ends_elevation_rad.sum(axis=0), -self.sight_m / self.radius_m
        )
        return angle


def roughness_m(distance_m: npt.ArrayLike, irregularity_m: npt.ArrayLike) -> Float64:
    """Return the irregularity of terrain over a path of a length, metres; arguments broadcast."""
    share = 1.0 - 0.8 * np.exp(-within("distance_m", distance_m, 0) / 50e3)
    rough: Float64 = within("irregularity_m", irregularity_m, 0) * share
    return rough


def reference_attenuation_db(path: Path) -> Float64:
    """Return the median attenuation over free space for reference conditions, dB."""
    within("refractivity at the ground", path.refractivity, 150.0, 400.0)
    within("effective radius in km", path.radius_m / 1e3, 4000.0, 13333.333)
    within("real over imaginary impedance", path.impedance.real - np.abs(path.impedance.imag), 0)
    with np.errstate(all="ignore"):  # both sides of every choice are computed
        scale = np.cbrt(path.radius_m**2 / path.frequency_mhz)
        third = np.maximum(path.smooth_sight_m, path.sight_m + 5.0 * scale)
        fourth = third + 10.0 * scale
        first, second = _diffraction(path, third), _diffraction(path, fourth)
        slope = (second - first) / (fourth - third)
        intercept = first - slope * third
        sight = _sight_line(path, slope, intercept)
        beyond = _beyond(path, slope, intercept)
    loss: Float64 = np.maximum(np.where(path.distance_m < path.smooth_sight_m, sight, beyond), 0.0)
    return loss


def _sight_line(path: Path, slope: Float64, intercept: Float64) -> Float64:
    """Return the attenuation where the ends see each other: a curve through two or three points."""
    edge, sight = path.smooth_sight_m, path.sight_m
    at_edge = edge * slope + intercept
    near = 0.04 * path.frequency_mhz * path.ends_effective_m.prod(axis=0)
    positive = intercept >= 0.0
    near = np.where(positive, np.minimum(near, 0.5 * sight), near)
    middle = np.where(
        positive,
        near + 0.25 * (sight - near),
        np.maximum(-intercept / slope, 0.25 * sight),
    )
    at_middle = _line_of_sight(path, middle, slope, intercept)
    at_near = _line_of_sight(path, near, slope, intercept)
    decades = np.log(edge / near)
    curved = np.maximum(
        0.0,
        ((edge - near) * (at_middle - at_near) - (middle - near) * (at_edge - at_near))
        / ((edge - near) * np.log(middle / near) - (middle - near) * decades),
    )
    ordered = near < middle
    through_three = ordered & ((intercept > 0.0) | (curved > 0.0))
    straight = (at_edge - at_near - curved * decades) / (edge - near)
    falls = straight < 0.0
    steep = np.maximum(at_edge - at_near, 0.0) / decades
    log_three = np.where(falls, steep, curved)
    line_three = np.where(falls, np.where(steep == 0.0, slope, 0.0), straight)
    line_two = np.maximum(at_edge - at_middle, 0.0) / (edge - middle)
    line_two = np.where(line_two == 0.0, slope, line_two)
    line = np.where(through_three, line_three, line_two)
    log = np.where(through_three, log_three, 0.0)
    loss: Float64 = at_edge + line * (path.distance_m - edge) + log * np.log(path.distance_m / edge)
    return loss


def _beyond(path: Path, slope: Float64, intercept: Float64) -> Float64:
    """Return the attenuation beyond the horizons: diffraction, then scatter."""
    fifth, sixth = path.sight_m + 200e3, path.sight_m + 400e3
    at_sixth, gain = _scatter(path, sixth, np.full(sixth.shape, -1.0))
    at_fifth, _ = _scatter(path, fifth, gain)
    scatter_slope = (at_sixth - at_fifth) / 200e3
    scale = np.cbrt(path.radius_m**2 / path.frequency_mhz)
    turn = np.maximum(
        np.maximum(path.smooth_sight_m, path.sight_m + 1.088 * scale * np.log(path.frequency_mhz)),
        (at_fifth - intercept - scatter_slope * fifth) / (slope - scatter_slope),
    )
    scatters = (at_fifth < 1000.0) & (path.distance_m > turn)
    loss: Float64 = np.where(
        scatters,
        scatter_slope * path.distance_m + (slope - scatter_slope) * turn + intercept,
        slope * path.distance_m + intercept,
    )
    return loss


def _diffraction(path: Path, distance: Float64) -> Float64:
    """Return smooth Earth and knife edges, weighted by the roughness, and the clutter."""
    rough_edge = roughness_m(path.smooth_sight_m, path.irregularity_m)
    heights = path.ends_height_m.prod(axis=0)
    clutter = np.minimum(
        15.0,
        5.0 * np.log10(1.0 + 1e-5 * heights * path.frequency_mhz * _deviation(rough_edge)),
    )
    known = heights + path.low_ground_m2
    gain = np.sqrt(1.0 + (path.ends_effective_m.prod(axis=0) - heights) / known)
    bend = (path.sight_m - path.sight_angle_rad * path.radius_m) / distance
    waves = np.minimum(roughness_m(distance, path.irregularity_m) * path.wave_number, 6283.2)
    weight = 25.1 / (25.1 + np.sqrt((gain + bend) * waves))
    loss: Float64 = (
        weight * _smooth_earth(path, distance)
        + (1.0 - weight) * _knife_edges(path, distance)
        + clutter
    )
    return loss


def _knife_edges(path: Path, distance: Float64) -> Float64:
    bend = distance / path.radius_m - path.sight_angle_rad
    over = distance - path.sight_m
    horizon = path.ends_horizon_m
    square = path.wave_number / (4.0 * np.pi) * bend**2 * horizon * over / (over + horizon)
    loss = np.where(
        square < 5.76,
        6.02 + 9.11 * np.sqrt(square) - 1.27 * square,
        12.953 + 10.0 * np.log10(square),
    )
    total: Float64 = loss.sum(axis=0)
    return total


def _smooth_earth(path: Path, distance: Float64) -> Float64:
    """Return the loss over three spheres: at either end up to its horizon, and between them."""
    bend = distance / path.radius_m - path.sight_angle_rad
    between = (distance - path.sight_m) / bend
    ends = 0.5 * path.ends_horizon_m**2 / path.ends_effective_m
    radius = np.concatenate([between[None], ends])
    arc_km = np.concatenate([(between * bend)[None], path.ends_horizon_m]) / 1000.0
    cube = np.cbrt(path.frequency_mhz)
    standard = np.cbrt(4.0 / 3.0 * 6370e3 / radius)
    ground = 0.017778 * standard / cube / np.abs(path.impedance)
    reduced = (1.607 - ground) * standard**2 * cube * arc_km
    total = reduced.sum(axis=0)
    spread = 0.05751 * total - 10.0 * np.log10(total)
    loss: Float64 = spread - _height_gain(reduced[1:], ground[1:]).sum(axis=0) - 20.0
    return loss


def _height_gain(reduced: Float64, ground: Float64) -> Float64:
    logarithm, depth = np.log(reduced), -np.log(ground)
    high = 17.372 * logarithm - 117.0
    dry = (ground < 1e-5) | (reduced * depth**3 > 5495.0)
    low = np.where(
        dry,
        np.where(reduced > 1.0, high, -117.0),
        2.5e-5 * reduced**2 / ground - 8.686 * depth - 15.0,
    )
    far = 0.05751 * reduced - 4.343 * logarithm
    share = 0.0134 * reduced * np.exp(-0.005 * reduced)
    far = np.where(reduced < 2000.0, (1.0 - share) * far + share * high, far)
    gain: Float64 = np.where(reduced < 200.0, low, far)
    return gain


def _line_of_sight(path: Path, distance: Float64, slope: Float64, intercept: Float64) -> Float64:
    """Return two rays, and the line of diffraction drawn on, weighted by the roughness."""
    heights = path.ends_effective_m.sum(axis=0)
    sine = heights / np.hypot(distance, heights)
    spread = _deviation(roughness_m(np.abs(distance), path.irregularity_m))
    reflection = (
        (sine - path.impedance)
        / (sine + path.impedance)
        * np.exp(-np.minimum(10.0, path.wave_number * spread * sine))
    )
    power = np.abs(reflection) ** 2
    weak = (power < 0.25) | (power < sine)
    reflection = np.where(weak, reflection * np.sqrt(sine / power), reflection)
    phase = 2.0 * path.wave_number * path.ends_effective_m.prod(axis=0) / distance
    phase = np.where(phase > np.pi / 2.0, np.pi - (np.pi / 2.0) ** 2 / phase, phase)
    rays = -10.0 * np.log10(np.abs(np.exp(-1j * phase) + reflection) ** 2)
    weight = 1.0 / (
        1.0 + path.frequency_mhz * path.irregularity_m / np.maximum(10e3, path.smooth_sight_m)
    )
    loss: Float64 = weight * rays + (1.0 - weight) * (slope * distance + intercept)
    return loss


def _scatter(path: Path, distance: Float64, farther: Float64) -> tuple[Float64, Float64]:
    """Return the loss by scatter and its frequency gain.

    ``farther`` is the gain at a greater distance, which replaces one above 15 dB; -1 for none.
    """
    horizon, effective = path.ends_horizon_m, path.ends_effective_m
    lead = horizon[0] - horizon[1]
    ratio = effective[1] / effective[0]
    ratio = np.where(lead < 0.0, 1.0 / ratio, ratio)
    lead = np.abs(lead)
    bend = path.ends_elevation_rad.sum(axis=0) + distance / path.radius_m
    lift = 2.0 * path.wave_number * bend * effective
    skew = (distance - lead) / (distance + lead)
    tilt = np.clip(ratio / skew, 0.1, 10.0)
    skew = np.maximum(0.1, skew)
    cross = (distance - lead) * (distance + lead) * bend * 0.25 / distance
    ns = path.refractivity
    efficiency = (cross / 1.7556e3) * (
        1.0
        + (0.031 - ns * 2.32e-3 + ns**2 * 5.67e-6) * np.exp(-(np.minimum(1.7, cross / 8.0e3) ** 6))
    )
    mean = _frequency_gain(lift, efficiency).mean(axis=0)
    more = 6.0 * (0.6 - np.log10(np.maximum(efficiency, 1.0))) * np.log10(skew) * np.log10(tilt)
    gain = np.maximum(mean + np.minimum(mean, more), 0.0)
    root = np.sqrt(2.0)
    low = 10.0 * np.log10(
        ((1.0 + root / lift).prod(axis=0)) ** 2 * lift.sum(axis=0) / (lift.sum(axis=0) + 2.0 * root)
    )
    gain = np.where(efficiency < 1.0, efficiency * gain + (1.0 - efficiency) * low, gain)
    gain = np.where((gain > 15.0) & (farther >= 0.0), farther, gain)
    gain = np.where(farther > 15.0, farther, gain)
    nothing = (lift < 0.2).all(axis=0) & ~(farther > 15.0)
    angle = distance / path.radius_m - path.sight_angle_rad
    loss = (
        _scatter_distance(angle * distance)
        + 10.0 * np.log10(path.wave_number * 47.7 * angle**4)
        - 0.1 * (ns - 301.0) * np.exp(-angle * distance / 40e3)
        + gain
    )
    return np.where(nothing, 1001.0, loss), np.where(nothing, farther, gain)


def _frequency_gain(lift: Float64, efficiency: Float64) -> Float64:
    fourth = np.array([25.0, 80.0, 177.0, 395.0, 705.0])
    second = np.array([24.0, 45.0, 68.0, 80.0, 105.0])
    place = np.where(np.isfinite(efficiency), np.clip(efficiency, 1.0, 5.0), 1.0)
    curve = place.astype(int) - 1
    share = place - 1.0 - curve

    def at(number: npt.NDArray[np.int64]) -> Float64:
        found: Float64 = 10.0 * np.log10(1.0 + fourth[number] / lift**4 + second[number] / lift**2)
        return found

    gain: Float64 = (1.0 - share) * at(curve) + share * at(np.minimum(curve + 1, 4))
    return gain


def _scatter_distance(product: Float64) -> Float64:
    """Return the attenuation function of scatter from angle times distance (rad m)."""
    logarithm = np.log10(product)
    loss: Float64 = np.select(
        [product <= 10e3, product <= 70e3],
        [
            133.4 + 0.332e-3 * product - 10.0 * logarithm,
            104.6 + 0.212e-3 * product - 2.5 * logarithm,
        ],
        71.8 + 0.157e-3 * product + 5.0 * logarithm,
    )
    return loss


def _deviation(rough: Float64) -> Float64:
    """Return the standard deviation of terrain of a roughness within a Fresnel zone, metres."""
    deviation: Float64 = 0.78 * rough * np.exp(-0.5 * rough**0.25)
    return deviation
