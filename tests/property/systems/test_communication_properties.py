"""What holds for any traffic: nothing is lost unseen, the order of calls means nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import communications_examples as ex
from startex.engine.communications.jamming import Area
from startex.forces.communications_figures import MESSAGE_KINDS, PRECEDENCES

UNITS = len(ex.FORCE.units.id)
PLACES = ex.at(
    first=(44.0, 132.0, 0.0),
    second=(44.05, 132.0, 0.0),
    battalion=(44.1, 132.0, 0.0),
    ship=(42.0, 132.0, 0.0),
    group=(42.5, 132.5, 0.0),
    squadron=(44.0, 132.0, 8e3),
    chn_company=(10.0, -60.0, 0.0),  # farther from its battalion than any of their nets reaches
    chn_battalion=(-20.0, 130.0, 0.0),
)

traffic = st.lists(
    st.fixed_dictionaries(
        {
            "t_ms": st.integers(0, 20).map(lambda minute: ex.START + minute * ex.MINUTE),
            "sender": st.integers(0, UNITS - 1),
            "receiver": st.integers(0, UNITS - 1),
            "kind": st.sampled_from(MESSAGE_KINDS),
            "precedence": st.sampled_from(PRECEDENCES),
            "words": st.integers(0, 200),
            "key": st.integers(0, 3),
            "about": st.integers(-1, 50),
        }
    ),
    min_size=1,
    max_size=25,
)
jammers = st.lists(
    st.tuples(
        st.sampled_from(["vhf_voice", "uhf_voice", "cable", "hf_data"]),
        st.integers(0, 30),
        st.integers(1, 60),
        st.sampled_from([1.5, 4.0, float("inf")]),
    ),
    max_size=2,
)


def _network(jams: list[tuple[str, int, int, float]], shift: int = 0) -> Any:
    net = ex.network()
    for kind, begin, lasts, factor in jams:
        t0 = ex.START + shift + begin * ex.MINUTE
        net.jammed(kind, Area(44.0, 132.0, 300e3), t0, t0 + lasts * ex.MINUTE, factor)
    return net


def _rows(net: Any) -> dict[str, list[Any]]:
    ex.finish(net)
    return net.columns(10 * ex.START)


@given(traffic, jammers)
@settings(max_examples=60, deadline=None)
def test_every_message_is_delivered_under_way_or_refused_with_a_reason(sent, jams) -> None:
    net = _network(jams)
    for one in sent:
        net.send(**one, where=PLACES)
    met, t = 0, ex.START
    while net.sent < len(sent) or t < ex.START + 40 * ex.MINUTE:
        met += len(net.collect(t))
        assert net.delivered == met
        assert net.sent == net.delivered + net.refused + len(net.under_way()["message"])
        t += 7 * ex.MINUTE
    rows = _rows(net)
    assert rows["message"] == list(range(len(sent)))
    for i, result in enumerate(rows["result"]):
        assert result in ("delivered", "out_of_reach", "jammed")
        parts = sum(rows[f"{part}_ms"][i] for part in ("staff", "sending", "queue", "liaison"))
        if result == "delivered":
            assert rows["t_received"][i] - rows["t_sent"][i] == parts > 0
        else:
            assert rows["t_received"][i] is None and parts == 0
    assert not net.under_way()["message"]
    assert net.settle(20 * ex.START) is None


@given(traffic, jammers, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_calls_means_nothing(sent, jams, chance) -> None:
    first, second = _network(jams), _network(jams)
    for one in sent:
        first.send(**one, where=PLACES)
    chance.shuffle(sent)
    for one in sent:
        second.send(**one, where=PLACES)
    assert _rows(first) == _rows(second)


@given(traffic, jammers)
@settings(max_examples=60, deadline=None)
def test_instant_by_instant_comes_to_the_same_as_all_at_once(sent, jams) -> None:
    whole, parts = _network(jams), _network(jams)
    for one in sent:
        whole.send(**one, where=PLACES)
    sent.sort(key=lambda one: one["t_ms"])
    t, found, due = ex.START, [], None
    while sent or due is not None:
        times = [*([sent[0]["t_ms"]] if sent else []), *([] if due is None else [due])]
        t = min(times)
        arrived = parts.collect(t)
        # nothing comes later than it was told for, nor before
        assert all(message.t_received == t for message in arrived)
        found += arrived
        while sent and sent[0]["t_ms"] == t:
            parts.send(**sent.pop(0), where=PLACES)
        due = parts.settle(t)
        assert due is None or due > t
    assert _rows(whole) == parts.columns(10 * ex.START)
    assert len(found) == whole.delivered


@given(traffic, jammers, st.integers(-400, 400))
@settings(max_examples=40, deadline=None)
def test_at_another_time_everything_goes_the_same(sent, jams, days) -> None:
    shift = days * 24 * ex.HOUR
    now, then = _network(jams), _network(jams, shift)
    for one in sent:
        now.send(**one, where=PLACES)
        then.send(**{**one, "t_ms": one["t_ms"] + shift}, where=PLACES)
    here, there = _rows(now), _rows(then)
    for name in ("t_sent", "t_received"):
        there[name] = [None if t is None else t - shift for t in there[name]]
    assert here == there


@given(traffic, st.integers(1, 10))
@settings(max_examples=40, deadline=None)
def test_others_traffic_changes_waiting_but_no_draw(sent, extra) -> None:
    alone, busy = ex.network(), ex.network()
    for one in sent:
        one["key"] = 1
        alone.send(**one)
        busy.send(**one)
    senders = {one["sender"] for one in sent}
    other = next((unit for unit in range(UNITS) if unit not in senders), None)
    if other is None:
        return
    busy.send([ex.START] * extra, other, ex.RUS, "order", "flash", key=0)
    mine = [m for m in ex.finish(busy) if m.sender != other]
    for one, same in zip(ex.finish(alone), mine, strict=True):
        assert (one.sending_ms, one.staff_ms) == (same.sending_ms, same.staff_ms)
