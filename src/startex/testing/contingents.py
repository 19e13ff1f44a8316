"""The contingents of generated exercises that move on land: by road, rail, over rivers."""

from __future__ import annotations

from startex.testing.cell import WHY, Contingent


def motor(made: Contingent) -> None:
    """March, occupy, live fire, parade, defence, decontamination, home by road.

    Its strength is as two sources have it.
    """
    platoons = 2 + made.size
    announced = 30 * platoons + 12
    company = made.unit(
        "", "Motor Company", "barracks",
        [
            {"platform": "command-vehicle"}, {"platform": "light-vehicle", "count": 2},
            {"platform": "truck-ural"}, {"platform": "staff-section", "persons": 4},
        ],
        persons={"figure": f"{made.id}-persons"},
        ground={"value": 4 + 3 * platoons, "assumed": WHY}, fill="mr-platoon-btr",
    )  # fmt: skip
    _count(made, announced)
    targets = made.draw("targets", 6, 12)
    raiders = made.unit(
        "raiders", "Raiders", "barracks",
        [
            {"platform": "light-vehicle"}, {"platform": "truck-kamaz"},
            {"platform": "rifle-squad", "count": 2},
        ],
        echelon="platoon",
    )  # fmt: skip
    made.stores("targets", "Targets", "range", [{"platform": "target-infantry", "count": targets}])
    both = [company, raiders]
    made.serial("march", "range", 2, 6, both, phase="deployment", after=(), speed_km_h=35)
    made.serial("occupy", "range", 6.5, 8.5, [company], formation="line")
    made.serial(
        "live_fire", "range", 9, 11.5, [company], books_range=True, targets=targets,
        target_range_m=made.draw("range", 8, 15) * 100, advance_m=300, duration_min=40,
    )  # fmt: skip
    made.serial("ceremony", "range", 12, 14, [company])
    made.serial(
        "defend", "range", 14.5, 16.5, [company], opfor=[raiders], approach_m=1500, attack_min=20,
    )  # fmt: skip
    made.serial("decontaminate", "range", 16.75, 18.5, [company], lanes=made.draw("lanes", 1, 3))
    made.serial(
        "withdraw", "barracks", 19, 24, both, phase="withdrawal", mode="road", speed_km_h=40
    )


def _count(made: Contingent, announced: int) -> None:
    """Two claims about the strength, and the figure that they are candidates for."""
    cell = made.cell
    says = {"subject": made.id, "field": "persons", "unit": "person"}
    for claim, who, kind, value, bound, rule in (
        ("announced", "host", "attributed", announced, "about", "announced_total"),
        ("counted", "observer", "fact", announced - 8, "up to", "observed"),
    ):
        made.claims.append(
            {
                "claim": f"{made.id}-{claim}", "kind": "background", "class": kind,
                "quote": f"{bound.capitalize()} {value} persons come to range {cell.label}.",
                "says": [{**says, "value": value, "bound": bound, "counting_rule": rule}],
                "said_by": who, "source": f"{who}-paper", "origin": who, "asserted": "2031-04-20",
            }
        )  # fmt: skip
    made.figures.append(
        {
            "figure": f"{made.id}-persons", "name": f"Strength of {made.id}", "unit": "person",
            "counting_rule": "announced_total",
            "candidates": [
                {"claim": f"{made.id}-{claim}", "subject": made.id, "field": "persons"}
                for claim in ("announced", "counted")
            ],
        }
    )  # fmt: skip


def rail(made: Contingent) -> None:
    """By rail, march, manoeuvre, gather, march, home by rail."""
    trucks = 4 + made.size
    company = made.unit(
        "", "Rifle Company", "depot",
        [
            {"platform": "light-vehicle"}, {"platform": "truck-kamaz", "count": trucks},
            {"platform": "fuel-truck"}, {"platform": "rifle-squad", "count": 2 * trucks},
            {"platform": "staff-section", "persons": 4},
        ],
    )  # fmt: skip
    made.stores("train", "Military Train", "depot", [{"platform": "military-train"}])
    line = [made.cell.at("railway")]
    there = {"from": made.cell.at("depot"), "to": made.cell.at("station"), "ways": line}
    back = {"from": made.cell.at("station"), "to": made.cell.at("depot"), "ways": line}
    made.serial("rail", "station", 0.5, 9, [company], phase="deployment", after=(), more=there)
    made.serial("march", "area", 9.5, 13, [company], phase="deployment", speed_km_h=30)
    made.serial("drill", "area", 13.5, 16.5, [company], moves=made.draw("moves", 1, 3))
    made.serial("assemble", "area", 17, 19, [company])
    made.serial("march", "station", 19.5, 23, [company], phase="withdrawal", speed_km_h=30)
    made.serial(
        "withdraw", "depot", 23.5, 33, [company], phase="withdrawal", mode="rail", more=back
    )  # fmt: skip


def river(made: Contingent) -> None:
    """March with ferries to a river, cross it, home by road."""
    platoons = 2 + made.size
    home = "barracks"
    company = made.unit(
        "", "Mechanised Company", home,
        [
            {"template": "mr-platoon-bmp", "count": platoons},
            {"platform": "truck-ural", "count": 2},
            {"platform": "signals-team", "persons": 4}, {"platform": "support-team"},
        ],
        symbol="121105",
    )  # fmt: skip
    ferries = made.unit(
        "ferries", "Ferry Platoon", home,
        [{"platform": "pmp-link", "count": 4}, {"platform": "bmk-boat"}],
        echelon="platoon", symbol="140700",
    )  # fmt: skip
    both = [company, ferries]
    made.serial("march", "river", 3, 7, both, phase="deployment", after=(), speed_km_h=30)
    made.serial(
        "river_crossing", "river", 8, 13, [company], support=[ferries], means="raft",
        river=made.cell.at("river"), width_m=made.draw("width", 10, 30) * 10,
    )  # fmt: skip
    made.serial(
        "withdraw", home, 15, 20, both, phase="withdrawal", mode="road", speed_km_h=30
    )  # fmt: skip


def guests(made: Contingent) -> None:
    """Crews that take over vehicles of the host, march, manoeuvre, and hand them back."""
    company = made.unit(
        "", "Guest Company", "park",
        [
            {"template": "mechanised-platoon-issued", "count": 2 + made.size},
            {"platform": "staff-section", "persons": 4},
            {"platform": "truck-ural", "count": 1 + made.size},
        ],
        symbol="121105", owner_nation=made.cell.host, vehicles_at=made.cell.at("park"),
    )  # fmt: skip
    made.serial("conference", "park", 1, 2, [company], phase="planning", after=())
    made.serial("issue", "park", 3, 6, [company], phase="deployment")
    made.serial("march", "area", 6.5, 10, [company], phase="deployment", speed_km_h=30)
    made.serial("drill", "area", 11, 14, [company], moves=made.draw("moves", 1, 3))
    made.serial("march", "park", 15, 19, [company], phase="withdrawal", speed_km_h=30)
    made.serial("return_equipment", "park", 20, 22, [company], phase="withdrawal")
