import assert from "node:assert/strict";
import { test } from "node:test";
import { inverse } from "../src/map/overlays";
import { Plane, View, middleOf } from "../src/map/projection";

test("a pixel is as long as it says in the middle, and rings where they stand", () => {
  for (const [lat, lon] of [[44, 135], [60, 170], [51, 0], [89.8, 20]]) {
    const view = new View(new Plane(45, 150));
    view.look(lat, lon, 100);
    const { metres } = inverse(view.groundAt(350, 300), view.groundAt(450, 300));
    assert.ok(Math.abs(metres / 10_000 - 1) < 0.006, `${lat} ${lon}: ${metres}`);
    view.place(lat - 0.3, lon);
    const ring = view.pixelsHere(10_000);
    const there = inverse(view.groundAt(view.px, view.py), view.groundAt(view.px + ring, view.py)).metres;
    assert.ok(Math.abs(there / 10_000 - 1) < 0.006, `${lat} ${lon}: ${there}`);
  }
});

test("who is followed stays in the middle without a new picture each frame", () => {
  const view = new View(new Plane(45, 150));
  view.look(44, 140, 100);
  const { version } = view;
  view.follow(44, 140);
  assert.equal(view.version, version);
  view.follow(44.1, 140);
  view.place(44.1, 140);
  assert.ok(Math.hypot(view.px - view.width / 2, view.py - view.height / 2) < 0.01);
});

test("the middle of points on both sides of the date line lies on it", () => {
  const [lat, lon] = middleOf([[10, 179], [10, -179]]);
  assert.ok(Math.abs(Math.abs(lon) - 180) < 1e-9 && Math.abs(lat - 10) < 0.01);
});
