import assert from "node:assert/strict";
import { test } from "node:test";
import { subsolar } from "../src/map/basemap";

/** Instant, longitude, latitude where `startex.environment` has the sun within 0.01 degree of the zenith. */
const ZENITH: [number, number, number][] = [
  [Date.UTC(2022, 8, 2, 3), 134.956, 7.953],
  [Date.UTC(2024, 1, 29, 23, 59), -176.67, -7.481],
  [Date.UTC(2030, 5, 21, 12), 0.46, 23.435],
  [Date.UTC(2010, 11, 21, 6, 30), 81.985, -23.436],
];

test("night lies opposite to where the sun is in the zenith", () => {
  for (const [t, lon, lat] of ZENITH) {
    const found = subsolar(t);
    assert.ok(Math.abs(((found.longitude - lon + 540) % 360) - 180) < 0.02);
    assert.ok(Math.abs(found.latitude - lat) < 0.02);
  }
});
