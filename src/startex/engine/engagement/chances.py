"""The chance of hits of each row of fire, by the published model that its kind of weapon asks for.

Kind and model: small arms, Lanchester's square law with Bonder and Farrell's fall of the
coefficient with range, so many hits a second of all firers; guns, normal errors of aim and of
rounds against a square; missiles, torpedoes, sweeps and mines, a chance a round; raids of missiles
on ships, Armstrong's stochastic form of Hughes's salvo, with the defence's intercepts; bombs and
missiles against the ground, CEP and lethal radius; artillery and rockets, Carleton's function with
a common aim error; depth charges, a cookie cutter with a common aim error; whatever is fired into
an area, random impacts.

Left out: suppression, the angle at which a plate is struck, decoys, jamming, terrain, evasion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from startex.engine.engagement.fire import Fire
from startex.engine.engagement.tails import binomial_tails, burst_tails, poisson_tails
from startex.forces.armament_figures import DOMAINS, WEAPON_KINDS
from startex.forces.armament_tables import WeaponTable
from startex.forces.signatures import Signatures
from startex.models import areafire, damage, hitprobability, salvo
from startex.models.salvo_stochastic import hits_distribution

Float64 = npt.NDArray[np.float64]
Int8 = npt.NDArray[np.int8]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

MODELS: tuple[str, ...] = (
    "none",  # the weapon cannot do anything to this target, or from there
    "lanchester_square",
    "normal_errors",
    "independent_rounds",
    "stochastic_salvo",
    "cep_lethal_radius",
    "carleton_salvo",
    "cookie_cutter_salvo",
    "area_fire",
)
"""Names of models; the position is the code."""

BARS: tuple[str, ...] = (
    "", "not_meant_for_it", "too_near", "too_far", "too_high", "not_seen", "armour_holds",
    "no_rounds",
)  # fmt: skip
"""Why a row has no chance; the position is the code, the first that applies counts."""

SEEN = ("small_arms", "tank_gun", "atgm", "sweep_gear")
"""Kinds laid by eye: not beyond the visibility."""

CALM_SEA_STATE = 2.0
SEA_SHARE = 0.15
"""Errors of guns grow by this share with each sea state above a calm one (assumed)."""


@dataclass(slots=True)
class Chances:
    """What is to be drawn, shape (n,), tails (n, k).

    Attributes
    ----------
    model, bar
        Codes in `MODELS` and `BARS`.
    p_round
        Chance of one round (of the burst, for small arms) to hit, or to put out of action.
    tails
        Chances of at least 1, 2, ... hits.
    worth
        Of one hit, in the unit of ``hits_to_disable``; inf where one is enough.
    inputs
        Further inputs of the models by name with unit, nan where they do not apply.
    """

    model: Int8
    bar: Int8
    p_round: Float64
    tails: Float64
    worth: Float64
    inputs: dict[str, Float64] = field(default_factory=dict)


def chances(fire: Fire, weapons: WeaponTable, targets: Signatures) -> Chances:
    """Return the chances of rows of fire."""
    n = len(fire)
    found = Chances(
        model=np.zeros(n, dtype=np.int8),
        bar=bars(fire, weapons, targets),
        p_round=np.zeros(n),
        tails=np.zeros((n, 1)),
        worth=np.ones(n),
    )
    kind = weapons.kind[fire.weapon]
    free = found.bar == 0
    area = free & ~np.isnan(fire.target_area_m2) & ~np.isnan(weapons.lethal_radius_m[fire.weapon])
    area &= ~_is(kind, "torpedo", "depth_charge")
    point = free & ~area
    for model, rows, judge in (
        ("area_fire", area, _area),
        ("lanchester_square", point & _is(kind, "small_arms"), _small_arms),
        ("normal_errors", point & _is(kind, "gun", "tank_gun"), _gun),
        (
            "independent_rounds",
            point & _is(kind, "sam", "air_to_air", "atgm", "sweep_gear", "mine_charge"),
            _shots,
        ),
        ("independent_rounds", point & _is(kind, "torpedo"), _torpedo),
        ("stochastic_salvo", point & _is(kind, "anti_ship_missile"), _raid),
        ("cep_lethal_radius", point & _is(kind, "land_attack_missile", "bomb"), _guided),
        ("carleton_salvo", point & _is(kind, "artillery", "rocket"), _salvo),
        ("cookie_cutter_salvo", point & _is(kind, "depth_charge"), _pattern),
    ):
        at = np.flatnonzero(rows)
        if at.size:
            found.model[at] = MODELS.index(model)
            judge(found, at, fire.take(at), weapons, targets)
    return found


def bars(fire: Fire, weapons: WeaponTable, targets: Signatures) -> Int8:
    """Return why rows have no chance at all, as codes in `BARS`, shape (n,)."""
    w, kind = fire.weapon, weapons.kind[fire.weapon]
    domain = targets.domain[fire.target_type]
    direct = _is(kind, "small_arms", "tank_gun", "atgm", "gun") & (
        domain == DOMAINS.index("ground")
    )
    rounds_needed = ~np.isnan(weapons.rounds_per_salvo[w])
    reasons = (
        ~weapons.against[w, domain],
        fire.range_m < weapons.min_range_m[w],
        fire.range_m > weapons.max_range_m[w],
        (domain == DOMAINS.index("air")) & (fire.target_altitude_m > weapons.max_altitude_m[w]),
        _is(kind, *SEEN) & (fire.range_m > fire.visibility_m),
        direct & (weapons.penetration_m[w] < targets.armour_m[fire.target_type]),
        rounds_needed & (fire.rounds == 0),
    )
    code = np.zeros(len(fire), dtype=np.int8)
    for number in range(len(reasons), 0, -1):
        code[reasons[number - 1]] = number
    return code


@cache
def _among(names: tuple[str, ...]) -> Bool:
    """Tell which kinds are among some, by their codes."""
    return np.array([kind in names for kind in WEAPON_KINDS], dtype=np.bool_)


def _is(kind: Int8, *names: str) -> Bool:
    found: Bool = _among(names)[kind]
    return found


def _put(found: Chances, at: Int64, tails: Float64) -> None:
    more = tails.shape[1] - found.tails.shape[1]
    if more > 0:
        found.tails = np.concatenate([found.tails, np.zeros((found.tails.shape[0], more))], axis=1)
    found.tails[at, : tails.shape[1]] = tails


def _tell(found: Chances, at: Int64, **inputs: Float64) -> None:
    for name, values in inputs.items():
        column = found.inputs.setdefault(name, np.full(found.model.size, np.nan))
        column[at] = values


def _small_arms(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    near = 1.0 - f.range_m / weapons.max_range_m[w]
    rate = weapons.attrition_per_s[w] * near ** weapons.range_exponent[w]
    mean = rate * f.firers * f.duration_s
    found.p_round[at] = -np.expm1(-mean)
    _put(found, at, poisson_tails(mean))
    _tell(found, at, attrition_per_s=rate, firers=f.firers, duration_s=f.duration_s, mean_hits=mean)


def _gun(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    rough = 1.0 + SEA_SHARE * np.maximum(f.sea_state - CALM_SEA_STATE, 0.0)
    aim = weapons.aim_error_mrad[w] * 1e-3 * f.range_m * rough
    spread = np.maximum(weapons.dispersion_mrad[w] * 1e-3 * f.range_m * rough, 1e-6)
    half = 0.5 * to.size_m[f.target_type]
    found.p_round[at], tails = burst_tails(f.rounds, half, aim, spread)
    _put(found, at, tails)
    afloat = to.domain[f.target_type] == DOMAINS.index("surface")
    found.worth[at] = np.where(afloat, _or_one(weapons.hit_weight[w]), 1.0)
    _tell(
        found,
        at,
        sigma_aim_m=aim,
        sigma_round_m=spread,
        half_size_m=half,
        error_factor_of_sea=rough,
    )


def _shots(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    found.p_round[at] = weapons.hit_probability[f.weapon]
    rounds = np.where(np.isnan(weapons.rounds_per_salvo[f.weapon]), 1, f.rounds)
    _put(found, at, binomial_tails(rounds, found.p_round[at]))
    charge = _is(weapons.kind[f.weapon], "mine_charge")
    found.worth[at] = np.where(charge, _or_one(weapons.hit_weight[f.weapon]), 1.0)


def _torpedo(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    radius, error = weapons.lethal_radius_m[f.weapon], f.position_error_m
    finds = hitprobability.circular_hit_probability(radius, np.maximum(error, 1e-6))
    found.p_round[at] = finds * weapons.hit_probability[f.weapon]
    _put(found, at, binomial_tails(f.rounds, found.p_round[at]))
    found.worth[at] = weapons.hit_weight[f.weapon]
    _tell(found, at, homing_radius_m=radius, sigma_position_m=error, p_found=finds)


def _raid(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    reliability = weapons.reliability[w]
    found.p_round[at] = f.scouting * reliability * weapons.hit_probability[w]
    _put(found, at, _through(f, found.p_round[at]))
    found.worth[at] = weapons.hit_weight[w]
    _tell(
        found, at, reliability=reliability, hit_probability=weapons.hit_probability[w],
        mean_hits_by_hughes=mean_hits(f, weapons),
    )  # fmt: skip


def _guided(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    sigma = np.hypot(hitprobability.sigma_from_cep_m(weapons.cep_m[w]), f.position_error_m)
    radius, lethal = _radius(f, weapons, to)
    hit = hitprobability.circular_hit_probability(radius, sigma)
    found.p_round[at] = hit * weapons.reliability[w]
    _put(found, at, _through(f, found.p_round[at]))
    found.worth[at] = np.where(lethal, np.inf, _or_one(weapons.hit_weight[w]))
    _tell(found, at, lethal_radius_m=radius, sigma_m=sigma, reliability=weapons.reliability[w])


def _salvo(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    across = weapons.dispersion_mrad[w] * 1e-3 * f.range_m
    along = weapons.dispersion_range_mrad[w] * 1e-3 * f.range_m
    common = np.hypot(hitprobability.sigma_from_cep_m(weapons.cep_m[w]), f.position_error_m)
    common = np.hypot(common, np.nan_to_num(weapons.aim_error_mrad[w]) * 1e-3 * f.range_m)
    radius, lethal = _radius(f, weapons, to)
    found.p_round[at] = damage.carleton_kill_probability(
        radius, radius, np.hypot(along, common), np.hypot(across, common)
    )
    # Carleton's function of peak 1 and equal radii is the diffuse one of scale R / sqrt 2
    spread = np.sqrt(across * along)
    once = damage.salvo_kill_probability(f.rounds, radius / np.sqrt(2.0), spread, common)
    _put(found, at, np.reshape(once, (-1, 1)))
    found.worth[at] = np.where(lethal, np.inf, _or_one(weapons.hit_weight[w]))
    _tell(
        found, at, lethal_radius_m=radius, sigma_aim_m=common, sigma_range_m=along,
        sigma_deflection_m=across,
    )  # fmt: skip


def _pattern(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    w = f.weapon
    common = np.hypot(hitprobability.sigma_from_cep_m(weapons.cep_m[w]), f.position_error_m)
    spread = np.nan_to_num(weapons.dispersion_mrad[w]) * 1e-3 * f.range_m
    spread = np.maximum(spread, 1e-3)
    radius = weapons.lethal_radius_m[w]
    found.p_round[at] = hitprobability.circular_hit_probability(radius, np.hypot(common, spread))
    once = damage.cookie_cutter_salvo_kill_probability(f.rounds, radius, spread, common)
    _put(found, at, np.reshape(once, (-1, 1)))
    found.worth[at] = np.inf
    _tell(found, at, lethal_radius_m=radius, sigma_aim_m=common, sigma_round_m=spread)


def _area(found: Chances, at: Int64, f: Fire, weapons: WeaponTable, to: Signatures) -> None:
    radius, lethal = _radius(f, weapons, to)
    each = damage.cookie_cutter_lethal_area_m2(radius)
    found.p_round[at] = areafire.damaged_fraction(1, each, f.target_area_m2)
    share = areafire.damaged_fraction(f.rounds, each, f.target_area_m2)
    _put(found, at, np.reshape(share, (-1, 1)))
    found.worth[at] = np.where(lethal, np.inf, _or_one(weapons.hit_weight[f.weapon]))
    _tell(found, at, lethal_area_m2=each, target_area_m2=f.target_area_m2)


def _through(f: Fire, chance: Float64) -> Float64:
    """Return the tails of what comes through the intercepts that are alert."""
    tries = np.floor(f.intercepts * f.readiness + 1e-9).astype(np.int64)
    if not tries.any():
        return binomial_tails(f.rounds, chance)
    hits = hits_distribution(f.rounds, chance, tries, f.intercept_chance)
    tails = np.cumsum(hits[:, :0:-1], axis=1)[:, ::-1]
    return np.clip(tails, 0.0, 1.0)


def mean_hits(fire: Fire, weapons: WeaponTable, raid: Int64 | None = None) -> Float64:
    """Return the mean hits of raids by Hughes's deterministic salvo, shape (n,).

    Parameters
    ----------
    fire, weapons
        Rows of missiles, and the table.
    raid
        Raid that each row belongs to (0, 1, ...): its missiles and intercepts are those of all its
        rows together, as in an exchange between forces, and its hits fall to the rows in proportion
        to what they strike with. None: each row by itself.
    """
    w = fire.weapon
    alone = salvo.Force(
        ships=1.0, offensive_power=fire.rounds, defensive_power=0.0, staying_power=1.0,
        scouting=fire.scouting, reliability=weapons.reliability[w],
        hit_probability=weapons.hit_probability[w],
    )  # fmt: skip
    strikes = salvo.striking_power(alone)
    group = np.arange(len(fire)) if raid is None else raid
    power = np.bincount(group, weights=strikes)
    alert = np.bincount(group, weights=fire.intercepts * fire.readiness)
    stopped = np.bincount(group, weights=fire.intercepts * fire.readiness * fire.intercept_chance)
    attack = salvo.Force(1.0, power, 0.0, 1.0)
    chance = np.minimum(stopped / np.maximum(alert, 1e-300), 1.0)
    defence = salvo.Force(1.0, 0.0, alert, 1.0, intercept_probability=chance)
    through = salvo.hits(attack, defence)
    share = strikes / np.maximum(power[group], 1e-300)
    found: Float64 = through[group] * share
    return found


def _radius(f: Fire, weapons: WeaponTable, to: Signatures) -> tuple[Float64, Bool]:
    """Return within what distance a round does its work, and whether that is the end.

    Armour that holds the fragments, and a ship, must be struck themselves.
    """
    pierces = np.nan_to_num(weapons.penetration_m[f.weapon], nan=np.inf)
    afloat = to.domain[f.target_type] == DOMAINS.index("surface")
    struck = afloat | (pierces < to.armour_m[f.target_type])
    # circle of the same area as the square that is seen
    body = to.size_m[f.target_type] / np.sqrt(np.pi)
    return np.where(struck, body, weapons.lethal_radius_m[f.weapon]), ~afloat


def _or_one(values: Float64) -> Float64:
    return np.where(np.isnan(values), 1.0, values)
