"""The contingents of generated exercises that fly, jump, sail or land."""

from __future__ import annotations

from startex.testing.cell import Contingent


def airlift(made: Contingent) -> None:
    """Carried by air, confer, carried home."""
    squads = 8 + 2 * made.size
    company = made.unit(
        "", "Light Company", "far-airfield",
        [
            {"platform": "rifle-squad", "count": squads},
            {"platform": "staff-section", "persons": 4},
            {"platform": "signals-team", "persons": 4},
        ],
    )  # fmt: skip
    planes = made.unit(
        "planes", "Transport Flight", "far-airfield",
        [{"platform": "an-26", "count": 2}, {"platform": "ground-crew", "count": 2}],
        echelon="flight", symbol="120800",
    )  # fmt: skip
    there = {"from": made.cell.at("far-airfield"), "to": made.cell.at("airfield")}
    back = {"from": made.cell.at("airfield"), "to": made.cell.at("far-airfield")}
    made.serial(
        "airlift", "airfield", 1, 11, [company], phase="deployment", after=(), carriers=[planes],
        more=there,
    )  # fmt: skip
    made.serial("conference", "airfield", 12, 14, [company], phase="planning")
    made.serial(
        "withdraw", "far-airfield", 15, 27, [company], phase="withdrawal", mode="airlift",
        carriers=[planes], more=back,
    )  # fmt: skip


def drop(made: Contingent) -> None:
    """Jump, manoeuvre on foot, home in trucks."""
    squads = 5 + made.size
    airborne = made.unit(
        "", "Parachute Platoon", "airfield",
        [
            {"platform": "airborne-squad", "count": squads, "persons": 8},
            {"platform": "staff-section", "persons": 4},
        ],
        echelon="platoon", symbol="121100",
    )  # fmt: skip
    jumpers = 8 * squads + 4
    planes = made.unit(
        "planes", "Drop Flight", "airfield",
        [{"platform": "an-26", "count": 3}, {"platform": "ground-crew"}],
        echelon="flight", symbol="120800",
    )  # fmt: skip
    trucks = made.unit(
        "trucks", "Truck Platoon", "barracks",
        [{"platform": "truck-kamaz", "count": -(-jumpers // 24) + 1}],
        echelon="platoon", symbol="163600",
    )  # fmt: skip
    made.stores(
        "parachutes", "Parachutes", "airfield",
        [{"platform": "parachute-d10", "count": jumpers}],
    )  # fmt: skip
    made.serial("march", "area", 2, 6, [trucks], phase="deployment", after=(), speed_km_h=40)
    made.serial(
        "airborne_drop", "drop-zone", 4, 8, [airborne], after=(), carriers=[planes],
        drop_zone=made.cell.at("drop-zone"), altitude_m=made.draw("altitude", 6, 12) * 100,
        run_speed_kn=130,
    )  # fmt: skip
    made.serial("drill", "area", 9, 12, [airborne], moves=1)
    made.serial(
        "withdraw", "airfield", 13, 18, [airborne], after=(1, 3), support=[trucks],
        phase="withdrawal", mode="road", speed_km_h=40,
    )  # fmt: skip


def flight(made: Contingent) -> None:
    """Fly in, sorties, alert, fly home; helicopters watch."""
    jets = made.unit(
        "", "Fighter Flight", "far-airfield",
        [
            {"platform": "su-30sm", "count": 3 + made.size},
            {"platform": "ground-crew", "count": 6 + made.size},
        ],
        echelon="flight", symbol="120800",
    )  # fmt: skip
    helicopters = made.unit(
        "helicopters", "Helicopter Flight", "airfield",
        [
            {"platform": "transport-helicopter", "count": 2},
            {"platform": "ground-crew", "count": 2},
        ],
        echelon="flight", symbol="120600",
    )  # fmt: skip
    made.serial("transfer_flight", "airfield", 2, 5, [jets], phase="deployment", after=())
    made.serial(
        "sortie", "range", 6, 10, [jets], profile="strike", pairs=2, interval_min=20,
        on_station_min=made.draw("station", 20, 60),
    )  # fmt: skip
    made.serial("alert", "airfield", 11, 21, [jets], scrambles=2, on_station_min=30)
    made.serial(
        "withdraw", "far-airfield", 22, 25, [jets], phase="withdrawal", mode="air"
    )  # fmt: skip
    made.serial(
        "sortie", "area", 7, 10, [helicopters], after=(), profile="recon", on_station_min=45,
        altitude_m=400,
    )  # fmt: skip


def ships(made: Contingent) -> None:
    """To sea, one of: guard an area and replenish; meet and steam together; escort; home."""
    warships = made.unit(
        "", "Corvette Group", "port", [{"platform": "missile-ship-1234"}],
        echelon="group", symbol="30120205",
    )  # fmt: skip
    tanker = made.unit(
        "tanker", "Supply Group", "port", [{"platform": "oiler-dubna"}],
        echelon="group", symbol="30130110",
    )  # fmt: skip
    both = [warships, tanker]
    formation = ("line_ahead", "screen", "line_abreast")
    plot = made.draw("plot", 0, 2)
    if plot == 0:
        made.serial("sail", "sea", 2, 7, both, phase="deployment", after=(), speed_kn=12)
        made.serial(
            "patrol", "sea", 7.5, 13, [warships], speed_kn=10,
            pattern=("ladder", "racetrack", "barrier")[made.draw("pattern", 0, 2)],
        )  # fmt: skip
        made.serial(
            "replenish", "sea", 14, 20, both, tanker=tanker, receivers=[warships], speed_kn=8
        )  # fmt: skip
    elif plot == 1:
        made.serial(
            "rendezvous", "sea", 2, 9, [warships], after=(), speed_kn=9, more={"with": [tanker]}
        )
        made.serial(
            "form_up", "sea", 10, 16, both, speed_kn=9, spacing_m=1000,
            formation=formation[made.draw("formation", 0, 2)],
        )  # fmt: skip
    else:
        made.serial("sail", "roads", 2, 6, both, phase="deployment", after=(), speed_kn=10)
        made.serial(
            "escort", "roads", 7, 12, [warships], convoy=tanker, lane=made.cell.at("lane"),
            speed_kn=10,
        )  # fmt: skip
        made.serial("patrol", "sea", 13, 19, [warships], pattern="racetrack", speed_kn=9)
    made.serial(
        "withdraw", "port", 21, 27, both, phase="withdrawal", mode="sea", speed_kn=12
    )  # fmt: skip


def landing(made: Contingent) -> None:
    """Land in waves from a ship, against a platoon ashore; home by road, the ship by sea."""
    marines = made.unit(
        "", "Naval Infantry Company", "port",
        [
            {"platform": "btr-82a", "count": 5 + made.size},
            {"platform": "rifle-squad", "count": 5 + made.size, "persons": 7},
        ],
        symbol="121101",
    )  # fmt: skip
    ship = made.unit(
        "ship", "Landing Group", "port", [{"platform": "landing-ship-775"}],
        echelon="group", symbol="30120307",
    )  # fmt: skip
    enemy = made.unit(
        "enemy", "Beach Defence Platoon", "beach",
        [
            {"platform": "btr-82a", "count": 3},
            {"platform": "rifle-squad", "count": 3, "persons": 7},
        ],
        echelon="platoon", symbol="121101",
    )  # fmt: skip
    boat = made.unit(
        "boat", "Fire Support Ship", "port", [{"platform": "corvette-20380"}],
        echelon="group", symbol="30120204",
    )  # fmt: skip
    beach = made.cell.at("beach")
    made.serial(
        "landing", "beach", 3, 12, [marines], after=(), support=[boat], opfor=[enemy],
        ships=[ship], beach=beach, waves=made.draw("waves", 1, 3), interval_min=20,
    )  # fmt: skip
    made.serial(
        "withdraw", "port", 13, 18, [marines, enemy], phase="withdrawal", mode="road",
        speed_km_h=25,
    )  # fmt: skip
    made.serial(
        "withdraw", "port", 13, 20, [ship, boat], after=(2,), phase="withdrawal", mode="sea"
    )  # fmt: skip
