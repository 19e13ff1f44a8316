"""Each answer is what SQL, or `startex.Run`, says of the same run."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import numpy as np
import pytest

from startex.recording.causation import parsed
from startex.review.measures import measure
from startex.view.app import STATIC, SURFACE
from startex.view.finding import KINDS


def _rows(run, query, *values):
    return run.sql(query, list(values)).to_pylist()


def _middle(run) -> int:
    header = run.manifest.header
    return (header.sim_start + header.sim_end) // 2


def test_the_run(ask_made, made) -> None:
    found = ask_made.api("/run").json
    header = made.manifest.header
    assert (found["sim_start"], found["sim_end"]) == (header.sim_start, header.sim_end)
    assert found["digest"] == made.manifest.digest
    assert found["counts"] == dict(made.manifest.counts)
    legs = _rows(made, "select count(*) n, min(t0) a, max(t0) b, max(t1) c from legs")[0]
    parts = found["segments"]
    assert sum(part["legs"] for part in parts) == legs["n"] > 0
    assert min(part["begin"] for part in parts) == legs["a"]
    assert max(part["last_start"] for part in parts) == legs["b"]
    assert max(part["end"] for part in parts) == legs["c"]
    kinds = _rows(made, "select distinct kind from events order by kind")
    assert found["event_kinds"] == [row["kind"] for row in kinds]
    assert str(made.folder.parent) not in json.dumps(found)


@pytest.mark.parametrize("which", ["made", "claimed"])
def test_units_serials_and_claims(which, request) -> None:
    run, ask = request.getfixturevalue(which), request.getfixturevalue(f"ask_{which}")
    units = ask.api("/units").json["units"]
    stored = _rows(run, "select * from units order by unit")
    for found, row in zip(units, stored, strict=True):
        claims = (row.pop("claim") or "").replace(",", " ").split()
        assert found == {**row, "claims": claims}
    serials = ask.api("/serials").json["serials"]
    stored = _rows(run, "select serial, planned_start, units from serials order by 2, 1")
    assert [s["serial"] for s in serials] == [row["serial"] for row in stored]
    assert [";".join(s["units"]) for s in serials] == [row["units"] or "" for row in stored]
    claims = ask.api("/claims").json["claims"]
    stored = _rows(run, "select claim, quote, used from claims")
    assert [(c["claim"], c["quote"], c["used"]) for c in claims] == [
        (row["claim"], row["quote"], row["used"]) for row in stored
    ]


def test_nations(ask_made, made) -> None:
    stored = _rows(
        made, "select nation, kind, counted, count(*) n from entities group by all order by all"
    )
    found = ask_made.api("/nations").json["nations"]
    listed = [
        {"nation": nation["nation"], "kind": kind, "counted": counted, "n": number}
        for nation in found
        for counted, name in ((False, "not_counted"), (True, "counted"))
        for kind, number in nation[name].items()
    ]
    key = lambda row: (row["nation"], row["kind"], row["counted"])  # noqa: E731
    assert sorted(listed, key=key) == sorted(stored, key=key)


@pytest.mark.parametrize("which", ["made", "claimed"])
@pytest.mark.parametrize(("table", "key", "shape"), [("places", "place", "polygon"),
                                                     ("ways", "way", "line")])  # fmt: skip
def test_places_and_ways(which, table, key, shape, request) -> None:
    run, ask = request.getfixturevalue(which), request.getfixturevalue(f"ask_{which}")
    found = ask.api(f"/{table}").json
    assert found["type"] == "FeatureCollection"
    for feature, row in zip(found["features"], _rows(run, f"select * from {table}"), strict=True):
        assert feature["id"] == row[key]
        assert feature["properties"]["name"] == row["name"]
        if row[shape]:
            assert feature["geometry"] == json.loads(row[shape])
        else:
            assert feature["geometry"]["coordinates"] == [row["lon"], row["lat"]]


@pytest.mark.parametrize("which", ["made", "claimed"])
def test_entities(which, request) -> None:
    run, ask = request.getfixturevalue(which), request.getfixturevalue(f"ask_{which}")
    header, found = ask.api("/entities").columns
    stored = _rows(run, "select * from entities order by entity")
    assert header["rows"] == len(stored)
    for name in ("unit", "kind", "type", "role", "nation", "owner_nation", "side", "sidc", "name"):
        assert list(found[name]) == [row[name] for row in stored], name
    assert found["counted"].astype(bool).tolist() == [row["counted"] for row in stored]


@pytest.mark.parametrize("share", [0.0, 0.21, 0.5, 0.83, 1.0])
@pytest.mark.parametrize("which", ["made", "played"])
def test_positions(which, share, request) -> None:
    run, ask = request.getfixturevalue(which), request.getfixturevalue(f"ask_{which}")
    header = run.manifest.header
    t = round(header.sim_start + share * (header.sim_end - header.sim_start))
    head, found = ask.api(f"/positions?t={t}").columns
    wanted = run.positions(t)
    assert (head["t"], head["rows"]) == (t, len(wanted))
    for name in ("lat", "lon", "alt"):
        stored = np.array(wanted[name].to_pylist(), np.float64).astype(np.float32)
        assert np.allclose(found[name], stored, rtol=0, atol=2e-5, equal_nan=True), name
    for name in ("mode", "status"):
        assert found[name] == wanted[name].to_pylist()
    for name in ("aboard", "carrier"):
        assert found[name].tolist() == wanted[name].fill_null(-1).to_pylist()


def test_times_may_be_written_in_every_way(ask_made, made) -> None:
    t = made.manifest.header.sim_start + 3_600_000
    bodies = {
        ask_made.api(f"/positions?t={text}").body
        for text in (t, "2031-05-01T01:00Z", "2031-05-01T11:00%2B10:00", "2031-05-01T11:00+10:00")
    }
    assert len(bodies) == 1


def test_legs_of_all_segments_are_all_legs(ask_made, made) -> None:
    segments = ask_made.api("/run").json["segments"]
    assert len(segments) > 1
    rows = []
    for part in segments:
        head, found = ask_made.api(f"/legs?segment={part['segment']}").columns
        assert head["rows"] == part["legs"]
        rows += zip(*(list(values) for values in found.values()), strict=True)
    wanted = _rows(made, "select * from legs")
    assert len(rows) == len(wanted)
    key = lambda row: (row[0], row[1])  # noqa: E731
    for got, row in zip(
        sorted(rows, key=key), sorted(map(list, (r.values() for r in wanted)), key=key), strict=True
    ):
        assert list(got[:3]) == row[:3] and got[9] == row[9]
        assert np.array(got[3:9], np.float32).tolist() == np.array(row[3:9], np.float32).tolist()


def test_a_client_can_interpolate_by_itself(ask_made, made) -> None:
    legs: dict[int, list] = {}
    for part in ask_made.api("/run").json["segments"]:
        found = ask_made.api(f"/legs?segment={part['segment']}").columns[1]
        for row in zip(*(list(values) for values in found.values()), strict=True):
            legs.setdefault(int(row[0]), []).append(row)
    riders = set(ask_made.api("/rides").columns[1]["entity"].tolist())
    t = _middle(made)
    checked = 0
    for share in (-0.3, -0.2, -0.1, 0.0, 0.1):
        at = round(t + share * (made.manifest.header.sim_end - made.manifest.header.sim_start))
        found = ask_made.api(f"/positions?t={at}").columns[1]
        for entity, rows in legs.items():
            begun = [row for row in rows if row[1] <= at]
            if entity in riders or not begun:
                continue
            _, t0, t1, lat0, lon0, _, lat1, lon1, *_ = max(begun, key=lambda row: row[1])
            part = min((at - t0) / (t1 - t0), 1.0)
            assert abs(lat0 + part * (lat1 - lat0) - found["lat"][entity]) < 2e-5
            assert abs(lon0 + part * (lon1 - lon0) - found["lon"][entity]) < 3e-5
            checked += 1
    assert checked > 50


def test_rides(ask_made, made) -> None:
    # Begins when somebody alights, who is aboard no longer; ends when somebody boards, who is.
    begin = _rows(made, "select t1 from carriers where t1 is not null order by t1")[10]["t1"]
    end = _rows(made, "select min(t0) t from carriers where t0 > ?", begin + 600_000)[0]["t"]
    found = ask_made.api(f"/rides?from={begin}&to={end}").columns[1]
    wanted = _rows(
        made,
        "select * from carriers where t0 <= ? and (t1 is null or t1 > ?) order by entity, t0",
        end, begin,
    )  # fmt: skip
    order = np.lexsort((found["t0"], found["entity"]))
    assert len(wanted) > 10
    for at, row in zip(order, wanted, strict=True):
        assert [found[n][at] for n in ("entity", "carrier", "slot", "t0")] == [
            row[n] for n in ("entity", "carrier", "slot", "t0")
        ]
        assert (np.isnan(found["t1"][at]) and row["t1"] is None) or found["t1"][at] == row["t1"]


def test_events_page_by_page(ask_played, played) -> None:
    times = [row["t"] for row in _rows(played, "select t from events order by t")]
    begin, end = times[len(times) // 4], times[len(times) * 3 // 4]  # both ends belong to it
    wanted = _rows(
        played, "select * from events where t >= ? and t <= ? order by t, event", begin, end
    )
    for row in wanted:
        row["data"] = parsed(row["data"])
    target, rows, pages = f"/api/v1/events?from={begin}&to={end}&limit=7", [], 0
    while target:
        page = ask_played.get(target).json
        assert page["total"] == len(wanted) and page["offset"] == len(rows)
        rows += page["events"]
        target, pages = page["next"], pages + 1
    assert rows == wanted and pages == -(-len(wanted) // 7) > 2


def test_events_of_a_kind_and_a_serial(ask_played, played) -> None:
    for kind in ask_played.api("/run").json["event_kinds"]:
        found = ask_played.api(f"/events?kind={kind}&serial=hunt&limit=1000").json["events"]
        wanted = _rows(
            played,
            "select event from events where kind = ? and serial = 'hunt' order by t, event",
            kind,
        )
        assert [event["event"] for event in found] == [row["event"] for row in wanted]
    assert ask_played.api("/events?kind=detectd").status == 400


def test_events_of_each_serial(ask_made, made) -> None:
    counts = _rows(
        made, "select serial, count(*) n from events where serial is not null group by 1"
    )
    assert len(counts) > 3
    for row in counts:
        assert ask_made.api(f"/events?serial={row['serial']}").json["total"] == row["n"]


def test_why(ask_played, played) -> None:
    outcomes = played.outcomes().to_pylist()
    assert outcomes
    for event in [row["event"] for row in outcomes[:3]] + [0]:
        wanted = played.why(event).to_pylist()
        found = ask_played.api(f"/events/{event}/why").json["chain"]
        assert [{**step, "data": None} for step in found] == [
            {**step, "data": None} for step in wanted
        ]
        assert [step["data"] for step in found] == [json.loads(step["data"]) for step in wanted]
    found = ask_played.api("/serials/hunt/why").json
    assert [s["text"] for s in found["chain"]] == played.why(serial="hunt")["text"].to_pylist()
    assert found["outcomes"] == played.outcomes("hunt").to_pylist()
    assert ask_played.api("/events/999999/why").status == 404
    assert "did you mean 'hunt'" in ask_played.api("/serials/hunnt/why").json["detail"]


def test_the_picture_of_a_side(ask_played, played) -> None:
    known = 0
    for share in range(1, 8):
        header = played.manifest.header
        t = header.sim_start + share * (header.sim_end - header.sim_start) // 8
        for side in ("training", "opposing"):
            wanted = played.picture(t, opposing=side == "opposing").to_pylist()
            assert ask_played.api(f"/picture?t={t}&side={side}").json["targets"] == wanted
            known += len(wanted)
    assert known > 5


def test_search_finds_by_name_and_id_best_first(ask_made, made) -> None:
    for table, key, kind in (("units", "id", "unit"), ("places", "place", "place"),
                             ("serials", "serial", "serial")):  # fmt: skip
        for row in _rows(made, f"select {key} as id, name from {table}"):
            for text in (row["id"], row["name"], row["name"].upper()):
                best = ask_made.api(f"/search?q={quote(text)}&kind={kind}&limit=100").json
                first = [r["id"] for r in best["results"] if r["rank"] == 0]
                assert row["id"] in first
    found = ask_made.api("/search?q=RiFlE&kind=entity&limit=5").json
    count = _rows(made, "select count(*) n from entities where lower(name) like '%rifle%'")
    assert found["found"] == count[0]["n"] > 5 == len(found["results"])
    for text in ("c", "r", "air", "c0"):
        found = ask_made.api(f"/search?q={text}&limit=100").json["results"]
        order = [(r["rank"], KINDS.index(r["kind"]), r["name"]) for r in found]
        assert len({rank for rank, *_ in order}) > 1 and order == sorted(order)
    assert ask_made.api("/search?q=%25").json["results"] == []  # no wildcard


def test_search_finds_claims_by_what_they_say(ask_claimed, claimed) -> None:
    for row in _rows(claimed, "select claim, quote from claims where quote is not null"):
        word = max(row["quote"].split(), key=len).strip("“”.,")
        found = ask_claimed.api(f"/search?q={quote(word)}&kind=claim").json["results"]
        assert row["claim"] in [result["id"] for result in found]


def test_cards_of_entities(ask_made, made) -> None:
    t = _middle(made)
    riding = 0
    for row in _rows(made, "select * from entities order by entity")[::17]:
        card = ask_made.api(f"/card/entity/{row['entity']}?t={t}").json
        assert card == ask_made.api(f"/card/entity/{quote(row['name'], safe='')}?t={t}").json or (
            "/" in row["name"]  # such a name is no part of a path: the row is
        )
        where = made.where(row["entity"], t)
        assert card["entity"]["name"] == row["name"] and card["where"]["text"] == where.text
        assert [link["entity"] for link in card["where"]["chain"]] == [
            link.entity for link in where.chain
        ]
        aboard = _rows(
            made,
            "select entity from carriers where carrier = ? and t0 <= ? and (t1 is null or t1 > ?) "
            "order by entity",
            row["entity"], t, t,
        )  # fmt: skip
        assert card["aboard"]["count"] == len(aboard)
        assert [a["entity"] for a in card["aboard"]["first"]] == [a["entity"] for a in aboard]
        riding += len(aboard)
    assert riding
    assert ask_made.api("/card/entity/nobody").status == 404


def test_cards_of_units_tell_orders_and_supply(ask_made, made) -> None:
    ordered = supplied = 0
    begun = _rows(made, "select t_start t from orders where t_start is not null order by t")
    for t in (begun[len(begun) // 2]["t"], made.manifest.header.sim_end):
        for unit in _rows(made, "select * from units"):
            card = ask_made.api(f"/card/unit/{unit['id']}?t={t}").json
            above = [unit["unit"], *(u["unit"] for u in card["above"])]
            orders = _rows(
                made,
                'select "order" from orders where list_contains(?, unit) and t_start <= ? '
                'and (t_end is null or t_end > ?) order by "order"',
                above, t, t,
            )  # fmt: skip
            assert sorted(o["order"] for o in card["orders"]["first"]) == [
                o["order"] for o in orders
            ]
            ordered += len(orders)
            accounts = _rows(
                made,
                "select * from supply where unit = ? and t <= ? "
                "qualify t = max(t) over (partition by item, holding) order by item, holding",
                unit["unit"], t,
            )  # fmt: skip
            if accounts:
                assert card["supply"] == {"unit": unit["unit"], "accounts": accounts}
                supplied += 1
            assert card["where"]["text"] == made.where(unit["id"], t).text
    assert ordered and supplied


def test_cards_of_places_and_serials(ask_claimed, claimed) -> None:
    for place in _rows(claimed, "select place from places"):
        card = ask_claimed.api(f"/card/place/{place['place']}").json
        wanted = _rows(claimed, "select serial from serials where place = ?", place["place"])
        assert [s["serial"] for s in card["serials"]["first"]] == [s["serial"] for s in wanted]
    for serial in _rows(claimed, "select serial, name from serials"):
        card = ask_claimed.api(f"/card/serial/{serial['serial']}").json
        assert card["serial"]["name"] == serial["name"]
        wanted = _rows(claimed, "select count(*) n from orders where serial = ?", serial["serial"])
        assert card["orders"]["count"] == wanted[0]["n"]


def test_a_claim_stands_beside_those_who_contradict_it(ask_claimed, claimed) -> None:
    conflict = _rows(claimed, "select * from conflicts")[0]
    sides = conflict["claims"].replace(" ", "").split(",")
    for claim in sides:
        found = ask_claimed.api(f"/claims/{claim}").json
        row = _rows(claimed, "select * from claims where claim = ?", claim)[0]
        assert found["quote"] == row["quote"]
        title = _rows(claimed, "select title from sources where source = ?", row["source"])
        assert found["source"]["title"] == title[0]["title"]
        others = [other["claim"] for other in found["conflicts"][0]["claims"]]
        assert others == [side for side in sides if side != claim]
    assert ask_claimed.api("/claims/nobody-said-so").status == 404


def test_figures_are_those_of_the_review(ask_claimed, claimed) -> None:
    wanted = [figure.to_json() for figure in measure(claimed.folder).book]
    assert ask_claimed.api("/figures").json["figures"] == wanted


def test_the_map_loads_its_own_files_alone(ask_claimed) -> None:
    answer = ask_claimed.get("/")
    page = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert "Small &amp; neat" in page
    assert "http:" not in page and "https:" not in page and "style=" not in page
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address == "data:," or ask_claimed.get(address).status == 200


def test_every_file_of_the_page_is_there(ask_claimed) -> None:
    for name in (*STATIC, *SURFACE):
        answer = ask_claimed.get(f"/static/{name}")
        assert answer.status == 200 and len(answer.body) > 100
    assert ask_claimed.get("/static/map.html.j2").status == 404


def test_the_page_about_the_api_tells_facts_and_loads_nothing_from_elsewhere(
    ask_claimed, claimed
) -> None:
    answer = ask_claimed.get("/api")
    page = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert "Small &amp; neat" in page and claimed.manifest.digest in page
    assert "http:" not in page and "https:" not in page and "style=" not in page
    assert "<script" not in page
    assert ask_claimed.get("/static/view.css").status == 200


def test_entities_by_column(ask_made) -> None:
    _, whole = ask_made.api("/entities").columns
    header, chosen = ask_made.api("/entities?columns=kind,unit,kind").columns
    assert [column["name"] for column in header["columns"]] == ["kind", "unit"]
    assert list(chosen["kind"]) == list(whole["kind"])
    refused = ask_made.api("/entities?columns=kind,colour")
    assert refused.status == 400 and "'colour'" in refused.json["detail"]


def test_orders_and_supply(ask_made, made) -> None:
    wanted = _rows(
        made, 'select "order", t_start from orders where t_start is not null order by 2, 1'
    )
    found = ask_made.api("/orders").json["orders"]
    assert [(row["order"], row["t_start"]) for row in found] == [
        (row["order"], row["t_start"]) for row in wanted
    ]
    _, columns = ask_made.api("/supply").columns
    rows = made.table("supply").to_pylist()
    assert len(rows) == len(columns["t"]) > 0
    for name in ("unit", "item", "holding", "measure", "t", "on_hand", "consumed"):
        assert list(columns[name]) == [row[name] for row in rows]


def test_types_tell_what_they_carry_and_where_the_range_comes_from(ask_made, made) -> None:
    found = {row["type"]: row for row in ask_made.api("/types").json["types"]}
    assert len(found) == len(made.table("catalogue"))
    carried = made.table("armament").to_pylist()
    assert sum(len(row["carries"]) for row in found.values()) == len(carried) > 100
    for row in carried:
        assert row["source"] or row["assumed"]
        assert row["what"] == "weapon" or row["rounds"] == 0
    gun = next(c for c in found["2s19"]["carries"] if c["item"] == "2a64")
    assert gun["what"] == "weapon" and gun["range_m"] == 24_700


def test_instants_outside_the_run_are_told_with_its_bounds(ask_made, made) -> None:
    header = made.manifest.header
    for t in (header.sim_start - 1, header.sim_end + 1, -(10**15), 9 * 10**15, 10**16 - 1):
        for target in (f"/positions?t={t}", f"/rides?from={t}", f"/card/entity/0?t={t}"):
            answer = ask_made.api(target)
            assert answer.status == 400
            assert str(header.sim_start) in answer.json["detail"]
