import assert from "node:assert/strict";
import { test } from "node:test";
import { Plane, RADIUS_M, View } from "../src/map/projection";

// A small generator of its own: the same examples each time.
function* draws(n: number, seed = 1): Generator<() => number> {
  let state = seed;
  const next = () => ((state = (state * 48271) % 2147483647) / 2147483647);
  for (let i = 0; i < n; i++) yield next;
}

const close = (a: number, b: number, within: number, what: string) =>
  assert.ok(Math.abs(a - b) <= within, `${what}: ${a} and ${b}`);

test("what is projected comes back", () => {
  for (const draw of draws(2000)) {
    const plane = new Plane(draw() * 170 - 85, draw() * 360 - 180);
    const lat = draw() * 178 - 89;
    const lon = draw() * 360 - 180;
    plane.project(lat, lon);
    if (Math.hypot(plane.x, plane.y) > 12 * RADIUS_M) continue; // near the opposite point nothing is drawn
    const [back, other] = plane.invert(plane.x, plane.y);
    close(back, lat, 1e-6, "latitude");
    close(Math.cos(((other - lon) * Math.PI) / 180), 1, 1e-9, "longitude");
  }
});

test("the scale is the same in all directions, and that which is told", () => {
  for (const draw of draws(500, 7)) {
    const plane = new Plane(draw() * 120 - 60, draw() * 360 - 180);
    const [lat, lon] = [draw() * 140 - 70, draw() * 360 - 180];
    plane.project(lat, lon);
    const [x, y] = [plane.x, plane.y];
    if (Math.hypot(x, y) > 3 * RADIUS_M) continue;
    const step = 1e-4;
    plane.project(lat + step, lon);
    const north = Math.hypot(plane.x - x, plane.y - y) / ((step * Math.PI * RADIUS_M) / 180);
    plane.project(lat, lon + step);
    const east = Math.hypot(plane.x - x, plane.y - y) / ((step * Math.PI * RADIUS_M * Math.cos((lat * Math.PI) / 180)) / 180);
    close(north, plane.scaleAt(x, y), 1e-4 * north, "scale to the north");
    close(east, north, 1e-4 * north, "scale to the east");
  }
});

test("north is up in the middle, and a pixel is what it says", () => {
  for (const draw of draws(300, 3)) {
    const view = new View(new Plane(45, 135));
    view.resize(1000, 700);
    const [lat, lon] = [draw() * 130 - 60, draw() * 360 - 180];
    view.look(lat, lon, 50);
    const [midLat, midLon] = view.middle;
    view.place(midLat, midLon);
    close(view.px, 500, 0.01, "middle, across");
    close(view.py, 350, 0.01, "middle, down");
    view.place(midLat + 0.01, midLon);
    close(view.px, 500, 0.05, "to the north, across");
    close(350 - view.py, (0.01 * Math.PI * RADIUS_M) / 180 / 50, 0.05, "to the north, up");
  }
});

test("zooming and moving keep what is under the hand", () => {
  for (const draw of draws(300, 5)) {
    const view = new View(new Plane(45, 135));
    view.resize(1200, 800);
    view.look(30 + draw() * 30, 110 + draw() * 60, 10 ** (1 + 2.5 * draw()));
    const [px, py] = [draw() * 1200, draw() * 800];
    const [lat, lon] = view.groundAt(px, py);
    view.zoom(0.5 + draw(), px, py);
    view.place(lat, lon);
    close(view.px, px, 1, "zoomed, across");
    close(view.py, py, 1, "zoomed, down");
  }
});

test("a canvas that is transformed draws where points are placed", () => {
  const view = new View(new Plane(45, 135));
  view.resize(900, 500);
  view.look(52, 158, 900);
  let m: number[] = [];
  view.transform({ setTransform: (...parts: number[]) => (m = parts) } as never, 2);
  view.plane.project(50, 150);
  const [x, y] = [view.plane.x / 1000, -view.plane.y / 1000];
  view.place(50, 150);
  close(m[0] * x + m[2] * y + m[4], view.px * 2, 1e-6, "across");
  close(m[1] * x + m[3] * y + m[5], view.py * 2, 1e-6, "down");
});
