"""Verification: known answers of random-number generators, orders of convergence, metamorphoses.

Philox4x32-10 is the program's own (`startex.foundation.streams`). Philox4x64-10 is NumPy's bit
generator: holding it to the published vector proves that what tests draw with it is that
generator. Threefry4x32-20 is not used by the program; the few lines below stand for a second
family of the same authors, from the same file of vectors, to compare Philox with.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import published_cases
import pytest
from published_cases import hold, inputs, runners

from startex.foundation.streams import philox4x32
from startex.models import lanchester, uniformity

CASES = ["A9-01", "A9-02", "A9-03", "A9-09", "A9-12"]


def _words(text):
    return [int(word, 16) for word in text.split()]


def _text(words, digits):
    return " ".join(f"{int(word):0{digits}x}" for word in words)


def run_a9_01(i):
    assert i["generator"] == "philox4x32-10"
    counter = np.array([_words(i["counter"])], np.uint32)
    return {"output": _text(philox4x32(counter, np.array(_words(i["key"]), np.uint32))[0], 8)}


def philox4x64(counter, key):
    """Return a block of NumPy's Philox, which counts up before it draws."""
    generator = np.random.Philox()
    number = (sum(word << (64 * k) for k, word in enumerate(counter)) - 1) % 2**256
    state = generator.state
    state["state"]["counter"] = np.array(
        [(number >> (64 * k)) & (2**64 - 1) for k in range(4)], np.uint64
    )
    state["state"]["key"] = np.array(key, np.uint64)
    state["buffer_pos"] = 4
    generator.state = state
    return generator.random_raw(4)


def run_a9_02(i):
    assert i["generator"] == "philox4x64-10"
    return {"output": _text(philox4x64(_words(i["counter"]), _words(i["key"])), 16)}


ROTATIONS = [(10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20)]
PARITY = 0x1BD11BDA
"""Threefish's constants for four words of 32 bits (Salmon et al., SC11)."""


def threefry4x32(counter, key, rounds=20):
    """Return a block of Threefry4x32, in whole numbers of Python."""
    mask = 2**32 - 1
    keys = [*key, PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3]]
    x = [(word + add) & mask for word, add in zip(counter, keys, strict=False)]
    for turn in range(rounds):
        pairs = ((0, 1), (2, 3)) if turn % 2 == 0 else ((0, 3), (2, 1))
        for (a, b), bits in zip(pairs, ROTATIONS[turn % 8], strict=True):
            x[a] = (x[a] + x[b]) & mask
            x[b] = ((x[b] << bits) | (x[b] >> (32 - bits))) & mask ^ x[a]
        if turn % 4 == 3:
            step = turn // 4 + 1
            x = [(word + keys[(step + k) % 5]) & mask for k, word in enumerate(x)]
            x[3] = (x[3] + step) & mask
    return x


def run_a9_03(i):
    assert i["generator"] == "threefry4x32-20"
    return {"output": _text(threefry4x32(_words(i["counter"]), _words(i["key"])), 8)}


def _euler(rates, state, step):
    return state + step * rates(state)


def _runge_kutta(rates, state, step):
    first = rates(state)
    second = rates(state + step / 2 * first)
    third = rates(state + step / 2 * second)
    return state + step / 6 * (first + 2 * second + 2 * third + rates(state + step * third))


def _integrate(method, i, step):
    """Return X at the end, by steps of the square law."""
    zero = step * 0
    matrix = np.array([[zero, -i["a"]], [-i["b"], zero]])
    state = np.array([i["x0"], i["y0"]]) + zero
    for _ in range(round(i["T"] / step)):
        state = method(lambda now: matrix @ now, state, step)
    return state[0]


def run_a9_09(i):
    """Steps in fifty decimals: the fourth-order error is too small to halve in binary doubles."""
    with localcontext() as context:
        context.prec = 50
        exact_i = {name: Decimal(str(value)) for name, value in i.items()}
        grow = (exact_i["a"] * exact_i["b"]).sqrt() * exact_i["T"]
        cosh, sinh = ((grow.exp() + sign * (-grow).exp()) / 2 for sign in (1, -1))
        exact = exact_i["x0"] * cosh - exact_i["y0"] * (exact_i["a"] / exact_i["b"]).sqrt() * sinh
        ratio = {}
        for method in (_euler, _runge_kutta):
            errors = [
                _integrate(method, exact_i, exact_i["dt"] / halves) - exact for halves in (1, 2)
            ]
            ratio[method] = float(errors[0] / errors[1])
    model = lanchester.square_strengths(i["x0"], i["y0"], i["a"], i["b"], i["T"]).x
    assert model == pytest.approx(float(exact), rel=1e-13)
    return {
        "exact_x": model,
        "euler_x": _integrate(_euler, i, i["dt"]),
        "euler_error_ratio": ratio[_euler],
        "rk4_error_ratio": ratio[_runge_kutta],
    }


def run_a9_12(i):
    """The square law, at hundreds of starts and times at once."""
    rng = np.random.default_rng(40)
    x0, y0 = rng.uniform(1, 2000, (2, 300))
    a, b = rng.uniform(0.001, 0.2, (2, 300))
    time = rng.uniform(0, 40, 300)
    this = lanchester.square_strengths(x0, y0, a, b, time)
    swapped = lanchester.square_strengths(y0, x0, b, a, time)
    doubled = lanchester.square_strengths(2 * x0, 2 * y0, a, b, time)
    idle = lanchester.square_strengths(x0, y0, 0.0, 0.0, time)

    def same(one, two):
        return bool(np.allclose(one, two, rtol=1e-9, atol=1e-9))

    return {
        "swap_sides_swaps_results": same(this.x, swapped.y) and same(this.y, swapped.x),
        "doubling_x0_and_y0_doubles_square_law_survivors": same(2 * this.x, doubled.x)
        and same(2 * this.y, doubled.y),
        "zero_rate_means_no_losses": same(idle.x, x0) and same(idle.y, y0),
    }


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == CASES


@pytest.mark.parametrize("case", CASES)
def test_published_figure(case):
    hold(case, RUNNERS[case](inputs(case)))


@pytest.mark.parametrize("case", ["A9-01", "A9-02", "A9-03"])
def test_one_bit_of_the_counter_changes_half_the_block(case):
    """A wrong round or rotation would show: 32 of the bits' flips stay near one half each."""
    item = published_cases.CASES[case]["inputs"]
    draw, bits = {
        "A9-01": (lambda c, k: philox4x32(np.array([c], np.uint32), np.array(k, np.uint32))[0], 32),
        "A9-02": (philox4x64, 64),
        "A9-03": (threefry4x32, 32),
    }[case]
    counter, key = _words(item["counter"]["value"]), _words(item["key"]["value"])
    start = [int(word) for word in draw(counter, key)]
    changed = 0
    for bit in range(32):
        other = [counter[0] ^ (1 << bit), *counter[1:]]
        block = [int(word) for word in draw(other, key)]
        changed += sum((one ^ two).bit_count() for one, two in zip(start, block, strict=True))
    number = 32 * 4 * bits
    assert abs(changed - number / 2) < 5 * math.sqrt(number) / 2


def test_keyed_draws_are_uniform_and_do_not_follow_their_counters():
    """Of 20 streams of 5,000 draws no chance is below 1 in 10,000; pairs fill their squares."""
    from startex.foundation.streams import Stream, uniform

    draws = uniform(3, Stream.WIND, np.arange(20, dtype=np.uint64)[:, None], np.arange(5000))
    assert uniformity.ks_uniform(draws).p_value.min() > 1e-4
    cells = (draws * 10).astype(int)
    pairs = cells[:, :-1:2] * 10 + cells[:, 1::2]
    counts = np.stack([np.bincount(row, minlength=100) for row in pairs])
    assert uniformity.chi2_uniform(counts).p_value.min() > 1e-4
