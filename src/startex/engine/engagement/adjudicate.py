"""Judging rows of fire: chance, draw, hits, result; and what every figure was, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.engagement.chances import BARS, MODELS, Chances, chances
from startex.engine.engagement.fire import Fire
from startex.engine.engagement.tails import at_least, drawn
from startex.forces.armament_tables import WeaponTable
from startex.forces.signatures import Signatures
from startex.foundation.streams import Stream, uniform

Bool = npt.NDArray[np.bool_]
Int8 = npt.NDArray[np.int8]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

RESULTS: tuple[str, ...] = ("miss", "hit", "out_of_action", "target_destroyed")
"""What a row comes to; the position is the code. The last is of targets on ranges."""

MOST_HITS = 10_000_000
"""No target needs more: so a hit of no worth stays finite."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows of fire with what became of them, shape (n,).

    Attributes
    ----------
    model, bar
        Codes in `MODELS` and `BARS`.
    p_round, probability
        Chance of one round, and that the salvo hits at all (or puts out of action, with models of
        lethal radii).
    p_out
        Chance that the salvo leaves the target out of action, with the hits it had before.
    draw
        Uniform draw in [0, 1): the salvo hits where it lies below ``probability``.
    hits
        Hits that the draw makes.
    result
        Code in `RESULTS`.
    damage
        Hits taken by the target when all rows before this one, and this one, are counted, in the
        unit of ``hits_to_disable``.
    rounds
        Rounds fired: fewer than ordered where each is looked at before the next is fired.
    """

    model: Int8
    bar: Int8
    p_round: Float64
    probability: Float64
    p_out: Float64
    draw: Float64
    hits: Int64
    result: Int8
    damage: Float64
    rounds: Int64
    given: Chances


def adjudicate(
    fire: Fire,
    target: npt.ArrayLike,
    key: npt.ArrayLike,
    counter: npt.ArrayLike,
    *,
    seed: int,
    weapons: WeaponTable,
    signatures: Signatures,
    on_range: npt.ArrayLike = False,
    look: npt.ArrayLike = False,
) -> Judged:
    """Judge rows of notional fire. Nothing is changed; nobody is hurt.

    Parameters
    ----------
    fire
        The rows, in the order in which hits are counted against a target that several fire at.
    target
        Entity row of each target.
    key, counter
        Key of each shooter, and a running number of its shots: what the draw depends on.
    seed
        Of the run.
    weapons, signatures
        The tables of the catalogue.
    on_range
        Whether the target is one put up on a range: it is destroyed, not out of action.
    look
        Whether the firer looks after each round and stops when the target is out of action
        (shoot-look-shoot with a perfect look; of independent rounds alone, others fire all).
    """
    n = len(fire)
    given = chances(fire, weapons, signatures)
    counters = np.broadcast_to(np.asarray(counter), (n,))
    draw = uniform(seed, Stream.ENGAGEMENT, np.broadcast_to(np.asarray(key), (n,)), counters)
    hits = drawn(given.tails, draw)
    needed = signatures.hits[fire.target_type]
    short = hits_needed(given.worth, fire.damage, needed)
    looks = np.broadcast_to(np.asarray(look, dtype=np.bool_), (n,))
    looks = looks & (given.model == MODELS.index("independent_rounds"))
    hits = np.where(looks, np.minimum(hits, np.maximum(short, 1)), hits)
    result, damage = settle(
        np.broadcast_to(np.asarray(target), (n,)), hits, given.worth, fire.damage, needed
    )
    ranged = np.broadcast_to(np.asarray(on_range, dtype=np.bool_), (n,))
    fired, at = fire.rounds.copy(), np.flatnonzero(looks)
    fired[at] = _until(given.p_round[at], fired[at], short[at], draw[at])
    done = result == RESULTS.index("out_of_action")
    result[done & ranged] = RESULTS.index("target_destroyed")
    return Judged(
        model=given.model,
        bar=given.bar,
        p_round=given.p_round,
        probability=given.tails[:, 0].copy(),
        p_out=at_least(given.tails, short),
        draw=draw,
        hits=hits,
        result=result,
        damage=damage,
        rounds=fired,
        given=given,
    )


def hits_needed(worth: Float64, damage: Float64, needed: Float64) -> Int64:
    """Return the hits that still put targets out of action, shape (n,); 0 where they are."""
    left = np.maximum(needed - damage, 0.0)
    number = np.ceil(np.minimum(left / worth, MOST_HITS) - 1e-9)
    number = np.where(np.isinf(worth) & (left > 0), 1.0, number)
    found: Int64 = np.maximum(number, 0.0).astype(np.int64)
    return found


def settle(
    target: Int64, hits: Int64, worth: Float64, damage: Float64, needed: Float64
) -> tuple[Int8, Float64]:
    """Add up hits by target in the order of rows; return result and damage after each row.

    The row that brings a target to what it needs puts it out of action; those after it, and those
    at one that was out of action already, are hits or misses.
    """
    counted = np.isfinite(worth)
    taken = np.where(hits > 0, needed, 0.0)
    taken[counted] = hits[counted] * worth[counted]
    _, first, group = np.unique(target, return_index=True, return_inverse=True)
    order = np.argsort(group, kind="stable")
    rank = np.empty(group.size, dtype=np.int64)
    rank[order] = np.arange(group.size) - np.searchsorted(group[order], group[order])
    now = damage[first] if first.size else damage
    before, after = np.empty(group.size), np.empty(group.size)
    for turn in range(int(rank.max(initial=-1)) + 1):  # exact, whoever else is fired at
        at = np.flatnonzero(rank == turn)
        before[at] = now[group[at]]
        after[at] = before[at] + taken[at]
        now[group[at]] = after[at]
    full = needed * (1.0 - 1e-9)
    result = np.where(hits > 0, RESULTS.index("hit"), RESULTS.index("miss"))
    out = (hits > 0) & (after >= full) & (before < full)
    return np.where(out, RESULTS.index("out_of_action"), result).astype(np.int8), after


def _until(p_round: Float64, rounds: Int64, needed: Int64, draw: Float64) -> Int64:
    """Return the rounds fired until the target is out of action, by the same draw."""
    from scipy.special import betainc  # noqa: PLC0415 - slow to import

    fired = rounds.copy()
    most = int(rounds.max(initial=0))
    for number in range(most - 1, 0, -1):  # few: magazines of missiles
        k = np.maximum(needed, 1)
        done = betainc(k, np.maximum(number - k + 1.0, 1.0), p_round)
        fired[(number < fired) & (k <= number) & (draw < done)] = number
    return fired


def explain(fire: Fire, judged: Judged, weapons: WeaponTable, signatures: Signatures) -> list[str]:
    """Return one JSON text a row: model, inputs, modifiers, chances, with units in the keys."""
    inputs = {
        "range_m": _shorts(fire.range_m),
        "rounds": [str(rounds) for rounds in fire.rounds.tolist()],
        "target_size_m": _shorts(signatures.size_m[fire.target_type]),
        "hits_to_disable": _shorts(signatures.hits[fire.target_type]),
        "hits_before": _shorts(fire.damage),
        **{name: _shorts(values) for name, values in judged.given.inputs.items()},
    }
    shown = [
        [f',"{name}":{text}' if text != "NaN" else "" for text in texts]
        for name, texts in inputs.items()
    ]
    chances_of = [
        _shorts(column)
        for column in (judged.p_round, judged.probability, judged.p_out, judged.draw)
    ]
    weapon = {row: _dumps(weapons.id[row]) for row in np.unique(fire.weapon).tolist()}
    columns = (
        judged.model.tolist(), fire.weapon.tolist(), map("".join, zip(*shown, strict=True)),
        _plain(fire).tolist(), *chances_of, judged.hits.tolist(), _shorts(judged.damage),
        judged.result.tolist(), judged.bar.tolist(),
    )  # fmt: skip
    texts = []
    for row, of_row in enumerate(zip(*columns, strict=True)):
        model, item, given, plain, p_round, p_hit, p_out, draw, hits, after, result, bar = of_row
        modifiers = "{}" if plain else _dumps(_modifiers(fire, judged, row))
        barred = f',"barred":"{BARS[bar]}"' if bar else ""
        texts.append(
            f'{{"model":"{MODELS[model]}","weapon":{weapon[item]},"inputs":{{{given[1:]}}},'
            f'"modifiers":{modifiers},"p_round":{p_round},"p_hit":{p_hit},'
            f'"p_out_of_action":{p_out},"draw":{draw},"hits":{hits},"hits_after":{after},'
            f'"result":"{RESULTS[result]}"{barred}}}'
        )
    return texts


def _dumps(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain(fire: Fire) -> Bool:
    """Tell which rows nothing lessens the chance of; see `_modifiers`."""
    found: Bool = (
        (fire.scouting == 1.0) & (fire.readiness == 1.0) & (fire.sea_state == 0.0)
        & (fire.position_error_m == 0.0) & (fire.intercepts == 0) & ~np.isfinite(fire.visibility_m)
    )  # fmt: skip
    return found


def _modifiers(fire: Fire, judged: Judged, row: int) -> dict[str, object]:
    """Return what lessens the chance of a row, where anything does."""
    found: dict[str, object] = {}
    for name, usual in (("scouting", 1.0), ("readiness", 1.0), ("sea_state", 0.0)):
        value = getattr(fire, name)[row]
        if value != usual:
            found[name] = _short(value)
    if fire.position_error_m[row]:
        found["sigma_position_m"] = _short(fire.position_error_m[row])
    if fire.intercepts[row]:
        found["intercepts"] = int(fire.intercepts[row])
        found["intercept_chance"] = _short(fire.intercept_chance[row])
    if np.isfinite(fire.visibility_m[row]):
        found["visibility_m"] = _short(fire.visibility_m[row])
    return found


def _shorts(values: npt.NDArray[np.float64]) -> list[str]:
    """Return figures with seven significant digits, as JSON writes them."""
    figures = values.tolist()
    texts: dict[float, str] = {}  # of many rows that are alike
    for value in set(figures):
        text = f"{value:.7g}"  # as JSON writes it, but where it has no point, or an exponent
        if "." not in text or "e" in text:
            text = repr(float(text)).replace("inf", "Infinity").replace("nan", "NaN")
        texts[value] = text
    return [texts[value] if value else repr(float(value)) for value in figures]  # two zeros


def _short(value: np.float64) -> float:
    """Return a figure with seven significant digits, as JSON holds it."""
    return float(f"{value:.7g}")
