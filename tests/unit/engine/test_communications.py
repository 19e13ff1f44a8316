"""Communications: ways through the chain of command, nets and their reach, liaison, jamming."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import communications_examples as ex
from startex.engine.communications.chains import Chains
from startex.engine.communications.jamming import Area, Jam
from startex.models.horizon import line_of_sight_m

T = ex.START


def _one(net, sender, receiver, precedence="routine", kind="contact_report", **more):
    assert net.send(T, sender, receiver, kind, precedence, **more) == ("",)
    return ex.finish(net)[0]


# --- ways ------------------------------------------------------------------------------------


def test_ways_go_up_to_the_common_superior_and_down() -> None:
    net = ex.network()
    assert net.route(ex.FIRST, ex.SECOND) == (ex.FIRST, ex.BATTALION, ex.SECOND)
    assert net.route(ex.FIRST, ex.SHIP) == (
        ex.FIRST, ex.BATTALION, ex.BRIGADE, ex.RUS, ex.FLEET, ex.GROUP, ex.SHIP,
    )  # fmt: skip
    assert net.route(ex.BRIGADE, ex.FIRST) == (ex.BRIGADE, ex.BATTALION, ex.FIRST)
    assert net.route(ex.CHN_COMPANY, ex.FIRST) == (
        ex.CHN_COMPANY, ex.CHN_BATTALION, ex.CHN, ex.RUS, ex.BRIGADE, ex.BATTALION, ex.FIRST,
    )  # fmt: skip
    assert net.route(ex.KAZ, ex.KAZ) == (ex.KAZ,)


def test_ways_of_many_are_those_of_each() -> None:
    chance = np.random.default_rng(5)
    parent = np.array([-1] + [int(chance.integers(-1, row)) for row in range(1, 60)], np.int32)
    chains = Chains(parent)

    def above(unit):
        found = [unit]
        while parent[found[-1]] >= 0:
            found.append(int(parent[found[-1]]))
        return found

    a, b = chance.integers(0, 60, (2, 400))
    hops = chains.hops(a, b)
    for index in range(400):
        up, down = above(int(a[index])), above(int(b[index]))
        shared = [unit for unit in up if unit in down]
        turn = shared[0] if shared else None
        way = up[: up.index(turn) + 1] if shared else up
        way += (down[: down.index(turn)] if shared else down)[::-1]
        mine = hops.message == index
        assert [int(a[index]), *hops.end[mine]] == way
        assert list(hops.start[mine]) == way[:-1]
        for start, end, upper in zip(hops.start[mine], hops.end[mine], hops.upper[mine],
                                     strict=True):  # fmt: skip
            if upper < 0:
                assert parent[start] < 0 and parent[end] < 0
            else:
                assert {int(upper), int(parent[start]), int(parent[end])} & {int(start), int(end)}
                assert int(parent[start if upper == end else end]) == upper


def test_a_note_to_oneself_is_known_at_once() -> None:
    message = _one(ex.network(), ex.FIRST, ex.FIRST)
    assert (message.t_received, message.hops, message.nets) == (T + 1, 0, ())


# --- where the time goes -----------------------------------------------------------------------


def test_the_time_of_a_message_is_that_of_its_parts() -> None:
    figures = {("vhf-battalion", "spread"): 0, ("vhf-mast", "spread"): 0}
    message = _one(ex.network(figures), ex.FIRST, ex.BRIGADE, "priority", words=30)
    # half of a minute to draft and of three to pass on; twice a call of 12 s and 30 words
    call = 12 * np.exp(2 * 0.03)
    assert message.staff_ms == 30_000 + 90_000
    assert message.sending_ms == round((call + 30) * 1e3) + 42_000
    assert message.nets == ("vhf-battalion", "vhf-mast")
    assert (message.queue_ms, message.liaison_ms) == (0, 0)


def test_a_flash_is_sent_before_all_that_wait_but_cuts_nothing_short() -> None:
    net = ex.network({("company", "draft_s"): 0, ("vhf-battalion", "spread"): 0})
    net.send([T] * 5, ex.FIRST, ex.BATTALION, "order", "routine", key=range(5), words=100)
    assert not net.collect(T + 1_000)
    net.settle(T + 1_000)
    net.send(T + 2_000, ex.SECOND, ex.BATTALION, "contact_report", "flash", words=10)
    arrived = sorted(ex.finish(net), key=lambda message: message.t_received)
    assert [message.precedence for message in arrived] == [3, 0, 3, 3, 3, 3]
    first, flash = arrived[:2]
    assert flash.queue_ms == first.t_received - (T + 2_000)


def test_a_flash_of_the_instant_in_which_a_net_is_free_is_in_time() -> None:
    net = ex.network({("company", "draft_s"): 0, ("vhf-battalion", "spread"): 0})
    net.send([T, T], ex.FIRST, ex.BATTALION, "order", "routine", key=[0, 1])
    free = net.settle(T)
    assert len(net.collect(free)) == 1  # and the net is free in this very instant
    net.send(free, ex.SECOND, ex.BATTALION, "contact_report", "flash")
    flash, routine = sorted(ex.finish(net), key=lambda message: message.t_received)
    assert (flash.precedence, flash.queue_ms) == (0, 0)
    assert routine.queue_ms == flash.t_received - T


def test_one_need_not_come_more_often_than_messages_arrive() -> None:
    net = ex.network()
    net.send([T] * 40, ex.FIRST, ex.BRIGADE, "order", "routine", key=range(40))
    due, times = net.settle(T), 0
    while due is not None:
        net.collect(due)
        due, times = net.settle(due), times + 1
    assert net.delivered == 40
    assert times <= 2 * 40


def test_nets_of_two_headquarters_do_not_hinder_each_other() -> None:
    net = ex.network()
    net.send([T] * 20, ex.FIRST, ex.BATTALION, "order", "flash", key=range(20))
    net.send(T, ex.CHN_COMPANY, ex.CHN_BATTALION, "order", "routine")
    other = next(m for m in ex.finish(net) if m.sender == ex.CHN_COMPANY)
    assert other.queue_ms == 0


def test_lengths_that_are_not_given_are_those_of_the_kind() -> None:
    assert _one(ex.network(), ex.FIRST, ex.BATTALION, kind="order").words == 150
    assert _one(ex.network(), ex.FIRST, ex.BATTALION, kind="acknowledgement").words == 10


# --- liaison -----------------------------------------------------------------------------------


def test_nations_without_a_common_language_need_interpreters() -> None:
    figures = {("liaison", "spread"): 0}
    russian = _one(ex.network(figures), ex.KAZ, ex.RUS, words=40)
    chinese = _one(ex.network(figures), ex.CHN, ex.RUS, words=40)
    assert russian.liaison_ms == 120_000  # handing over
    assert chinese.liaison_ms == 120_000 + 60_000 + 40_000
    assert _one(ex.network(), ex.BRIGADE, ex.RUS).liaison_ms == 0


def test_a_nation_of_unknown_language_needs_interpreters() -> None:
    known = ex.network().communications
    assert known.languages("XXX") == frozenset()
    assert known.liaison("XXX", "RUS").interpret and known.liaison("XXX", "YYY").interpret
    assert not known.liaison("RUS", "RUS").interpret


def test_two_nations_may_have_figures_of_their_own() -> None:
    for pair in ("CHN-RUS", "RUS-CHN"):
        own = ex.network({(pair, "handover_s"): 7, (pair, "interpreters"): 9}).communications
        for one, other in (("RUS", "CHN"), ("CHN", "RUS")):
            found = own.liaison(one, other)
            assert (found.handover_s, found.interpreters, found.interpret_s) == (7, 9, 60)
        assert own.liaison("RUS", "MNG").handover_s == 120


def test_interpreters_are_waited_for() -> None:
    net = ex.network({("cable", "channels"): 50, ("liaison", "interpreters"): 1})
    net.send([T] * 8, ex.CHN, ex.RUS, "order", "routine", key=range(8))
    crowded = max(m.liaison_ms for m in ex.finish(net))
    net = ex.network({("cable", "channels"): 50, ("liaison", "interpreters"): 50})
    net.send([T] * 8, ex.CHN, ex.RUS, "order", "routine", key=range(8))
    assert crowded > 2 * max(m.liaison_ms for m in ex.finish(net))


# --- reach -------------------------------------------------------------------------------------


def test_the_next_net_of_the_ladder_is_taken_beyond_the_first() -> None:
    far = {"first": (44.0, 132.0, 0.0)}
    for north, net in ((0.1, "vhf-battalion"), (0.3, "vhf-mast"), (3.0, "hf-brigade"),
                       (20.0, "satellite")):  # fmt: skip
        where = ex.at(**far, battalion=(44.0 + north, 132.0, 0.0))
        message = _one(ex.network(), ex.FIRST, ex.BATTALION, where=where)
        assert message.nets == (net,)


def test_out_of_reach_is_told_and_kept() -> None:
    net = ex.network({("satellite", "range_m"): 1e6})
    where = ex.at(first=(44.0, 132.0, 0.0), battalion=(64.0, 132.0, 0.0))
    told = net.send(T, [ex.FIRST, ex.SECOND], ex.BATTALION, "order", "flash", where=where)
    assert told == ("out_of_reach", "")
    ex.finish(net)
    rows = net.columns(T + ex.HOUR)
    assert rows["result"] == ["out_of_reach", "delivered"]
    assert rows["t_received"][0] is None and rows["net"][0] is None
    assert (net.sent, net.delivered, net.refused) == (2, 1, 1)


def test_who_flies_is_heard_as_far_as_his_horizon() -> None:
    def used(alt, distance_deg):
        places = {"squadron": (44.0, 132.0, alt), "rus": (44.0 + distance_deg, 132.0, 0.0)}
        return _one(ex.network(), ex.SQUADRON, ex.RUS, where=ex.at(**places)).nets

    horizon = float(line_of_sight_m(10.0, 3_010.0))
    inside, outside = 0.97 * horizon / 111_130.0, 1.03 * horizon / 111_130.0
    assert used(3_000.0, inside) == ("air-uhf",)
    assert used(3_000.0, outside) == ("air-hf",)
    assert used(0.0, inside) == ("cable",)  # on the ground by the lines of headquarters


def test_ships_speak_by_radio_over_the_horizon_by_hf() -> None:
    net = ex.network()
    assert net.reach.afloat[[ex.GROUP, ex.SHIP]].all()
    assert not net.reach.afloat[[ex.FLEET, ex.RUS, ex.FIRST, ex.SQUADRON]].any()
    near = ex.at(ship=(42.0, 132.0, 0.0), group=(42.0, 132.2, 0.0))
    assert _one(ex.network(), ex.SHIP, ex.GROUP, where=near).nets == ("ship-link",)
    far = ex.at(ship=(42.0, 132.0, 0.0), group=(50.0, 132.2, 0.0))
    assert _one(ex.network(), ex.SHIP, ex.GROUP, where=far).nets == ("ship-hf",)


# --- jamming -----------------------------------------------------------------------------------

HERE = ex.at(first=(44.0, 132.0, 0.0), battalion=(44.1, 132.0, 0.0))
AREA = Area(44.1, 132.0, 5e3)


def test_a_silenced_net_is_passed_over_or_waited_for() -> None:
    net = ex.network()
    net.jammed("vhf_voice", AREA, T, T + ex.HOUR)
    assert _one(net, ex.FIRST, ex.BATTALION, where=HERE).nets == ("hf-brigade",)
    net = ex.network()
    net.jammed("vhf_voice", AREA, T + 1_000, T + ex.HOUR)  # after it was sent
    message = _one(net, ex.FIRST, ex.BATTALION, where=HERE)
    assert message.nets == ("vhf-battalion",)
    assert message.t_received - message.sending_ms == T + ex.HOUR
    assert message.queue_ms == ex.HOUR - message.staff_ms


def test_all_nets_silenced_is_told() -> None:
    net = ex.network()
    for kind in ("vhf_voice", "hf_voice", "satellite"):
        net.jammed(kind, AREA, T, T + ex.HOUR)
    sent = net.send(T, ex.FIRST, ex.BATTALION, "order", "flash", where=HERE)
    assert sent == ("jammed",)
    assert net.send(T + ex.HOUR, ex.FIRST, ex.BATTALION, "order", "flash", where=HERE) == ("",)


def test_a_disturbed_net_is_slower_where_it_is_received() -> None:
    plain = _one(ex.network(), ex.FIRST, ex.BATTALION, where=HERE)
    for area, factor in ((AREA, 3.0), (Area(44.0, 132.0, 5e3), 1.0), (Area(10.0, 10.0, 5e3), 1.0)):
        net = ex.network()
        net.jammed("vhf_voice", area, T, T + ex.HOUR, 3.0)
        slowed = _one(net, ex.FIRST, ex.BATTALION, where=HERE)
        assert slowed.sending_ms == round(plain.sending_ms * factor)


def test_jamming_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'vhf_voice'"):
        ex.network().jammed("vhf_voce", AREA, T, T + 1)
    with pytest.raises(ValueError, match="lasts no time"):
        Jam("cable", AREA, T, T)
    with pytest.raises(ValueError, match="must be 1 or more"):
        Jam("cable", AREA, T, T + 1, 0.5)


# --- order of use, tables ------------------------------------------------------------------------


def test_words_and_instants_that_cannot_be_are_refused() -> None:
    net = ex.network()
    with pytest.raises(ValueError, match="did you mean 'flash'"):
        net.send(T, ex.FIRST, ex.RUS, "order", "flsh")
    with pytest.raises(ValueError, match="kind of message"):
        net.send(T, ex.FIRST, ex.RUS, "gossip", "flash")
    net.settle(T)
    with pytest.raises(ValueError, match="is settled"):
        net.send(T, ex.FIRST, ex.RUS, "order", "flash")
    assert net.send(T + 1, ex.FIRST, ex.RUS, "order", "flash") == ("",)


def test_rows_are_given_once_and_by_the_time_of_receipt() -> None:
    net = ex.network()
    net.send(T, ex.FIRST, ex.BATTALION, "order", "flash", about=7, serial=1, cause=3)
    net.send(T, ex.CHN_COMPANY, ex.FIRST, "order", "routine")
    due = net.settle(T)
    assert [m.t_received for m in net.collect(due)] == [due]
    assert net.columns(due - 1)["message"] == []
    rows = net.columns(due)
    assert (rows["about"], rows["serial"], rows["cause"]) == ([7], ["S2"], [3])
    assert rows["kind"] == ["order"] and rows["precedence"] == ["flash"]
    assert net.columns(due)["message"] == []
    waiting = net.under_way()
    assert waiting["result"] == ["under_way"] and waiting["t_received"] == [None]
    assert waiting["about"] == [None]


def test_the_rows_fit_the_table_of_the_store() -> None:
    from startex.recording import tables

    net = ex.network()
    net.send([T, T + 1], [ex.FIRST, ex.CHN], ex.SHIP, "order", "flash", about=[2, -1])
    ex.finish(net)
    rows = net.columns(T + ex.HOUR * 100)
    declared = tables.declared()["messages"]
    assert list(rows) == [column.name for column in declared]
    for column in declared:
        assert column.nullable or None not in rows[column.name]


def test_the_python_of_the_page_runs_and_prints_what_it_says(capsys) -> None:
    page = Path(__file__).parents[3] / "docs" / "communications.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), space)  # the page is ours
    said = re.findall(r"print\(.*\)  # (.*)", "\n".join(blocks))
    assert len(said) == 3
    printed = capsys.readouterr().out
    for words in said:
        assert words in printed
