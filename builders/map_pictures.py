"""Makes the pictures of the map in the documentation from a run of Vostok-2022.

Usage: python builders/map_pictures.py runs/vostok-2022
"""

from __future__ import annotations

import sys
from pathlib import Path

from startex.foundation.clock import parse_time
from startex.view.pictures import Shot, photograph

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOTS = {
    "map-theatre.png": Shot(
        "at=46.2,136.8,2900&list=serials&show=serial:sea-escort",
        begin=parse_time("2022-09-02T11:00+10:00"), width=1440, height=900,
    ),
    "map-range.png": Shot(
        "at=44.405,131.575,14&show=unit:rus-5caa-mr1",
        begin=parse_time("2022-09-06T13:20+10:00"), width=1440, height=900,
    ),
    "map-sides.png": Shot(
        "at=41.9,136.0,330&sides=truth,training",
        begin=parse_time("2022-09-02T10:30+10:00"), width=1440, height=760,
    ),
    "map-claim.png": Shot(
        "at=46.2,136.8,2900&list=figures&show=claim:S000-15&theme=dark",
        begin=parse_time("2022-09-05T20:00+10:00"), width=1440, height=900,
    ),
    "map.gif": Shot(
        "only=map&at=46.2,134.5,3600",
        begin=parse_time("2022-08-30T06:00+10:00"), until=parse_time("2022-09-07T18:00+10:00"),
        frames=48, width=900, height=560,
    ),
}  # fmt: skip


def main(run: str) -> None:
    for name, shot in SHOTS.items():
        size = photograph(Path(run), PICTURES / name, shot)
        print(f"{name}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
